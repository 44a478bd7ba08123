import type { DurationStats } from '../../api/request-reader.js';
import { number } from '../rows/request-row.js';
import type { SqlRow } from './reader-pool.js';

/** Five columns for {@link durationStats}: quantiles are exact, linearly interpolated. */
export function durationColumns(column: string): string {
  return `avg(${column}), quantile_cont(${column}, [0.5, 0.95, 0.99]), max(${column})`;
}

/** How many columns {@link durationColumns} adds. */
export const DURATION_COLUMNS = 3;

export function durationStats(row: SqlRow, at: number): DurationStats {
  const quantiles = row[at + 1] as { readonly items: readonly unknown[] } | null;
  return {
    meanMs: number(row[at]),
    p50Ms: number(quantiles?.items[0]),
    p95Ms: number(quantiles?.items[1]),
    p99Ms: number(quantiles?.items[2]),
    maxMs: number(row[at + 2]),
  };
}

/** completed / (completed + failed + timeout): what a user's success rate is; cancelled ones are nobody's failure. */
export function successRate(completed: number, failed: number): number | undefined {
  return completed + failed === 0 ? undefined : completed / (completed + failed);
}
