import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord } from './log-record.js';
import { encodeRecord, readRecord } from './log-record.js';

const SEGMENT = /^(\d{10})\.log$/;
/** Tells a log of another byte order or another form apart: text, then a number in this machine's order. */
const MAGIC = new Uint8Array([...new TextEncoder().encode('VEDSMPL1'), ...new Uint8Array(new Uint32Array([1]).buffer)]);

/** What a log held when it was opened. */
export interface ReplayReport {
  readonly records: number;
  readonly bytes: number;
  /** Bytes after the last whole record of the last segment: a write that was cut off and never acknowledged. */
  readonly cutBytes: number;
  /** Segments in which something was changed after it was written, and how many bytes could not be read. */
  readonly damaged: readonly { readonly file: string; readonly lostBytes: number }[];
}

/**
 * The durable log of samples that are not yet among the chunks: numbered segments, each a row of records. What `append` resolved
 * for is on the disk.
 */
export class SampleLog {
  readonly #dir: string;
  #segment: number;
  #file: FileHandle;
  #sizeBytes: number;
  /** Paths of segments that were changed after they were written: they are put aside, not deleted. */
  readonly #damaged: ReadonlySet<string>;

  private constructor(dir: string, segment: number, file: FileHandle, damaged: ReadonlySet<string>) {
    this.#damaged = damaged;
    this.#dir = dir;
    this.#segment = segment;
    this.#file = file;
    this.#sizeBytes = MAGIC.length;
  }

  /**
   * Opens the log of a folder, made when it is missing. Each record that is there is handed to `replay`, oldest first; then a
   * new segment is begun, so that nothing is ever written behind a record that was cut off.
   */
  static async open(
    dir: string,
    replay: (record: LogRecord) => void,
  ): Promise<{ log: SampleLog; report: ReplayReport }> {
    await mkdir(dir, { recursive: true });
    const segments = await listSegments(dir);
    const report = { records: 0, bytes: 0, cutBytes: 0, damaged: [] as { file: string; lostBytes: number }[] };
    for (const segment of segments) {
      const last = segment === segments.at(-1);
      const bytes = await readFile(segmentPath(dir, segment));
      report.bytes += bytes.length;
      const readBytes = replaySegment(bytes, (record) => {
        report.records += 1;
        replay(record);
      });
      const lostBytes = bytes.length - readBytes.upTo;
      if (lostBytes === 0) continue;
      if (last && readBytes.cut) report.cutBytes = lostBytes;
      else report.damaged.push({ file: segmentPath(dir, segment), lostBytes });
    }
    const next = (segments.at(-1) ?? 0) + 1;
    const damaged = new Set(report.damaged.map(({ file }) => file));
    return { log: new SampleLog(dir, next, await beginSegment(dir, next), damaged), report };
  }

  /** Bytes in the segment that is written. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Writes records and forces them to the disk. Rejects when the disk refuses; then nothing of them may be relied on, nor of what follows. */
  async append(records: readonly LogRecord[]): Promise<void> {
    const buffers = records.map(encodeRecord);
    const bytes = buffers.length === 1 && buffers[0] !== undefined ? buffers[0] : Buffer.concat(buffers);
    await writeAll(this.#file, bytes);
    await this.#file.datasync();
    this.#sizeBytes += bytes.length;
  }

  /** Begins a new segment with the given records; answers its number, for {@link deleteBefore}. */
  async rotate(records: readonly LogRecord[]): Promise<number> {
    const segment = this.#segment + 1;
    const file = await beginSegment(this.#dir, segment);
    const before = this.#file;
    this.#segment = segment;
    this.#file = file;
    this.#sizeBytes = MAGIC.length;
    await before.close();
    if (records.length > 0) await this.append(records);
    return segment;
  }

  /** Deletes the segments before the given one: what they hold is among the chunks now. Damaged ones are kept as `*.damaged`. */
  async deleteBefore(segment: number): Promise<void> {
    for (const old of await listSegments(this.#dir)) {
      if (old >= segment) continue;
      const file = segmentPath(this.#dir, old);
      if (this.#damaged.has(file)) await rename(file, `${file}.damaged`);
      else await rm(file, { force: true });
    }
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

async function beginSegment(dir: string, segment: number): Promise<FileHandle> {
  const file = await open(segmentPath(dir, segment), 'wx', 0o600);
  await writeAll(file, MAGIC);
  await file.datasync();
  // The entry in the folder must be as durable as the file.
  const folder = await open(dir, 'r');
  await folder.sync().finally(() => folder.close());
  return file;
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await file.write(bytes, at);
    at += bytesWritten;
  }
}

function replaySegment(bytes: Uint8Array, replay: (record: LogRecord) => void): { upTo: number; cut: boolean } {
  if (bytes.length < MAGIC.length) return { upTo: 0, cut: true };
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) return { upTo: 0, cut: false };
  let at = MAGIC.length;
  while (at < bytes.length) {
    const read = readRecord(bytes, at);
    if (read.kind !== 'record') return { upTo: at, cut: read.kind === 'cut' };
    replay(read.record);
    at = read.next;
  }
  return { upTo: at, cut: false };
}
