import type { NativeHistogram } from '@vedetta/model';
import type { HistogramRow } from './row-bytes.js';
import { RowBytes, RowReader } from './row-bytes.js';

/** A record is ended when it is so long. */
const RECORD_BYTES = 1024 * 1024;

/** Histograms of many series on their way to the log: of each the series in four bytes, then the sample. */
export class HistogramRows {
  readonly #bytes = new RowBytes();

  get length(): number {
    return this.#bytes.length;
  }

  get isFull(): boolean {
    return this.#bytes.length >= RECORD_BYTES;
  }

  /** `undefined` is a marker of staleness. */
  push(seriesId: number, timestampMs: number, histogram: NativeHistogram | undefined): void {
    this.#bytes.writeId(seriesId);
    this.#bytes.write(timestampMs, histogram);
  }

  /** All that was pushed; it is empty then. */
  take(): Uint8Array {
    return this.#bytes.take();
  }
}

/** What {@link HistogramRows} wrote, in its order; throws `SampleChunkError` where it ends too soon. */
export function* readHistogramRows(rows: Uint8Array): Generator<HistogramRow & { readonly seriesId: number }> {
  const reader = new RowReader(rows);
  while (!reader.isAtEnd) yield { seriesId: reader.readId(), ...reader.read() };
}
