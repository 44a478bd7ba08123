import type { Search } from '../../url/search.js';
import { DEFAULT_RANGE, RANGE_PRESETS } from '../../url/time-range.js';

/** More steps than this no query may have. */
const MAX_STEPS = 11_000;
/** Enough for every pixel that shows something. */
const GOOD_STEPS = 360;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Steps to choose from, by what the URL calls them. */
export const STEPS = [
  ['1s', SECOND],
  ['5s', 5 * SECOND],
  ['15s', 15 * SECOND],
  ['30s', 30 * SECOND],
  ['1m', MINUTE],
  ['5m', 5 * MINUTE],
  ['15m', 15 * MINUTE],
  ['1h', HOUR],
  ['6h', 6 * HOUR],
  ['1d', 24 * HOUR],
] as const;

const ROUND_STEPS = [
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 20, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 4, 6, 12, 24].map((n) => n * HOUR),
];

/** When a query is asked for, milliseconds since the epoch. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What the time and the step in the URL say, before the clock is read. */
export interface TimeChoice {
  readonly lengthMs: number;
  /** `undefined` while the range ends now. */
  readonly endMs: number | undefined;
  readonly stepMs: number;
}

export function readTimeChoice({ range = DEFAULT_RANGE, from, to, step }: Search): TimeChoice {
  const absolute = from !== undefined && to !== undefined;
  const preset = RANGE_PRESETS.find(({ value }) => value === range);
  const lengthMs = absolute ? to - from : (preset?.ms ?? 24 * HOUR);
  return { lengthMs, endMs: absolute ? to : undefined, stepMs: chosenStep(step, lengthMs) ?? autoStep(lengthMs) };
}

/** Relative ranges move on; samples come every half minute as a rule. */
const [FASTEST_MS, SLOWEST_MS] = [10_000, 60_000];

/** How often an answer is asked for again; `false` for a range that does not move. */
export function refreshMs({ endMs, stepMs }: TimeChoice): number | false {
  return endMs === undefined && Math.min(Math.max(stepMs, FASTEST_MS), SLOWEST_MS);
}

/** Both ends lie on multiples of the step, so that points stay where they are while time goes on. */
export function toWindow({ lengthMs, endMs, stepMs }: TimeChoice, nowMs: number): TimeWindow {
  const end = Math.floor((endMs ?? nowMs) / stepMs) * stepMs;
  return { startMs: end - Math.floor(lengthMs / stepMs) * stepMs, endMs: end, stepMs };
}

/** A round step that gives a few hundred points. */
export function autoStep(lengthMs: number): number {
  return ROUND_STEPS.find((step) => lengthMs / step <= GOOD_STEPS) ?? Math.ceil(lengthMs / GOOD_STEPS / HOUR) * HOUR;
}

/** Whether a range may be asked for in such steps. */
export function isFineEnough(stepMs: number, lengthMs: number): boolean {
  return lengthMs / stepMs < MAX_STEPS;
}

/** The step that the URL names, such as `90s`; `undefined` for none, and where the range would have too many of them. */
export function chosenStep(text: string | undefined, lengthMs: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})(s|m|h|d)$/.exec(text ?? '') ?? [];
  const stepMs = Number(count) * ({ s: SECOND, m: MINUTE, h: HOUR, d: 24 * HOUR }[unit] ?? Number.NaN);
  return stepMs > 0 && isFineEnough(stepMs, lengthMs) ? stepMs : undefined;
}
