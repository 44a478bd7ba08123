import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LoggedSeries, LogRecord } from './log-record.js';
import { encodeRecord, readRecord } from './log-record.js';

const SEGMENT = /^(\d{10})\.log$/;
/** Tells a log of another byte order or another form apart: text, then a number in this machine's order. The store's id follows. */
const MAGIC = new Uint8Array([...new TextEncoder().encode('VEDSMPL2'), ...new Uint8Array(new Uint32Array([1]).buffer)]);
/** Bytes of a store's id. */
export const STORE_ID_BYTES = 16;
const HEADER_BYTES = MAGIC.length + STORE_ID_BYTES;

/** What a log held when it was opened. */
export interface ReplayReport {
  readonly records: number;
  readonly bytes: number;
  /** Bytes after the last whole record of the last segment: a write that was cut off and never acknowledged. */
  readonly cutBytes: number;
  /** Segments in which something was changed after it was written, and how many bytes could not be read. They are kept as `*.damaged`. */
  readonly damaged: readonly { readonly file: string; readonly lostBytes: number }[];
  /** Segments of another database, or of another state of this one, which were not read: where they are now, and why. */
  readonly foreign: readonly { readonly file: string; readonly reason: string }[];
}

/** What a log is opened with. */
export interface SampleLogOptions {
  /** Made when it is missing. */
  readonly dir: string;
  /** {@link STORE_ID_BYTES} bytes that the database has too: a log beside another database is put aside. */
  readonly storeId: Uint8Array;
  /** Why a segment with these series cannot be of this database; `undefined` when it can. */
  readonly refuse: (series: readonly LoggedSeries[]) => string | undefined;
  /** Handed every record: segment by segment, in each first what was known when it was begun, then its samples. */
  readonly replay: (record: LogRecord) => void;
}

/**
 * The durable log of samples that are not yet among the chunks: numbered segments, each a row of records. What `append` resolved
 * for is on the disk.
 */
export class SampleLog {
  readonly #dir: string;
  readonly #header: Uint8Array;
  #segment: number;
  #file: FileHandle;
  #sizeBytes = HEADER_BYTES;
  /** Of segments before, while they are not deleted. */
  #olderBytes: number;
  /** Paths of segments that were changed after they were written: they are put aside, not deleted. */
  readonly #damaged: ReadonlySet<string>;

  private constructor(
    { dir, storeId }: SampleLogOptions,
    segment: number,
    file: FileHandle,
    report: Pick<ReplayReport, 'damaged' | 'bytes'>,
  ) {
    this.#dir = dir;
    this.#header = headerOf(storeId);
    this.#segment = segment;
    this.#file = file;
    this.#olderBytes = report.bytes;
    this.#damaged = new Set(report.damaged.map((each) => each.file));
  }

  /**
   * Opens the log of a folder. Everything that is there is replayed, oldest first; then a new segment is begun, so that nothing
   * is ever written behind a record that was cut off.
   */
  static async open(options: SampleLogOptions): Promise<{ log: SampleLog; report: ReplayReport }> {
    const { dir, storeId } = options;
    await mkdir(dir, { recursive: true });
    const segments = await listSegments(dir);
    const report = {
      records: 0,
      bytes: 0,
      cutBytes: 0,
      damaged: [] as { file: string; lostBytes: number }[],
      foreign: [] as { file: string; reason: string }[],
    };
    for (const segment of segments) {
      const file = segmentPath(dir, segment);
      const bytes = await readFile(file);
      const read = readSegment(bytes, options);
      if (read.kind === 'foreign') {
        await rename(file, `${file}.foreign`);
        report.foreign.push({ file: `${file}.foreign`, reason: read.reason });
        continue;
      }
      report.bytes += bytes.length;
      report.records += read.records;
      const lostBytes = bytes.length - read.upTo;
      if (lostBytes === 0) continue;
      if (segment === segments.at(-1) && read.cut) report.cutBytes = lostBytes;
      else report.damaged.push({ file, lostBytes });
    }
    const next = (segments.at(-1) ?? 0) + 1;
    const file = await beginSegment(dir, next, headerOf(storeId));
    return { log: new SampleLog(options, next, file, report), report };
  }

  /** Bytes in the segment that is written. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Bytes that a start would read now. */
  get totalBytes(): number {
    return this.#sizeBytes + this.#olderBytes;
  }

