import type { ScrapedSample } from './exposition.js';
import { ExpositionError } from './exposition.js';
import { readFloat } from './numbers.js';

/** What OpenMetrics asks of the samples of one summary: quantiles from 0 to 1, and no negative ones. */
export class SummaryRules {
  readonly #name: string;
  #negative = false;
  #hasSum = false;

  constructor(name: string) {
    this.#name = name;
  }

  sample(suffix: string, { labels, value }: ScrapedSample): void {
    if (suffix === '_sum') this.#hasSum = true;
    if (suffix !== '') return;
    const quantile = readFloat(labels.find(([name]) => name === 'quantile')?.[1] ?? 'nan');
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new ExpositionError(`the summary ${this.#name} needs a label quantile from 0 to 1`);
    }
    if (value < 0) this.#negative = true;
  }

  /** The same metric at another time. */
  nextPoint(): void {
    this.endMetric();
    this.#negative = false;
    this.#hasSum = false;
  }

  endMetric(): void {
    // The letter forbids every negative quantile; the Go client writes them, with the sum of what it observed.
    if (this.#negative && !this.#hasSum) {
      throw new ExpositionError(`the summary ${this.#name} has a negative quantile and no sum`);
    }
  }
}
