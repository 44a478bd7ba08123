import { detectReset } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { equalNumbers } from '../histogram/native-histogram.js';
import type { LabelSet } from '../labels/label-set.js';
import type { SampleReader, SampleSeries } from '../sample-reader.js';
import { setStale } from '../sample-reader.js';

export interface MemorySample {
  readonly timeMs: number;
  readonly value: number | 'stale' | NativeHistogram;
  readonly startMs?: number;
}

/** Samples in memory, read as a store would be. */
export class MemoryReader implements SampleReader {
  readonly #series = new Map<string, { readonly labels: LabelSet; readonly samples: MemorySample[] }>();
  #columns: SampleSeries[] | undefined;

  add(labels: LabelSet, samples: Iterable<MemorySample>): void {
    let series = this.#series.get(labels.key);
    if (series === undefined) {
      series = { labels, samples: [] };
      this.#series.set(labels.key, series);
    }
    for (const sample of samples) series.samples.push(sample);
    this.#columns = undefined;
  }

  /** All series, in the same array until something is added. */
  all(): readonly SampleSeries[] {
    this.#columns ??= [...this.#series.values()].map(({ labels, samples }) => toColumns(labels, samples));
    return this.#columns;
  }

  clear(): void {
    this.#series.clear();
    this.#columns = undefined;
  }

  select: SampleReader['select'] = (matchers, { fromMs, toMs }, { maxSeries }) => {
    const found: SampleSeries[] = [];
    for (const series of this.all()) {
      const matches = matchers.every((matcher) => {
        const pair = series.labels.find(([name]) => name === matcher.name);
        return matcher.test(pair?.[1] ?? '');
      });
      if (!matches) continue;
      const part = slice(series, fromMs, toMs);
      if (part !== undefined) found.push(part);
    }
    if (found.length > maxSeries)
      return Promise.resolve({ kind: 'too_large', message: `more than ${maxSeries} series` });
    return Promise.resolve({ kind: 'series', series: found });
  };
}

function slice(series: SampleSeries, fromMs: number, toMs: number): SampleSeries | undefined {
  const { timestampsMs, values, histograms, startTimestampsMs } = series;
  let from = 0;
  let to = timestampsMs.length;
  while (from < to && timestampsMs[from]! < fromMs) from += 1;
  while (to > from && timestampsMs[to - 1]! > toMs) to -= 1;
  if (from === to) return undefined;
  return {
    labels: series.labels,
    timestampsMs: timestampsMs.subarray(from, to),
    values: values.subarray(from, to),
    ...(histograms === undefined ? {} : { histograms: histograms.slice(from, to) }),
    ...(startTimestampsMs === undefined ? {} : { startTimestampsMs: startTimestampsMs.subarray(from, to) }),
  };
}

function toColumns(labels: LabelSet, unsorted: readonly MemorySample[]): SampleSeries {
  const byTime = new Map<number, MemorySample>();
  // Of two at the same time the later one counts.
  for (const sample of unsorted) byTime.set(sample.timeMs, sample);
  const samples = [...byTime.values()].sort((a, b) => a.timeMs - b.timeMs);
  const values = new Float64Array(samples.length);
  const histograms: (NativeHistogram | undefined)[] = [];
  let previous: NativeHistogram | undefined;
  for (const [i, { value }] of samples.entries()) {
    if (value === 'stale') setStale(values, i);
    else if (typeof value === 'number') values[i] = value;
    else histograms[i] = hinted(value, previous);
    previous = typeof value === 'object' ? value : value === 'stale' ? previous : undefined;
  }
  const hasStarts = samples.some((sample) => (sample.startMs ?? 0) !== 0);
  return {
    labels: labels.pairs,
    timestampsMs: Float64Array.from(samples, (sample) => sample.timeMs),
    values,
    ...(histograms.length === 0 ? {} : { histograms: Array.from(samples, (_, i) => histograms[i]) }),
    ...(hasStarts ? { startTimestampsMs: Float64Array.from(samples, (sample) => sample.startMs ?? 0) } : {}),
  };
}

/** A store knows of a histogram whether its counter went on, when it follows another that it fits. */
function hinted(histogram: NativeHistogram, previous: NativeHistogram | undefined): NativeHistogram {
  const { resetHint } = histogram;
  if (resetHint === 'gauge' || resetHint === 'reset') return histogram;
  if (previous === undefined || previous.resetHint === 'gauge') return { ...histogram, resetHint: 'unknown' };
  const fits =
    histogram.schema === previous.schema &&
    histogram.zeroThreshold === previous.zeroThreshold &&
    equalNumbers(histogram.customBounds ?? [], previous.customBounds ?? []);
  if (!fits) return { ...histogram, resetHint: histogram.count < previous.count ? 'reset' : 'unknown' };
  const reset = detectReset({ ...histogram, resetHint: 'unknown' }, previous);
  return { ...histogram, resetHint: reset ? 'reset' : 'not_reset' };
}
