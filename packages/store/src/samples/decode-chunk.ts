import { decodeHistograms, isHistogramChunk } from './histograms/histogram-chunk.js';
import type { SampleColumns } from './sample-chunk.js';
import { decodeSamples } from './unpack-samples.js';

/** The samples of a chunk of either kind; throws `SampleChunkError` on what is none. */
export function decodeChunk(chunk: Uint8Array): SampleColumns {
  return isHistogramChunk(chunk) ? decodeHistograms(chunk) : decodeSamples(chunk);
}
