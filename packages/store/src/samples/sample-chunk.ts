import type { NativeHistogram } from '@vedetta/model';

/**
 * Samples of one series in the order of time, column by column. Values keep every bit, so that a marker of staleness (a NaN of
 * its own bits) stays what it is: copy them as bits, through the buffer, not number by number.
 */
export interface SampleColumns {
  /** Milliseconds since the epoch, strictly ascending, safe integers. */
  readonly timestampsMs: Float64Array;
  /** As many as there are timestamps. Where there is a histogram the value says nothing. */
  readonly values: Float64Array;
  /** As many as there are timestamps, `undefined` where the sample is a number; absent where all are. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
}

/** A chunk that is not one, or was changed. */
export class SampleChunkError extends Error {
  override readonly name = 'SampleChunkError';
}

/** The first byte of a chunk of samples. */
export const SAMPLE_CHUNK_VERSION = 1;
/** Version (1 byte), number of samples (4 bytes), first timestamp (8 bytes, float64), all big-endian. */
export const CHUNK_HEADER_BYTES = 13;
/** Where the words of a float64 are in a Uint32Array over it: it depends on the machine's byte order. */
export const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
export const LOW_WORD = 1 - HIGH_WORD;

/** Writes the header of a chunk. The version tells kinds of chunks apart. */
export function writeChunkHeader(
  bytes: Uint8Array,
  count: number,
  firstMs: number,
  version = SAMPLE_CHUNK_VERSION,
): void {
  HEADER_VIEW.setUint8(0, version);
  HEADER_VIEW.setUint32(1, count);
  HEADER_VIEW.setFloat64(5, firstMs);
  for (let i = 0; i < CHUNK_HEADER_BYTES; i += 1) bytes[i] = HEADER[i] as number;
}

// A view for each chunk would cost more than its header.
const HEADER = new Uint8Array(CHUNK_HEADER_BYTES);
const HEADER_VIEW = new DataView(HEADER.buffer);
