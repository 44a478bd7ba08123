import type { CollectedFamily, Collector, MetricDescription } from './metric-family.js';
import { checkDescription } from './metric-family.js';
import { SeriesMap } from './series-map.js';

/** A number that goes up and down. */
export class Gauge implements Collector {
  readonly #description: MetricDescription;
  readonly #series: SeriesMap<{ value: number }>;

  constructor(description: MetricDescription, maxSeries: number) {
    checkDescription(description);
    this.#description = description;
    this.#series = new SeriesMap(description.labels.length, maxSeries, () => ({ value: 0 }));
  }

  get overflows(): number {
    return this.#series.overflows;
  }

  /** Sets the value; what is no number is ignored. */
  set(labelValues: readonly unknown[], value: number): void {
    if (typeof value === 'number' && !Number.isNaN(value)) this.#series.of(labelValues).value = value;
  }

  /** Changes the value, from 0 on. */
  add(labelValues: readonly unknown[], amount: number): void {
    if (Number.isFinite(amount)) this.#series.of(labelValues).value += amount;
  }

  /** Forgets all series: for gauges that are set anew as a whole. */
  clear(): void {
    this.#series.clear();
  }

  collect(): CollectedFamily {
    const series = Array.from(this.#series.values(), ({ labelValues, state }) => ({ labelValues, value: state.value }));
    return { ...this.#description, kind: 'gauge', series };
  }
}
