import type { SeriesLabels } from '../otlp-metrics/series-cache.js';
import { ByteTable } from './byte-table.js';

/** As the store says for "not known". */
const UNKNOWN = -1;
const FIRST_IDS = 1 << 10;
/** New series of a usual body. */
const MAX_FRESH = 10_000;
/** No series has labels as long as this, whatever a store allows. */
export const MAX_LABEL_BYTES = 1 << 20;
/** Why such a series is not taken. */
export const TOO_LONG = 'the labels of a series are longer than 1 MiB';

/**
 * The series that senders have named, by numbers from 0 on. The same bytes are the same number; one series may have several, when senders
 * write its labels differently.
 */
export class SeriesNumbers {
  /** For whoever stores samples: what it knows of each number, -1 at first. Another array when there are more series. */
  ids = new Int32Array(FIRST_IDS).fill(UNKNOWN);
  readonly #table = new ByteTable();
  /** Labels that were just read, for whoever stores the series next. */
  readonly #fresh = new Map<number, SeriesLabels>();
  readonly #read: (bytes: Buffer) => SeriesLabels | string;

  /** `read` makes labels of the bytes, or says why they are none. */
  constructor(read: (bytes: Buffer) => SeriesLabels | string) {
    this.#read = read;
  }

  /** Memory of it. */
  get sizeBytes(): number {
    return this.#table.sizeBytes + this.ids.byteLength;
  }

  /** The number of a series, or why its labels cannot be taken; `read` is asked for those of bytes that are new. */
  numberOf(view: DataView, from: number, to: number, read: () => SeriesLabels | string): number | string {
    if (to - from > MAX_LABEL_BYTES) return TOO_LONG;
    const known = this.#table.find(view, from, to);
    if (known >= 0) return known;
    const labels = read();
    // Whatever cannot be taken is not kept: it would be a way to fill the memory.
    if (typeof labels === 'string') return labels;
    const number = this.#table.add();
    if (number === this.ids.length) {
      const ids = new Int32Array(number * 2).fill(UNKNOWN);
      ids.set(this.ids);
      this.ids = ids;
    }
    if (this.#fresh.size >= MAX_FRESH) this.#fresh.clear();
    this.#fresh.set(number, labels);
    return number;
  }

  /** Labels of a number that was given; made anew when they are asked for again. */
  labelsOf(number: number): SeriesLabels {
    const fresh = this.#fresh.get(number);
    if (fresh !== undefined) {
      this.#fresh.delete(number);
      return fresh;
    }
    const labels = this.#read(this.#table.bytesOf(number));
    if (typeof labels === 'string') throw new Error(`labels that were taken cannot be read: ${labels}`);
    return labels;
  }
}
