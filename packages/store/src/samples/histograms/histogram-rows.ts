import type { NativeHistogram } from '@vedetta/model';
import { SampleChunkError } from '../sample-chunk.js';
import { decodeHistograms } from './histogram-chunk.js';
import { HistogramPacker } from './histogram-packer.js';

/** A record is ended when it is so long. */
const RECORD_BYTES = 1024 * 1024;
/** Of each sample: series and length of its chunk, four bytes each, little-endian. */
const HEAD_BYTES = 8;
const PACKER = new HistogramPacker();

/** Histograms on their way to the log, each a chunk of one sample. */
export class HistogramRows {
  #bytes = new Uint8Array(0);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get isFull(): boolean {
    return this.#length >= RECORD_BYTES;
  }

  /** `undefined` is a marker of staleness. */
  push(seriesId: number, timestampMs: number, histogram: NativeHistogram | undefined): void {
    PACKER.clear();
    if (histogram === undefined) PACKER.appendStale(timestampMs);
    else PACKER.append(timestampMs, histogram);
    const chunk = PACKER.toChunk();
    const at = this.#length;
    this.#reserve(at + HEAD_BYTES + chunk.length);
    this.#view.setUint32(at, seriesId, true);
    this.#view.setUint32(at + 4, chunk.length, true);
    this.#bytes.set(chunk, at + HEAD_BYTES);
    this.#length += HEAD_BYTES + chunk.length;
  }

  /** All that was pushed; it is empty then. */
  take(): Uint8Array {
    const rows = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = 0;
    return rows;
  }

  #reserve(length: number): void {
    if (length <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(length, this.#bytes.length * 2, 4096));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }
}

/** What {@link HistogramRows} wrote, in its order; throws {@link SampleChunkError} on anything else. */
export function* readHistogramRows(rows: Uint8Array): Generator<{
  readonly seriesId: number;
  readonly timestampMs: number;
  readonly histogram: NativeHistogram | undefined;
}> {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength);
  for (let at = 0; at < rows.length; ) {
    const start = at + HEAD_BYTES;
    const end = start > rows.length ? start : start + view.getUint32(at + 4, true);
    if (end > rows.length) throw new SampleChunkError('a record of histograms is cut off');
    const { timestampsMs, histograms } = decodeHistograms(rows.subarray(start, end));
    yield {
      seriesId: view.getUint32(at, true),
      timestampMs: timestampsMs[0] ?? Number.NaN,
      histogram: histograms?.[0],
    };
    at = end;
  }
}
