import type { DurationStats } from '../../api/request-reader.js';
import { number } from '../rows/request-row.js';
import type { SqlRow } from './reader-pool.js';

/**
 * Quantiles of a column of milliseconds, exact and linearly interpolated, in nanoseconds: the engine sorts integers in half the
 * time of doubles. See {@link quantileMs}.
 */
export function quantileColumn(column: string, quantiles: readonly number[]): string {
  // A sender may state more milliseconds than 64 bits hold nanoseconds (292 years): such a value is no quantile.
  // Asked first, since a cast that may fail takes twice the time of one that may not.
  const ns = `CASE WHEN abs(${column}) < 9223372036854 THEN (${column} * 1e6)::BIGINT END`;
  return `quantile_cont(${ns}, [${quantiles.join(', ')}])`;
}

/** The n-th quantile of {@link quantileColumn} in milliseconds; `undefined` where there was no value. */
export function quantileMs(value: SqlRow[number] | undefined, n: number): number | undefined {
  const list = value as { readonly items: readonly unknown[] } | null | undefined;
  const ns = number(list?.items[n]);
  return ns === undefined ? undefined : ns / 1e6;
}

/** Columns for {@link durationStats}. */
export function durationColumns(column: string): string {
  return `avg(${column}), ${quantileColumn(column, [0.5, 0.95, 0.99])}, max(${column})`;
}

/** How many columns {@link durationColumns} adds. */
export const DURATION_COLUMNS = 3;

export function durationStats(row: SqlRow, at: number): DurationStats {
  return {
    meanMs: number(row[at]),
    p50Ms: quantileMs(row[at + 1], 0),
    p95Ms: quantileMs(row[at + 1], 1),
    p99Ms: quantileMs(row[at + 1], 2),
    maxMs: number(row[at + 2]),
  };
}

/**
 * Nanoseconds between start and end of a row, NULL while it runs. Integers are read and added up faster than the doubles of
 * `duration_ms`, which say the same. A difference past 64 bits (292 years, only from before 1970) is NULL: it counts nowhere.
 */
export const LASTED_NS =
  '(CASE WHEN start_ns < 0 THEN TRY_CAST(end_ns::HUGEINT - start_ns AS BIGINT) ELSE end_ns - start_ns END)';

/** Quantiles of {@link LASTED_NS} for {@link quantileMs}. */
export function lastedQuantiles(quantiles: readonly number[]): string {
  return `quantile_cont(${LASTED_NS}, [${quantiles.join(', ')}])`;
}

/** Columns for {@link lastedStats}. The longest is a quantile too: the values are gathered anyway. */
export const LASTED_COLUMNS = `sum(${LASTED_NS}), count(${LASTED_NS}), ${lastedQuantiles([0.5, 0.95, 0.99, 1])}`;

/** How many columns {@link LASTED_COLUMNS} adds. */
export const LASTED_COLUMN_COUNT = 3;

/** How long the rows of a table with `start_ns` and `end_ns` lasted. */
export function lastedStats(row: SqlRow, at: number): DurationStats {
  const totalMs = lastedTotalMs(row, at);
  return {
    meanMs: totalMs === undefined ? undefined : totalMs / Number(row[at + 1]),
    p50Ms: quantileMs(row[at + 2], 0),
    p95Ms: quantileMs(row[at + 2], 1),
    p99Ms: quantileMs(row[at + 2], 2),
    maxMs: quantileMs(row[at + 2], 3),
  };
}

/** All of {@link lastedStats} together. */
export function lastedTotalMs(row: SqlRow, at: number): number | undefined {
  const ns = number(row[at]);
  return ns === undefined ? undefined : ns / 1e6;
}

/** completed / (completed + failed + timeout): what a user's success rate is; cancelled ones are nobody's failure. */
export function successRate(completed: number, failed: number): number | undefined {
  return completed + failed === 0 ? undefined : completed / (completed + failed);
}
