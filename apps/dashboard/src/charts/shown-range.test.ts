import type { Timeline } from '@vedetta/client';
import { expect, it } from 'vitest';
import { shownRange } from './shown-range.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 3, minute)).toISOString();
const bucket = (minute: number) => ({ start: at(minute) }) as Timeline['buckets'][number];
const timeline = (starts: readonly number[]): Timeline => ({
  from: at(5),
  to: at(42),
  step_ms: 600_000,
  buckets: starts.map(bucket),
});

it.each([
  ['holds the whole of the buckets at both ends', [0, 10, 40], 0, 50],
  ['is the range asked for where the buckets lie within', [10, 20], 5, 42],
  ['is the range asked for without buckets', [], 5, 42],
] as const)('%s', (_what, starts, fromMinute, toMinute) => {
  expect(shownRange(timeline(starts))).toEqual([Date.parse(at(fromMinute)), Date.parse(at(toMinute))]);
});
