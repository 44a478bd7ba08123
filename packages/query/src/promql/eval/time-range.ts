import type { Duration, TimeModifiers } from '../syntax/ast.js';
import { durationMs } from '../syntax/build-duration.js';
import { PromqlError } from '../syntax/promql-error.js';

/** What durations and `@ start()` refer to: the query as a whole. */
export interface QueryTimes {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** A duration that must be longer than nothing. */
export function positiveMs(duration: Duration, times: QueryTimes): number {
  const ms = durationMs(duration, times.stepMs, times.endMs - times.startMs);
  if (ms <= 0) throw new PromqlError('bad_data', 'duration must be greater than 0');
  return ms;
}

/** `offset` in milliseconds; 0 where there is none. */
export function offsetMs({ offset }: TimeModifiers, times: QueryTimes): number {
  return offset === undefined ? 0 : durationMs(offset, times.stepMs, times.endMs - times.startMs);
}

/** The time that `@` fixes; `undefined` where there is none. */
export function atMs({ at }: TimeModifiers, times: QueryTimes): number | undefined {
  if (at === undefined) return undefined;
  return at.kind === 'time' ? at.ms : at.kind === 'start' ? times.startMs : times.endMs;
}

/**
 * The times at which a subquery evaluates what is inside for windows that end from `firstMs` to `lastMs`: the multiples of the
 * step after the first window begins.
 */
export function subqueryGrid(firstMs: number, lastMs: number, rangeMs: number, stepMs: number, leftOpen: boolean) {
  const beginMs = firstMs - rangeMs;
  let startMs = stepMs * Math.trunc(beginMs / stepMs);
  if (leftOpen ? startMs <= beginMs : startMs < beginMs) startMs += stepMs;
  const count = lastMs < startMs ? 0 : Math.floor((lastMs - startMs) / stepMs) + 1;
  return { startMs, stepMs, count };
}
