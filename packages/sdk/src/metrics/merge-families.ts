import type { CollectedFamily, CollectedSeries, SampledExemplar } from '@vedetta/metrics';

/** Two lists of families as one, by name: series that both have are added up. Where two of a name do not fit together the first stays. */
export function mergeFamilies(
  first: readonly CollectedFamily[],
  second: readonly CollectedFamily[],
): readonly CollectedFamily[] {
  if (second.length === 0) return first;
  const byName = new Map(first.map((family) => [family.name, family]));
  for (const family of second) {
    const known = byName.get(family.name);
    if (known === undefined) byName.set(family.name, family);
    else if (fits(known, family)) byName.set(family.name, { ...known, series: addSeries(known.series, family.series) });
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function fits(a: CollectedFamily, b: CollectedFamily): boolean {
  return a.kind === b.kind && String(a.labels) === String(b.labels) && String(a.bounds) === String(b.bounds);
}

function addSeries(first: readonly CollectedSeries[], second: readonly CollectedSeries[]): readonly CollectedSeries[] {
  const byLabels = new Map(first.map((series) => [JSON.stringify(series.labelValues), series]));
  for (const series of second) {
    const key = JSON.stringify(series.labelValues);
    const known = byLabels.get(key);
    byLabels.set(key, known === undefined ? series : add(known, series));
  }
  return [...byLabels.values()];
}

function add(a: CollectedSeries, b: CollectedSeries): CollectedSeries {
  const exemplars = newest(a.exemplars, b.exemplars);
  return {
    labelValues: a.labelValues,
    ...(exemplars.length === 0 ? {} : { exemplars }),
    ...(a.bucketCounts === undefined
      ? { value: (a.value ?? 0) + (b.value ?? 0) }
      : {
          bucketCounts: a.bucketCounts.map((count, i) => count + (b.bucketCounts?.[i] ?? 0)),
          sum: (a.sum ?? 0) + (b.sum ?? 0),
          count: (a.count ?? 0) + (b.count ?? 0),
        }),
  };
}

type Exemplars = readonly (SampledExemplar | undefined)[];

function newest(a: Exemplars = [], b: Exemplars = []): Exemplars {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => {
    const [x, y] = [a[i], b[i]];
    return x === undefined || (y !== undefined && y.timestampMs > x.timestampMs) ? y : x;
  });
}
