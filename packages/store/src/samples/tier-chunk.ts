import { encodeSamples } from './encode-samples.js';
import { decodeMixed, encodeMixed, MIXED_CHUNK_VERSION } from './histograms/mixed-chunk.js';
import type { SampleColumns } from './sample-chunk.js';
import { SampleChunkError } from './sample-chunk.js';
import { decodeSamples } from './unpack-samples.js';

/** What a window of samples amounts to, one row a window, at the time of its last sample. */
export const AGGREGATES = ['min', 'max', 'sum', 'count'] as const;
export type Aggregate = (typeof AGGREGATES)[number];
export type AggregateColumns = { readonly [A in Aggregate]: SampleColumns };

/** Samples that were thinned out. */
export interface ThinnedSamples {
  /** Samples as they were, those that a question needs. */
  readonly kept: SampleColumns;
  /** `undefined` for counters and where there are native histograms: of those the kept samples say everything. */
  readonly aggregates: AggregateColumns | undefined;
}

const VERSION = 1;
/** Version (1 byte), then of each part its length in 4 bytes, big-endian; no aggregates are parts of length 0. */
const HEADER_BYTES = 1 + 4 * (1 + AGGREGATES.length);

/** Kept samples and aggregates as chunks, one behind the other; of histograms as `mixed-chunk.ts` says. */
export function encodeThinned({ kept, aggregates }: ThinnedSamples): Uint8Array {
  if (kept.histograms !== undefined) return encodeMixed(kept);
  const parts = [
    encodeSamples(kept),
    ...AGGREGATES.map((name) => (aggregates === undefined ? new Uint8Array(0) : encodeSamples(aggregates[name]))),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, HEADER_BYTES));
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  let at = HEADER_BYTES;
  for (const [i, part] of parts.entries()) {
    view.setUint32(1 + i * 4, part.length);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The inverse of {@link encodeThinned}; throws {@link SampleChunkError} on what it did not write. */
export function decodeThinned(bytes: Uint8Array): ThinnedSamples {
  if (bytes[0] === MIXED_CHUNK_VERSION) return { kept: decodeMixed(bytes), aggregates: undefined };
  const [kept, ...aggregates] = partsOf(bytes);
  if (kept === undefined) throw new SampleChunkError('a chunk of thinned samples has no samples');
  if (aggregates.every((part) => part.length === 0)) return { kept: decodeSamples(kept), aggregates: undefined };
  const columns = aggregates.map(decodeSamples) as [SampleColumns, SampleColumns, SampleColumns, SampleColumns];
  return {
    kept: decodeSamples(kept),
    aggregates: { min: columns[0], max: columns[1], sum: columns[2], count: columns[3] },
  };
}

function partsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION) {
    throw new SampleChunkError(`not a chunk of thinned samples (${bytes.length} bytes)`);
  }
  let at = HEADER_BYTES;
  return Array.from({ length: 1 + AGGREGATES.length }, (_, i) => {
    const end = at + view.getUint32(1 + i * 4);
    if (end > bytes.length) throw new SampleChunkError('a chunk of thinned samples is cut off');
    const part = bytes.subarray(at, end);
    at = end;
    return part;
  });
}
