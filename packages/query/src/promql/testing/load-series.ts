import { CUSTOM_SCHEMA } from '../histogram/bucket-bounds.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { compact } from '../histogram/native-histogram.js';
import type { LabelSet } from '../labels/label-set.js';
import { METRIC_NAME } from '../labels/label-set.js';
import { parseDuration, parseNumber } from '../syntax/literals.js';
import type { MemoryReader, MemorySample } from './memory-reader.js';
import { parseSeries } from './series-notation.js';
import type { LoadStep } from './test-script.js';

/** Puts the series of a `load` into memory; `load_with_nhcb` adds classic histograms as native ones. */
export function loadSeries(reader: MemoryReader, step: LoadStep): void {
  const stepMs = (parseDuration(step.step) ?? Number(step.step)) * 1000;
  const loaded: { readonly labels: LabelSet; readonly samples: MemorySample[] }[] = [];
  let starts: readonly (number | undefined)[] | undefined;
  for (const line of step.series) {
    const { labels, values, startsMs } = parseSeries(line);
    if (startsMs !== undefined) {
      starts = startsMs;
      continue;
    }
    const samples: MemorySample[] = [];
    for (const [i, value] of values.entries()) {
      const timeMs = i * stepMs;
      const start = starts?.[i];
      const startMs = start === undefined ? 0 : timeMs + start;
      if (value.kind === 'number') samples.push({ timeMs, startMs, value: value.value });
      else if (value.kind === 'stale') samples.push({ timeMs, startMs, value: 'stale' });
      else if (value.kind === 'histogram') samples.push({ timeMs, startMs, value: value.histogram });
    }
    starts = undefined;
    reader.add(labels, samples);
    loaded.push({ labels, samples });
  }
  if (step.withNhcb) for (const { labels, samples } of toCustomBuckets(loaded)) reader.add(labels, samples);
}

interface Parts {
  readonly labels: LabelSet;
  readonly buckets: Map<number, number>;
  count: number | undefined;
  sum: number | undefined;
  timeMs: number;
}

/** Histograms with the boundaries of classic ones, under the name without `_bucket`. */
function toCustomBuckets(series: readonly { readonly labels: LabelSet; readonly samples: readonly MemorySample[] }[]) {
  const all = new Map<string, { labels: LabelSet; at: Map<number, Parts>; bounds: Set<number> }>();
  for (const { labels, samples } of series) {
    const match = /^(.*)_(bucket|count|sum)$/.exec(labels.get(METRIC_NAME));
    if (match === null) continue;
    const isBucket = match[2] === 'bucket';
    const bound = parseNumber(labels.get('le'));
    if (isBucket && (bound === undefined || Number.isNaN(bound))) continue;
    const base = labels.with('le', '').with(METRIC_NAME, match[1]!);
    const histogram = all.get(base.key) ?? { labels: base, at: new Map<number, Parts>(), bounds: new Set<number>() };
    all.set(base.key, histogram);
    if (isBucket) histogram.bounds.add(bound!);
    for (const { timeMs, value } of samples) {
      if (typeof value !== 'number') continue;
      const parts = histogram.at.get(timeMs) ?? {
        labels: base,
        buckets: new Map<number, number>(),
        count: undefined,
        sum: undefined,
        timeMs,
      };
      histogram.at.set(timeMs, parts);
      if (isBucket) parts.buckets.set(bound!, value);
      else parts[match[2] as 'count' | 'sum'] = value;
    }
  }
  return [...all.values()]
    .filter((histogram) => histogram.bounds.size > 0)
    .map(({ labels, at }) => ({
      labels,
      samples: [...at.values()]
        .filter((parts) => parts.buckets.size > 0)
        .sort((a, b) => a.timeMs - b.timeMs)
        .map((parts) => ({ timeMs: parts.timeMs, value: toHistogram(parts) })),
    }));
}

function toHistogram({ buckets, count, sum }: Parts): NativeHistogram {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = count ?? buckets.get(Number.POSITIVE_INFINITY) ?? sorted.at(-1)?.[1] ?? 0;
  const counts: number[] = [];
  let before = 0;
  for (const [, cumulative] of sorted) {
    counts.push(cumulative - before);
    before = cumulative;
  }
  if (sorted.at(-1)?.[0] !== Number.POSITIVE_INFINITY) counts.push(total - before);
  return compact({
    schema: CUSTOM_SCHEMA,
    zeroThreshold: 0,
    zeroCount: 0,
    count: total,
    sum: sum ?? 0,
    positive: { indexes: counts.map((_, i) => i), counts },
    negative: { indexes: [], counts: [] },
    customBounds: sorted.map(([bound]) => bound).filter((bound) => bound !== Number.POSITIVE_INFINITY),
    resetHint: 'unknown',
  });
}
