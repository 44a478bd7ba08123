import type { RangeWindow } from './range-window.js';

/**
 * Whether a counter that says when it began began between two samples. 0 is an unknown beginning, and so is one at or after
 * its own sample.
 */
export function beganAnew(previousStart: number, previousTime: number, start: number, time: number): boolean {
  if (start === 0 || start >= time || start < previousTime) return false;
  if (start > previousTime) return true;
  // It begins where the sample before ends: so it is with differences, and where the beginning is not known.
  return previousStart <= previousTime && previousStart !== 0 && previousStart !== previousTime;
}

/** Says so where samples claim times that overlap. */
export function noteOverlap(
  window: RangeWindow,
  times: Float64Array,
  starts: Float64Array,
  from: number,
  to: number,
): void {
  for (let i = from + 1; i < to; i += 1) {
    if (!startOverlaps(starts[i - 1]!, times[i - 1]!, starts[i]!)) continue;
    const message = `sample has start time that overlaps with previous sample timestamp for metric "${window.metricName}"`;
    window.evaluation.notes.warn(message, window.range);
    return;
  }
}

/** Whether a sample says that it began before the sample in front of it, at another time than that one says. */
function startOverlaps(previousStart: number, previousTime: number, start: number): boolean {
  return start !== 0 && start < previousTime && start !== previousStart;
}
