import type { CollectedFamily, Collector, MetricDescription, SampledExemplar } from './metric-family.js';
import { checkDescription } from './metric-family.js';
import { SeriesMap } from './series-map.js';

interface CounterState {
  value: number;
  exemplar: SampledExemplar | undefined;
}

/** A number that only grows. */
export class Counter implements Collector {
  readonly #description: MetricDescription;
  readonly #series: SeriesMap<CounterState>;

  constructor(description: MetricDescription, maxSeries: number) {
    checkDescription(description);
    this.#description = description;
    this.#series = new SeriesMap(description.labels.length, maxSeries, () => ({ value: 0, exemplar: undefined }));
    // A counter without labels is there from the start, so that its first increase is seen.
    if (description.labels.length === 0) this.#series.of([]);
  }

  get overflows(): number {
    return this.#series.overflows;
  }

  /** Adds; amounts that are negative or no finite number are ignored. */
  add(labelValues: readonly unknown[], amount = 1, exemplar?: SampledExemplar): void {
    if (!Number.isFinite(amount) || amount < 0) return;
    const state = this.#series.of(labelValues);
    state.value += amount;
    if (exemplar !== undefined) state.exemplar = exemplar;
  }

  collect(): CollectedFamily {
    const series = Array.from(this.#series.values(), ({ labelValues, state }) => ({
      labelValues,
      value: state.value,
      ...(state.exemplar === undefined ? {} : { exemplars: [state.exemplar] }),
    }));
    return { ...this.#description, kind: 'counter', series };
  }
}
