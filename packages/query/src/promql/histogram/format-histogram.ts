import type { NativeHistogram } from './native-histogram.js';
import { allBuckets } from './native-histogram.js';

/** As Prometheus writes it: `{count:3, sum:4.5, (0.5,1]:2, (1,2]:1}`. */
export function formatHistogram(histogram: NativeHistogram): string {
  const parts = [`count:${formatFloat(histogram.count)}`, `sum:${formatFloat(histogram.sum)}`];
  for (const { lower, upper, lowerInclusive, upperInclusive, count } of allBuckets(histogram)) {
    const [open, close] = [lowerInclusive ? '[' : '(', upperInclusive ? ']' : ')'];
    parts.push(`${open}${formatFloat(lower)},${formatFloat(upper)}${close}:${formatFloat(count)}`);
  }
  return `{${parts.join(', ')}}`;
}

function formatFloat(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
