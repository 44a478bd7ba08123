import type { SeriesLabels } from '../otlp-metrics/series-cache.js';

/** Columns that grow: rows of one series lie together. Values are moved as bits, so that every NaN stays what it is. */
export class ColumnBuilder {
  readonly series: SeriesLabels[] = [];
  readonly ends: number[] = [];
  #times = new Float64Array(1024);
  #values = new Float64Array(1024);
  #bits = new Uint32Array(this.#values.buffer);
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

  /** Ends the series; without labels its samples are dropped. */
  end(labels: SeriesLabels | undefined): void {
    if (labels === undefined) this.#rows = this.#start;
    if (labels !== undefined && this.#rows > this.#start) {
      if (!this.#ascending) this.#sort();
      this.series.push(labels);
      this.ends.push(this.#rows);
    }
    this.#start = this.#rows;
    this.#ascending = true;
  }

  finish(): { timestampsMs: Float64Array; values: Float64Array } {
    return { timestampsMs: this.#times.slice(0, this.#rows), values: this.#values.slice(0, this.#rows) };
  }

  #sort(): void {
    const [from, to] = [this.#start, this.#rows];
    const times = this.#times.slice(from, to);
    const bits = this.#bits.slice(from * 2, to * 2);
    const order = Array.from(times, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
    for (const [i, source] of order.entries()) {
      this.#times[from + i] = times[source] as number;
      this.#bits[(from + i) * 2] = bits[source * 2] as number;
      this.#bits[(from + i) * 2 + 1] = bits[source * 2 + 1] as number;
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
