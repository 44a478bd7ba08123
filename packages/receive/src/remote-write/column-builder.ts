import type { NativeHistogram } from '@vedetta/model';
import type { SeriesLabels } from '../otlp-metrics/series-cache.js';
import type { TranslatedRows } from '../otlp-metrics/translated.js';

/** The halves of the marker that ends a series, and of a value that is not looked at. */
const STALE = { low: 2, high: 0x7ff0_0000 };
const UNUSED = { low: 0, high: 0x7ff8_0000 };

/** Columns that grow: rows of one series lie together. Values are moved as bits, so that every NaN stays what it is. */
export class ColumnBuilder {
  readonly series: SeriesLabels[] = [];
  readonly ends: number[] = [];
  #times = new Float64Array(1024);
  #values = new Float64Array(1024);
  #bits = new Uint32Array(this.#values.buffer);
  /** By row. */
  readonly #histograms = new Map<number, NativeHistogram>();
  #rows = 0;
  #start = 0;
  #ascending = true;

  get pending(): number {
    return this.#rows - this.#start;
  }

  /** A sample of the series that is being read; the halves are those of the double, as they stand on the wire. */
  add(timeMs: number, low: number, high: number): void {
    const row = this.#rows;
    if (row === this.#times.length) this.#grow();
    if (row > this.#start && timeMs < (this.#times[row - 1] as number)) this.#ascending = false;
    this.#times[row] = timeMs;
    this.#bits[row * 2] = low;
    this.#bits[row * 2 + 1] = high;
    this.#rows = row + 1;
  }

  /** A native histogram of the series that is being read; `undefined` is the marker that ends them. */
  addHistogram(timeMs: number, histogram: NativeHistogram | undefined): void {
    const { low, high } = histogram === undefined ? STALE : UNUSED;
    this.add(timeMs, low, high);
    if (histogram !== undefined) this.#histograms.set(this.#rows - 1, histogram);
  }

  /** Ends the series; without labels its samples are dropped. */
  end(labels: SeriesLabels | undefined): void {
    if (labels === undefined) {
      if (this.#histograms.size > 0)
        for (let row = this.#start; row < this.#rows; row += 1) this.#histograms.delete(row);
      this.#rows = this.#start;
    }
    if (labels !== undefined && this.#rows > this.#start) {
      if (!this.#ascending) this.#sort();
      this.series.push(labels);
      this.ends.push(this.#rows);
    }
    this.#start = this.#rows;
    this.#ascending = true;
  }

  finish(): Pick<TranslatedRows, 'timestampsMs' | 'values' | 'histograms'> {
    const columns = { timestampsMs: this.#times.slice(0, this.#rows), values: this.#values.slice(0, this.#rows) };
    if (this.#histograms.size === 0) return columns;
    return { ...columns, histograms: Array.from(columns.values, (_, row) => this.#histograms.get(row)) };
  }

  #sort(): void {
    const [from, to] = [this.#start, this.#rows];
    const times = this.#times.slice(from, to);
    const bits = this.#bits.slice(from * 2, to * 2);
    const histograms = Array.from(times, (_, i) => this.#histograms.get(from + i));
    const order = Array.from(times, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
    for (const [i, source] of order.entries()) {
      this.#times[from + i] = times[source] as number;
      this.#bits[(from + i) * 2] = bits[source * 2] as number;
      this.#bits[(from + i) * 2 + 1] = bits[source * 2 + 1] as number;
      const histogram = histograms[source];
      if (histogram === undefined) this.#histograms.delete(from + i);
      else this.#histograms.set(from + i, histogram);
    }
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    times.set(this.#times);
    const bits = new Uint32Array(times.length * 2);
    bits.set(this.#bits);
    this.#times = times;
    this.#bits = bits;
    this.#values = new Float64Array(bits.buffer);
  }
}
