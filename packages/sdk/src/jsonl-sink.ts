import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { appendFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { performanceLine } from './performance-line.js';
import type { Sink, SinkContext, SinkStats } from './sink.js';
import type { SpanRecord } from './span-record.js';

/** Where and how the performance log is written. */
export interface JsonlSinkOptions {
  /** Made when it does not exist. */
  readonly directory: string;
  /** Longest wait of a line, in milliseconds. Default 250. */
  readonly flushIntervalMs?: number;
  /** Bytes of lines that may wait for the disk; what comes on top is dropped and counted. Default 16 MiB. */
  readonly maxQueueBytes?: number;
}

/** How long the end of the process waits for a write that is under way. */
const PENDING_WRITE_MS = 100;

/**
 * Writes a line of JSON a request into one file a day, `YYYYMMDD_performance.jsonl` by the day (UTC) on which the request ended.
 * Several processes may write into one directory: lines are appended whole. Figures count requests, not spans.
 */
export function jsonlSink(options: JsonlSinkOptions): Sink {
  return new JsonlSink(options);
}

interface Write {
  readonly file: string;
  readonly text: string;
  readonly lines: number;
  /** Size of the file before the write, once it is known. */
  sizeBefore: number | undefined;
}

class JsonlSink implements Sink {
  readonly name = 'jsonl';
  readonly #directory: string;
  readonly #intervalMs: number;
  readonly #maxBytes: number;
  #notice: SinkContext['notice'] = () => {};
  #byFile = new Map<string, string[]>();
  #queuedBytes = 0;
  #offered = 0;
  #delivered = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #pending: Write[] = [];
  #writing: Promise<void> | undefined;

  constructor(options: JsonlSinkOptions) {
    this.#directory = options.directory;
    this.#intervalMs = options.flushIntervalMs ?? 250;
    this.#maxBytes = options.maxQueueBytes ?? 16 * 1024 * 1024;
  }

  open(context: SinkContext): void {
    this.#notice = (message) => context.notice(message);
  }

  write(spans: readonly SpanRecord[]): void {
    for (const span of spans) {
      if (span.summary === undefined) continue;
      this.#offered += 1;
      const line = performanceLine(span, span.summary);
      if (this.#queuedBytes + line.length > this.#maxBytes) {
        this.#drop(1, 'the disk does not keep up');
        continue;
      }
      this.#queuedBytes += line.length;
      const file = join(this.#directory, `${day(span.endUnixMs)}_performance.jsonl`);
      const lines = this.#byFile.get(file);
      if (lines === undefined) this.#byFile.set(file, [line]);
      else lines.push(line);
      this.#timer ??= setTimeout(() => this.#start(), this.#intervalMs).unref();
    }
  }

  async flush(timeoutMs: number): Promise<void> {
    this.#start();
    if (this.#writing === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([this.#writing, late]);
    clearTimeout(timer);
  }

  flushSync(): void {
    this.#collect();
    const pending = this.#pending;
    this.#pending = [];
    for (const write of pending) {
      if (write.sizeBefore !== undefined && hasGrown(write, write.sizeBefore)) this.#done(write);
      else this.#appendSync(write);
    }
  }

  stats(): SinkStats {
    const queued = this.#offered - this.#delivered - this.#dropped;
    return { offered: this.#offered, delivered: this.#delivered, dropped: this.#dropped, queued };
  }

  #start(): void {
    this.#collect();
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  #collect(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [file, lines] of this.#byFile) {
      this.#pending.push({ file, text: lines.join(''), lines: lines.length, sizeBefore: undefined });
    }
    this.#byFile = new Map();
  }

  async #writeAll(): Promise<void> {
    for (let write = this.#pending[0]; write !== undefined; write = this.#pending[0]) {
      let problem: unknown;
      try {
        await mkdir(this.#directory, { recursive: true });
        const sizeBefore = await stat(write.file).then(
          ({ size }) => size,
          () => 0,
        );
        // A synchronous flush may have taken it over.
        if (this.#pending[0] !== write) return;
        write.sizeBefore = sizeBefore;
        await appendFile(write.file, write.text);
      } catch (error) {
        problem = error;
      }
      // Again: it writes what is under way itself when it can't see it arrive.
      if (this.#pending[0] !== write) return;
      this.#pending.shift();
      if (problem === undefined) this.#done(write);
      else this.#failed(write, problem);
    }
  }

  #appendSync(write: Write): void {
    try {
      mkdirSync(this.#directory, { recursive: true });
      appendFileSync(write.file, write.text);
      this.#done(write);
    } catch (error) {
      this.#failed(write, error);
    }
  }

  #done(write: Write): void {
    this.#delivered += write.lines;
    this.#queuedBytes -= write.text.length;
  }

  #failed(write: Write, error: unknown): void {
    this.#queuedBytes -= write.text.length;
    this.#drop(write.lines, error instanceof Error ? error.message : 'the file could not be written');
  }

  #drop(lines: number, reason: string): void {
    this.#dropped += lines;
    this.#notice(() => `lines of the performance log dropped (${reason}): ${lines}, since the start: ${this.#dropped}`);
  }
}

/** Waits a moment for a write that a thread has under way: writing it again would double its lines. */
function hasGrown(write: Write, sizeBefore: number): boolean {
  const wanted = sizeBefore + Buffer.byteLength(write.text);
  const deadline = performance.now() + PENDING_WRITE_MS;
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (performance.now() < deadline) {
    try {
      if (statSync(write.file).size >= wanted) return true;
    } catch {
      // The file is not there yet.
    }
    Atomics.wait(nobody, 0, 0, 5);
  }
  return false;
}

function day(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10).replaceAll('-', '');
}
