import type { SampleColumns } from '../sample-chunk.js';

/** Samples that a histogram counts as beside its buckets, of which two are one: by the memory that each takes, as in Prometheus. */
const BASE_WEIGHT = 6;

/** How many samples some columns count as where reading is limited. */
export function weightOf({ timestampsMs, histograms }: SampleColumns): number {
  let weight = timestampsMs.length;
  if (histograms === undefined) return weight;
  for (const histogram of histograms) {
    if (histogram === undefined) continue;
    const buckets = histogram.positive.counts.length + histogram.negative.counts.length;
    weight += BASE_WEIGHT + Math.ceil(buckets / 2);
  }
  return weight;
}
