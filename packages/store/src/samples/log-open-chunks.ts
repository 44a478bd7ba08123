import type { OpenChunkState } from './open-chunks.js';

/** An open chunk in the log, with what packing needs to go on. */
export interface LoggedOpenChunk extends OpenChunkState {
  readonly seriesId: number;
}

/** Of each chunk: series, three times, bits of the last value, count, limit, length in bits, window; then its packed samples. */
const FIXED_BYTES = 50;

export function encodeOpenChunks(chunks: readonly LoggedOpenChunk[]): Uint8Array {
  const length = chunks.reduce((sum, { bytes }) => sum + FIXED_BYTES + bytes.length, 0);
  const content = new Uint8Array(length);
  const view = new DataView(content.buffer);
  let at = 0;
  for (const chunk of chunks) {
    view.setUint32(at, chunk.seriesId, true);
    view.setFloat64(at + 4, chunk.firstMs, true);
    view.setFloat64(at + 12, chunk.lastMs, true);
    view.setFloat64(at + 20, chunk.delta, true);
    view.setUint32(at + 28, chunk.high, true);
    view.setUint32(at + 32, chunk.low, true);
    view.setUint32(at + 36, chunk.count, true);
    view.setUint32(at + 40, chunk.bits, true);
    view.setUint16(at + 44, chunk.limit, true);
    view.setUint8(at + 46, chunk.leading);
    view.setUint8(at + 47, chunk.trailing);
    view.setUint16(at + 48, chunk.bytes.length, true);
    content.set(chunk.bytes, at + FIXED_BYTES);
    at += FIXED_BYTES + chunk.bytes.length;
  }
  return content;
}

/** `undefined` for what {@link encodeOpenChunks} did not write. */
export function decodeOpenChunks(content: Uint8Array): readonly LoggedOpenChunk[] | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const chunks: LoggedOpenChunk[] = [];
  let at = 0;
  while (at < content.length) {
    if (at + FIXED_BYTES > content.length) return undefined;
    const end = at + FIXED_BYTES + view.getUint16(at + 48, true);
    if (end > content.length) return undefined;
    chunks.push({
      seriesId: view.getUint32(at, true),
      firstMs: view.getFloat64(at + 4, true),
      lastMs: view.getFloat64(at + 12, true),
      delta: view.getFloat64(at + 20, true),
      high: view.getUint32(at + 28, true),
      low: view.getUint32(at + 32, true),
      count: view.getUint32(at + 36, true),
      bits: view.getUint32(at + 40, true),
      limit: view.getUint16(at + 44, true),
      leading: view.getUint8(at + 46),
      trailing: view.getUint8(at + 47),
      bytes: content.subarray(at + FIXED_BYTES, end),
    });
    at = end;
  }
  return chunks;
}
