import type { DurationStats } from '../../api/request-reader.js';
import { number } from '../rows/request-row.js';
import type { SqlRow } from './reader-pool.js';

/**
 * Quantiles of a column of milliseconds, exact and linearly interpolated, in nanoseconds: the engine sorts integers in half the
 * time of doubles. See {@link quantileMs}.
 */
export function quantileColumn(column: string, quantiles: readonly number[]): string {
  // A sender may state more milliseconds than 64 bits hold nanoseconds (292 years): such a value is no quantile.
  return `quantile_cont(TRY_CAST(${column} * 1e6 AS BIGINT), [${quantiles.join(', ')}])`;
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

/** completed / (completed + failed + timeout): what a user's success rate is; cancelled ones are nobody's failure. */
export function successRate(completed: number, failed: number): number | undefined {
  return completed + failed === 0 ? undefined : completed / (completed + failed);
}