  /** Writes records and forces them to the disk. Rejects when the disk refuses; then nothing of them may be relied on, nor of what follows. */
  async append(records: readonly LogRecord[]): Promise<void> {
    const parts = records.flatMap(encodeRecord);
    const length = await writeAll(this.#file, parts);
    await this.#file.datasync();
    this.#sizeBytes += length;
  }

  /** Begins a new segment with the given records; answers its number, for {@link deleteBefore}. */
  async rotate(records: readonly LogRecord[]): Promise<number> {
    const segment = this.#segment + 1;
    const file = await beginSegment(this.#dir, segment, this.#header).catch(async (error: unknown) => {
      await rm(segmentPath(this.#dir, segment), { force: true });
      throw error;
    });
    const before = this.#file;
    this.#segment = segment;
    this.#file = file;
    this.#olderBytes += this.#sizeBytes;
    this.#sizeBytes = HEADER_BYTES;
    await before.close();
    if (records.length > 0) await this.append(records);
    return segment;
  }

  /** Deletes the segments before the given one: what they hold is elsewhere now. Damaged ones are kept as `*.damaged`. */
  async deleteBefore(segment: number): Promise<void> {
    for (const old of await listSegments(this.#dir)) {
      if (old >= segment) continue;
      const file = segmentPath(this.#dir, old);
      if (this.#damaged.has(file)) await rename(file, `${file}.damaged`);
      else await rm(file, { force: true });
    }
    this.#olderBytes = 0;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function listSegments(dir: string): Promise<number[]> {
  const names = await readdir(dir);
  return names
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

function segmentPath(dir: string, segment: number): string {
  return path.join(dir, `${String(segment).padStart(10, '0')}.log`);
}

function headerOf(storeId: Uint8Array): Uint8Array {
  return Buffer.concat([MAGIC, storeId]);
}

async function beginSegment(dir: string, segment: number, header: Uint8Array): Promise<FileHandle> {
  const file = await open(segmentPath(dir, segment), 'wx', 0o600);
  await writeAll(file, [header]);
  await file.datasync();
  // The entry in the folder must be as durable as the file.
  const folder = await open(dir, 'r');
  await folder.sync().finally(() => folder.close());
  return file;
}

/** Answers how many bytes were written. */
async function writeAll(file: FileHandle, parts: readonly Uint8Array[]): Promise<number> {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const { bytesWritten } = await file.writev(parts);
  if (bytesWritten === length) return length;
  // A disk that takes less than it was given, as one that fills up does: what is left goes in one piece.
  const rest = Buffer.concat(parts).subarray(bytesWritten);
  for (let at = 0; at < rest.length; ) at += (await file.write(rest, at)).bytesWritten;
  return length;
}

type ReadSegment =
  | { readonly kind: 'read'; readonly records: number; readonly upTo: number; readonly cut: boolean }
  | { readonly kind: 'foreign'; readonly reason: string };

/**
 * What was known when the segment was begun is written into it while samples come already; so it is replayed first, and samples
 * that it holds are then there.
 */
function readSegment(bytes: Uint8Array, { storeId, refuse, replay }: SampleLogOptions): ReadSegment {
  if (bytes.length < HEADER_BYTES) return { kind: 'read', records: 0, upTo: 0, cut: true };
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return { kind: 'read', records: 0, upTo: 0, cut: false };
  if (storeId.some((byte, i) => bytes[MAGIC.length + i] !== byte)) {
    return { kind: 'foreign', reason: 'it was written beside another database' };
  }
  const known: LogRecord[] = [];
  const samplesAt: number[] = [];
  let at = HEADER_BYTES;
  let cut = false;
  while (at < bytes.length) {
    const read = readRecord(bytes, at);
    if (read.kind !== 'record') {
      cut = read.kind === 'cut';
      break;
    }
    if (read.record.kind === 'samples' || read.record.kind === 'histograms') samplesAt.push(at);
    else known.push(read.record);
    at = read.next;
  }
  for (const record of known) {
    const reason = record.kind === 'series' ? refuse(record.series) : undefined;
    if (reason !== undefined) return { kind: 'foreign', reason };
  }
  for (const record of known) replay(record);
  for (const place of samplesAt) {
    const read = readRecord(bytes, place);
    if (read.kind === 'record') replay(read.record);
  }
  return { kind: 'read', records: known.length + samplesAt.length, upTo: at, cut };
}
