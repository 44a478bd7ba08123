import type { Timeline } from '@vedetta/client';

/**
 * What the chart's axis spans, in milliseconds since the epoch: the range with the whole of its first and last bucket. A chart
 * draws and scales by the points within its axis, and the middle of the bucket that is being filled now lies ahead of now.
 */
export function shownRange({ from, to, buckets, step_ms: stepMs }: Timeline): readonly [fromMs: number, toMs: number] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return [fromMs, toMs];
  return [Math.min(fromMs, Date.parse(first.start)), Math.max(toMs, Date.parse(last.start) + stepMs)];
}
