import type { NativeHistogram } from '@vedetta/model';
import type { SeriesLabels } from './series-cache.js';
import type { TranslatedRows } from './translated.js';

const STALE = 0x7ff0000000000002n;
const NOT_A_NUMBER = 0x7ff8000000000001n;
/** Rows that are written in one go: some milliseconds. */
const SLICE_ROWS = 32_768;

interface Row {
  readonly timeMs: number;
  readonly value: number | NativeHistogram;
  readonly stale: boolean;
}

/** Samples of one body by series. */
export class SampleBatch {
  readonly #series = new Map<SeriesLabels, Row[]>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(labels: SeriesLabels, timeMs: number, value: number | NativeHistogram, stale: boolean): void {
    const rows = this.#series.get(labels);
    const row = { timeMs, value, stale };
    if (rows === undefined) this.#series.set(labels, [row]);
    else rows.push(row);
    this.#count += 1;
  }

  /** The samples in columns. Of two of a series with one time the later one in the body is left out. Yields between slices of the work. */
  *toRows(): Generator<void, TranslatedRows> {
    const timestampsMs = new Float64Array(this.#count);
    const values = new Float64Array(this.#count);
    const bits = new BigUint64Array(values.buffer);
    const series: SeriesLabels[] = [];
    const ends: number[] = [];
    const histograms: (NativeHistogram | undefined)[] = [];
    let at = 0;
    let sliceEnd = SLICE_ROWS;
    for (const [labels, rows] of this.#series) {
      if (at >= sliceEnd) {
        sliceEnd = at + SLICE_ROWS;
        yield;
      }
      if (rows.length > 1) rows.sort((a, b) => a.timeMs - b.timeMs);
      let latest = Number.NEGATIVE_INFINITY;
      for (const { timeMs, value, stale } of rows) {
        if (timeMs === latest) continue;
        latest = timeMs;
        timestampsMs[at] = timeMs;
        // Bits, since engines may make every NaN the same.
        if (stale) bits[at] = STALE;
        else if (typeof value !== 'number') {
          bits[at] = NOT_A_NUMBER;
          // Rows of numbers before it; those after it are made up for at the end.
          while (histograms.length < at) histograms.push(undefined);
          histograms.push(value);
        } else if (Number.isNaN(value)) bits[at] = NOT_A_NUMBER;
        else values[at] = value;
        at += 1;
      }
      series.push(labels);
      ends.push(at);
    }
    const rows = { series, ends, timestampsMs: timestampsMs.subarray(0, at), values: values.subarray(0, at) };
    if (histograms.length === 0) return rows;
    while (histograms.length < at) histograms.push(undefined);
    return { ...rows, histograms };
  }
}
