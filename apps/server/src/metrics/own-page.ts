import type { CollectedFamily, CollectedSeries, MetricRegistry, SampledExemplar } from '@vedetta/metrics';
import type { Page, PageSample, PageSource } from '@vedetta/watch';

/** The metrics of this process as a page, without the way over text. A metric that fails is left out and handed to `onError`. */
export function ownPages(registry: MetricRegistry, onError: (metric: string, error: unknown) => void): PageSource {
  return { read: async () => toPage(await registry.collect(onError)) };
}

/** Series as the classic format has them: a histogram is its buckets, sum and count. */
function toPage(families: readonly CollectedFamily[]): Page {
  const samples: PageSample[] = [];
  for (const family of families) for (const series of family.series) pushSeries(family, series, samples);
  const metadata = families.map(({ name, kind, help }) => ({ name, type: kind, help, unit: '' }));
  return { kind: 'page', samples, metadata };
}

function pushSeries(family: CollectedFamily, series: CollectedSeries, samples: PageSample[]): void {
  const labels = family.labels.map((label, i) => [label, series.labelValues[i] ?? ''] as const);
  const push = (name: string, of: PageSample['labels'], value: number, sampled?: SampledExemplar): void => {
    const exemplar = sampled && { ...sampled, labels: Object.entries(sampled.labels) };
    samples.push({ name, labels: of, value, timestampMs: undefined, exemplar });
  };
  const { exemplars } = series;
  if (family.kind !== 'histogram') {
    push(family.name, labels, series.value ?? 0, exemplars?.[0]);
    return;
  }
  let cumulative = 0;
  for (const [i, count] of (series.bucketCounts ?? []).entries()) {
    cumulative += count;
    const bound = family.bounds?.[i];
    const le = ['le', bound === undefined ? '+Inf' : String(bound)] as const;
    push(`${family.name}_bucket`, [...labels, le], cumulative, exemplars?.[i]);
  }
  push(`${family.name}_sum`, labels, series.sum ?? 0);
  push(`${family.name}_count`, labels, series.count ?? 0);
}
