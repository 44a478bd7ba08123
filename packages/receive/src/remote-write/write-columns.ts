import type { NativeHistogram } from '@vedetta/model';
import { InvalidBody } from '../otlp/decode-result.js';

/** The halves of the marker that ends a series, and of a value that is not looked at. */
const STALE = { low: 2, high: 0x7ff0_0000 };
const UNUSED = { low: 0, high: 0x7ff8_0000 };
/** One series is divided behind so many rows, so that whoever stores them can pause in between. */
const MAX_ROWS_A_SERIES = 8192;
const FIRST_ROWS = 4096;
/** A sample may be two bytes on the wire, and takes sixteen here. */
const MAX_ROWS = 8_000_000;
/** More rows of one series are left in the order in which they were sent: to sort them would take too long. */
const MAX_SORTED_ROWS = 10_000;

/** Columns that grow: rows of one series lie together. Values are moved as bits, so that every NaN stays what it is. */
export class WriteColumns {
  series = new Uint32Array(FIRST_ROWS);
  ends = new Uint32Array(FIRST_ROWS);
  timestampsMs = new Float64Array(FIRST_ROWS);
  values = new Float64Array(FIRST_ROWS);
  #bits = new Uint32Array(this.values.buffer);
  /** By row. */
  readonly #histograms = new Map<number, NativeHistogram>();
  #seriesCount = 0;
  #rows = 0;
  #start = 0;
  #isAscending = true;

  /** Series that are there; one that has many rows is there more than once. */
  get seriesCount(): number {
    return this.#seriesCount;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Memory of it. */
  get sizeBytes(): number {
    return this.series.length * 8 + this.timestampsMs.length * 16;
  }

  /** Rows of the series that is being read. */
  get pending(): number {
    return this.#rows - this.#start;
  }

  /** Empty again, with room for so many rows: to grow later means to copy what is there, for a large body much at once. */
  clear(rows: number): void {
    if (rows > this.timestampsMs.length) this.#makeRows(rows);
    this.#seriesCount = 0;
    this.#rows = 0;
    this.#start = 0;
    this.#isAscending = true;
    this.#histograms.clear();
  }

  /** A sample of the series that is being read; the halves are those of the double, as they stand on the wire. */
  add(timeMs: number, low: number, high: number): void {
    const row = this.#rows;
    if (row === this.timestampsMs.length) this.#growRows();
    if (row > this.#start && timeMs < (this.timestampsMs[row - 1] as number)) this.#isAscending = false;
    this.timestampsMs[row] = timeMs;
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

  /** Ends the series, whose number it is. */
  end(series: number): void {
    if (!this.#isAscending && this.pending <= MAX_SORTED_ROWS) this.#sort();
    this.#isAscending = true;
    while (this.#start < this.#rows) {
      const end = Math.min(this.#rows, this.#start + MAX_ROWS_A_SERIES);
      const at = this.#seriesCount;
      if (at === this.series.length) this.#growSeries();
      this.series[at] = series;
      this.ends[at] = end;
      this.#seriesCount = at + 1;
      this.#start = end;
    }
  }

  /** Drops the rows of the series; answers how many there were. */
  drop(): number {
    const { pending } = this;
    if (this.#histograms.size > 0) {
      for (let row = this.#start; row < this.#rows; row += 1) this.#histograms.delete(row);
    }
    this.#rows = this.#start;
    this.#isAscending = true;
    return pending;
  }

  /** One a row, `undefined` where the sample is a number; `undefined` when all are. */
  histograms(): readonly (NativeHistogram | undefined)[] | undefined {
    if (this.#histograms.size === 0) return undefined;
    return Array.from({ length: this.#rows }, (_, row) => this.#histograms.get(row));
  }

  /** Numbers and histograms of a series stand apart on the wire; and some senders keep no order. */
  #sort(): void {
    const [from, to] = [this.#start, this.#rows];
    const times = this.timestampsMs.slice(from, to);
    const bits = this.#bits.slice(from * 2, to * 2);
    const histograms = Array.from(times, (_, i) => this.#histograms.get(from + i));
    const order = Array.from(times, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number));
    for (const [i, source] of order.entries()) {
      this.timestampsMs[from + i] = times[source] as number;
      this.#bits[(from + i) * 2] = bits[source * 2] as number;
      this.#bits[(from + i) * 2 + 1] = bits[source * 2 + 1] as number;
      const histogram = histograms[source];
      if (histogram === undefined) this.#histograms.delete(from + i);
      else this.#histograms.set(from + i, histogram);
    }
  }

  #growRows(): void {
    if (this.#rows >= MAX_ROWS) throw new InvalidBody(`a body may have ${MAX_ROWS} samples`);
    const { timestampsMs } = this;
    const bits = this.#bits;
    this.#makeRows(timestampsMs.length * 2);
    this.timestampsMs.set(timestampsMs);
    this.#bits.set(bits);
  }

  #makeRows(capacity: number): void {
    this.timestampsMs = new Float64Array(capacity);
    this.values = new Float64Array(capacity);
    this.#bits = new Uint32Array(this.values.buffer);
  }

  #growSeries(): void {
    const capacity = this.series.length * 2;
    const series = new Uint32Array(capacity);
    series.set(this.series);
    const ends = new Uint32Array(capacity);
    ends.set(this.ends);
    this.series = series;
    this.ends = ends;
  }
}
