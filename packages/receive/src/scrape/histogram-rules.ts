import type { ScrapedSample } from './exposition.js';
import { ExpositionError } from './exposition.js';
import { readFloat } from './numbers.js';

/** What OpenMetrics asks of the samples of one histogram: buckets in order, a last bucket without bound, sum and count together. */
export class HistogramRules {
  readonly #name: string;
  readonly #gauge: boolean;
  #bound = Number.NEGATIVE_INFINITY;
  #cumulative = 0;
  #buckets = 0;
  #hasNegativeBucket = false;
  #negativeCount = 0;
  #sum: number | undefined;
  #count: number | undefined;
  #sampled = false;

  constructor(name: string, type: 'histogram' | 'gaugehistogram') {
    this.#name = name;
    this.#gauge = type === 'gaugehistogram';
  }

  sample(suffix: string, { labels, value }: ScrapedSample): void {
    this.#sampled = true;
    switch (suffix) {
      case '_bucket':
        this.#bucket(labels.find(([name]) => name === 'le')?.[1], value);
        return;
      case '_sum':
      case '_gsum':
        this.#sum = value;
        return;
      case '_count':
      case '_gcount':
        this.#count = value;
    }
  }

  /** The same metric at another time. */
  nextPoint(): void {
    if (this.#sampled) this.endMetric();
    this.#bound = Number.NEGATIVE_INFINITY;
    this.#cumulative = 0;
    this.#buckets = 0;
    this.#hasNegativeBucket = false;
    this.#negativeCount = 0;
    this.#sum = undefined;
    this.#count = undefined;
    this.#sampled = false;
  }

  endMetric(): void {
    if (!this.#sampled) return;
    if (this.#buckets === 0 || this.#bound !== Number.POSITIVE_INFINITY) this.#fail('has no bucket le="+Inf"');
    if (this.#count !== undefined && this.#count !== this.#cumulative)
      this.#fail('has a count that differs from its last bucket');
    if ((this.#sum === undefined) !== (this.#count === undefined)) {
      // Histograms with negative observations have no sum, since it may fall.
      if (!(this.#hasNegativeBucket && this.#sum === undefined && !this.#gauge))
        this.#fail('needs both sum and count, or neither');
    }
    if (this.#sum === undefined) return;
    // The letter forbids every sum beside negative buckets; the Go client writes it once something was observed below zero.
    if (this.#hasNegativeBucket && !this.#gauge && this.#negativeCount === 0) {
      this.#fail('has negative buckets and so may not have a sum');
    }
    if (this.#sum < 0 && !this.#gauge && this.#negativeCount === 0) this.#fail('has a negative sum');
    if (this.#sum < 0 && !this.#hasNegativeBucket) this.#fail('has a negative sum without negative buckets');
  }

  #bucket(le: string | undefined, value: number): void {
    if (le === undefined) this.#fail('has a bucket without the label le');
    const bound = readFloat(le);
    if (Number.isNaN(bound) || bound <= this.#bound) this.#fail('has buckets out of order');
    if (value < this.#cumulative) this.#fail('has a bucket that holds less than the one before');
    if (bound < 0) {
      this.#hasNegativeBucket = true;
      this.#negativeCount = value;
    }
    this.#bound = bound;
    this.#cumulative = value;
    this.#buckets += 1;
  }

  #fail(what: string): never {
    throw new ExpositionError(`the histogram ${this.#name} ${what}`);
  }
}
