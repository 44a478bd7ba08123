import { crc32 } from 'node:zlib';
import type { Labels } from './labels.js';
import type { LoggedOpenChunk } from './log-open-chunks.js';
import { decodeOpenChunks, encodeOpenChunks } from './log-open-chunks.js';

/** What the log of samples is made of. */
export type LogRecord =
  | { readonly kind: 'series'; readonly series: readonly LoggedSeries[] }
  | ({ readonly kind: 'samples' } & SampleBatch)
  /** Native histograms of many series, as `histogram-rows.ts` says. */
  | { readonly kind: 'histograms'; readonly rows: Uint8Array }
  /** A closed chunk that was not stored when the log was begun anew. */
  | { readonly kind: 'chunk'; readonly seriesId: number; readonly chunk: Uint8Array }
  /** Open chunks as they were when the log was begun anew. */
  | { readonly kind: 'open'; readonly chunks: readonly LoggedOpenChunk[] };

export interface LoggedSeries {
  readonly id: number;
  readonly labels: Labels;
}

/** Samples of many series, one a row, in columns of equal length. */
export interface SampleBatch {
  readonly seriesIds: Uint32Array;
  readonly timestampsMs: Float64Array;
  /** Every bit counts: see `SampleColumns`. */
  readonly values: Float64Array;
}

/** What reading a log came upon. */
export type ReadRecord =
  | { readonly kind: 'record'; readonly record: LogRecord; readonly next: number }
  /** The bytes end within a record: the last write was cut off. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'damaged' };

const KINDS = ['series', 'samples', 'chunk', 'open', 'histograms'] as const;
/** Length and checksum of what follows, 4 bytes each, then one byte for the kind. Numbers are little-endian. */
const FRAME_BYTES = 8;
/** More than is ever written at once; a larger length is damage. */
const MAX_RECORD_BYTES = 1 << 28;
/** Of a sample in the log. */
export const SAMPLE_LOG_BYTES = 20;

/** A record as it stands in the log: length, CRC-32, kind, content. In parts, so that columns need not be copied. */
export function encodeRecord(record: LogRecord): readonly Uint8Array[] {
  const content = encodeContent(record);
  const head = new Uint8Array(FRAME_BYTES + 1);
  head[FRAME_BYTES] = KINDS.indexOf(record.kind);
  let length = 1;
  let checksum = crc32(head.subarray(FRAME_BYTES));
  for (const part of content) {
    length += part.length;
    checksum = crc32(part, checksum);
  }
  const view = new DataView(head.buffer);
  view.setUint32(0, length, true);
  view.setUint32(4, checksum, true);
  return [head, ...content];
}

/** Reads the record that begins at `at`. */
export function readRecord(bytes: Uint8Array, at: number): ReadRecord {
  if (bytes.length - at < FRAME_BYTES) return { kind: 'cut' };
  const view = new DataView(bytes.buffer, bytes.byteOffset + at);
  const length = view.getUint32(0, true);
  if (length < 1 || length > MAX_RECORD_BYTES) return { kind: 'damaged' };
  const next = at + FRAME_BYTES + length;
  if (next > bytes.length) return { kind: 'cut' };
  const body = bytes.subarray(at + FRAME_BYTES, next);
  if (crc32(body) !== view.getUint32(4, true)) return { kind: 'damaged' };
  const record = decodeContent(KINDS[body[0] ?? -1], body.subarray(1));
  return record === undefined ? { kind: 'damaged' } : { kind: 'record', record, next };
}

function encodeContent(record: LogRecord): readonly Uint8Array[] {
  switch (record.kind) {
    case 'series':
      return [new TextEncoder().encode(JSON.stringify(record.series.map(({ id, labels }) => [id, labels])))];
    case 'samples':
      // Columns one after the other, as they are in memory: a log is read on the machine that wrote it.
      return [record.timestampsMs, record.values, record.seriesIds].map(
        ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
      );
    case 'chunk': {
      const id = new Uint8Array(4);
      new DataView(id.buffer).setUint32(0, record.seriesId, true);
      return [id, record.chunk];
    }
    case 'open':
      return [encodeOpenChunks(record.chunks)];
    case 'histograms':
      return [record.rows];
  }
}

function decodeContent(kind: LogRecord['kind'] | undefined, content: Uint8Array): LogRecord | undefined {
  switch (kind) {
    case 'series': {
      const series = JSON.parse(new TextDecoder().decode(content)) as [number, Labels][];
      return { kind, series: series.map(([id, labels]) => ({ id, labels })) };
    }
    case 'samples': {
      const batch = decodeBatch(content);
      return batch === undefined ? undefined : { kind, ...batch };
    }
    case 'chunk': {
      if (content.length < 4) return undefined;
      const seriesId = new DataView(content.buffer, content.byteOffset).getUint32(0, true);
      return { kind, seriesId, chunk: content.subarray(4) };
    }
    case 'open': {
      const chunks = decodeOpenChunks(content);
      return chunks === undefined ? undefined : { kind, chunks };
    }
    case 'histograms':
      return { kind, rows: content };
    case undefined:
      return undefined;
  }
}

function decodeBatch(content: Uint8Array): SampleBatch | undefined {
  if (content.length % SAMPLE_LOG_BYTES !== 0) return undefined;
  const count = content.length / SAMPLE_LOG_BYTES;
  // A copy, since columns must lie at multiples of their width. Not `slice`: that of a Buffer copies nothing.
  const { buffer } = new Uint8Array(content);
  return {
    timestampsMs: new Float64Array(buffer, 0, count),
    values: new Float64Array(buffer, count * 8, count),
    seriesIds: new Uint32Array(buffer, count * 16, count),
  };
}
