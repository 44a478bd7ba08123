import type { CollectedFamily, Collector, MetricDescription, SampledExemplar } from './metric-family.js';
import { checkDescription } from './metric-family.js';
import { SeriesMap } from './series-map.js';

/** Seconds, from a cache hit to a long generation; those of OpenTelemetry's GenAI metrics, and some between for quick parts. */
export const DURATION_BOUNDS_SECONDS: readonly number[] = [
  0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
];

interface HistogramState {
  readonly counts: Float64Array;
  readonly exemplars: (SampledExemplar | undefined)[];
  sum: number;
}

/** Counts of observations by size. */
export class Histogram implements Collector {
  readonly #description: MetricDescription;
  readonly #bounds: readonly number[];
  readonly #series: SeriesMap<HistogramState>;

  /** Throws a RangeError when the bounds do not ascend. */
  constructor(description: MetricDescription, bounds: readonly number[], maxSeries: number) {
    checkDescription(description);
    for (let i = 0; i < bounds.length; i += 1) {
      const bound = bounds[i] as number;
      if (!Number.isFinite(bound) || (i > 0 && bound <= (bounds[i - 1] as number))) {
        throw new RangeError(`the bounds of ${description.name} must be finite and ascend: ${bounds.join(', ')}`);
      }
    }
    this.#description = description;
    this.#bounds = [...bounds];
    this.#series = new SeriesMap(description.labels.length, maxSeries, () => ({
      counts: new Float64Array(bounds.length + 1),
      exemplars: [],
      sum: 0,
    }));
  }

  get overflows(): number {
    return this.#series.overflows;
  }

  /** Counts an observation; what is no finite number is ignored. */
  observe(labelValues: readonly unknown[], value: number, exemplar?: SampledExemplar): void {
    if (!Number.isFinite(value)) return;
    const state = this.#series.of(labelValues);
    const bucket = this.#bucketOf(value);
    state.counts[bucket] = (state.counts[bucket] as number) + 1;
    state.sum += value;
    if (exemplar !== undefined) state.exemplars[bucket] = exemplar;
  }

  collect(): CollectedFamily {
    const series = Array.from(this.#series.values(), ({ labelValues, state }) => ({
      labelValues,
      bucketCounts: Array.from(state.counts),
      sum: state.sum,
      count: state.counts.reduce((total, count) => total + count, 0),
      ...(state.exemplars.length === 0 ? {} : { exemplars: [...state.exemplars] }),
    }));
    return { ...this.#description, kind: 'histogram', bounds: this.#bounds, series };
  }

  /** The first bucket whose bound is not below the value: bounds are inclusive. */
  #bucketOf(value: number): number {
    let low = 0;
    let high = this.#bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bounds[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
