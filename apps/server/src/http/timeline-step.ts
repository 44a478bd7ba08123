/** Most buckets the store computes in one question. */
export const MAX_BUCKETS = 1500;

const WANTED_BUCKETS = 120;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Widths that people read at a glance. */
const STEPS = [
  1,
  10,
  100,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 7, 30, 90, 365].map((n) => n * DAY),
];

/** The narrowest readable width that gives at most about 120 buckets. */
export function chooseStepMs(rangeMs: number): number {
  const step = STEPS.find((candidate) => rangeMs / candidate <= WANTED_BUCKETS * 1.25);
  return step ?? Math.ceil(rangeMs / WANTED_BUCKETS / DAY) * DAY;
}
