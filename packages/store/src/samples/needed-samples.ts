import type { SampleHints } from '../api/sample-store.js';

/** Columns with what lies over the values: as words a marker of staleness keeps its bits. */
export interface WordColumns {
  readonly timestampsMs: Float64Array;
  readonly words: Uint32Array;
}

/** Rows from one to before another. */
export interface Rows {
  readonly start: number;
  readonly end: number;
}

/**
 * Of rows from one to before another puts those that the hints ask for one behind the other, in place, and answers where they are: a
 * question about each hour of a month looks at few of the samples between.
 */
export function keepNeeded(columns: WordColumns, start: number, end: number, { rangeMs, times }: SampleHints): Rows {
  if (times === undefined) return { start, end };
  const { count } = times;
  // No fewer would be left.
  if (rangeMs === 0 ? end - start <= count : count === 1 || times.stepMs <= rangeMs) return { start, end };
  return {
    start,
    end: rangeMs === 0 ? keepNewest(columns, start, end, times) : keepRanges(columns, start, end, rangeMs, times),
  };
}

type Times = NonNullable<SampleHints['times']>;

function keepNewest(columns: WordColumns, start: number, end: number, { firstMs, stepMs, count }: Times): number {
  const { timestampsMs } = columns;
  let to = start;
  let row = start;
  let kept = start - 1;
  for (let step = 0; step < count && row < end; step += 1) {
    const timeMs = firstMs + step * stepMs;
    while (row < end && (timestampsMs[row] as number) <= timeMs) row += 1;
    if (row - 1 === kept) continue;
    kept = row - 1;
    move(columns, kept, to);
    to += 1;
  }
  return to;
}

function keepRanges(
  columns: WordColumns,
  start: number,
  end: number,
  rangeMs: number,
  { firstMs, stepMs, count }: Times,
): number {
  const { timestampsMs } = columns;
  let to = start;
  let row = start;
  for (let step = 0; step < count && row < end; step += 1) {
    const timeMs = firstMs + step * stepMs;
    while (row < end && (timestampsMs[row] as number) < timeMs - rangeMs) row += 1;
    for (; row < end && (timestampsMs[row] as number) <= timeMs; row += 1) {
      move(columns, row, to);
      to += 1;
    }
  }
  return to;
}

function move({ timestampsMs, words }: WordColumns, from: number, to: number): void {
  timestampsMs[to] = timestampsMs[from] as number;
  words[to * 2] = words[from * 2] as number;
  words[to * 2 + 1] = words[from * 2 + 1] as number;
}
