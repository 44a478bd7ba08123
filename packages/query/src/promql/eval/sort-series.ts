import { compareLabels } from '../labels/label-set.js';
import type { StepSeries } from './step-series.js';
import { FLOAT } from './step-series.js';

/** By value at the only step; histograms go away, NaN comes last. */
export function sortByValue(series: readonly StepSeries[], descending: boolean): StepSeries[] {
  const floats = series.filter((one) => one.kinds[0] === FLOAT);
  return floats.sort((a, b) => {
    const [x, y] = [a.values[0]!, b.values[0]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return -compareNanFirst(x, y);
    return descending ? y - x : x - y;
  });
}

function compareNanFirst(a: number, b: number): number {
  if (Number.isNaN(a)) return Number.isNaN(b) ? 0 : -1;
  if (Number.isNaN(b)) return 1;
  return a - b || 0;
}

/** By the named labels, numbers within them as numbers, then by all labels. */
export function sortByLabels(
  series: readonly StepSeries[],
  names: readonly string[],
  descending: boolean,
): StepSeries[] {
  const sign = descending ? -1 : 1;
  return [...series].sort((a, b) => {
    for (const name of names) {
      const order = compareNatural(a.labels.get(name), b.labels.get(name));
      if (order !== 0) return sign * order;
    }
    return sign * compareLabels(a.labels, b.labels);
  });
}

/** `a2` before `a10`. */
function compareNatural(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.match(/\d+|\D+/g) ?? [];
  const right = b.match(/\d+|\D+/g) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    if (/^\d/.test(x) && /^\d/.test(y)) {
      const difference = Number(x) - Number(y);
      if (difference !== 0) return difference;
    }
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}
