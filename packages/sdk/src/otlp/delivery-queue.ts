import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SinkStats } from '../sink.js';
import { backoffMs } from './backoff.js';
import { postSync } from './flush-worker.js';
import type { Post, PostResult } from './post.js';
import { createPost } from './post.js';

/** Smaller bodies grow or stay as they are when compressed. */
const MIN_GZIP_BYTES = 1024;
/** A batch that could not be delivered for this long makes room for newer ones. */
const MAX_BATCH_AGE_MS = 300_000;
/**
 * Longest flush at the end of a process when the last call got no answer: such a call may just have held the end up by as long as
 * a connection may take.
 */
const UNREACHABLE_FLUSH_MS = 750;

const gzipAsync = promisify(gzip);

/** Where batches go and how. */
export interface DeliveryOptions {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** Of the bodies. */
  readonly contentType: string;
  /** A call without an answer counts as lost after this. */
  readonly timeoutMs: number;
  /** Calls at a time while the server answers; one while it does not. */
  readonly maxCalls: number;
  /** What is counted, for notices: `spans`. */
  readonly unit: string;
  /** A batch will never be taken: the server answered this status, or the call could not be made. */
  readonly onRefused?: (status: number | undefined) => void;
}

/** What travels together. */
export interface Batch {
  readonly count: number;
  /** Memory that it takes, roughly. */
  readonly bytes: number;
  /** The body. Called once, outside of the application's call stack unless the process ends. */
  encode(): Uint8Array;
}

interface QueuedBatch {
  /** Grows from batch to batch. */
  readonly sequence: number;
  readonly count: number;
  readonly bytes: number;
  readonly sealedMs: number;
  /** `undefined` once it was called. */
  encode: (() => Uint8Array) | undefined;
  body: Uint8Array | undefined;
  gzipped: Uint8Array | undefined;
}

/**
 * Batches on their way over OTLP/HTTP, in their order: compressed, retried with growing pauses, counted. What is offered is
 * delivered, dropped or queued, always. Keeps no process alive.
 */
export class DeliveryQueue {
  /** Reports trouble in a sentence. */
  notice: (message: () => string) => void = () => {};
  readonly #options: DeliveryOptions;
  readonly #post: Post;
  readonly #closePost: () => void;
  #waiting: QueuedBatch[] = [];
  readonly #calls = new Set<QueuedBatch>();
  #queuedBytes = 0;
  #offered = 0;
  #delivered = 0;
  #dropped = 0;
  #failures = 0;
  #pausedUntilMs = 0;
  /** The last call got no answer at all. */
  #unreachable = false;
  #pauseTimer: NodeJS.Timeout | undefined;
  #pumping = false;
  #closed = false;
  #sealed = 0;
  /** Flushes under way, each until no batch up to `sequence` is outstanding. */
  #waiters: { readonly sequence: number; readonly done: () => void }[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = { ...options, headers: { ...options.headers, 'content-type': options.contentType } };
    const { post, close } = createPost(options.url, this.#options.headers, options.timeoutMs);
    this.#post = post;
    this.#closePost = close;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** What was offered and is neither delivered nor dropped. */
  get queued(): number {
    return this.#offered - this.#delivered - this.#dropped;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Batches that wait for a call. */
  get waiting(): number {
    return this.#waiting.length;
  }

  stats(): SinkStats {
    return { offered: this.#offered, delivered: this.#delivered, dropped: this.#dropped, queued: this.queued };
  }

  /** Counts what will come in a batch. */
  offer(count: number, bytes: number): void {
    this.#offered += count;
    this.#queuedBytes += bytes;
  }

  /** Counts what is taken from nobody. */
  refuse(count: number, reason: string): void {
    this.#offered += count;
    this.#drop(count, reason);
  }

  /** Takes a batch of what was offered. */
  add({ count, bytes, encode }: Batch): void {
    this.#sealed += 1;
    this.#waiting.push({
      sequence: this.#sealed,
      count,
      bytes,
      sealedMs: performance.now(),
      encode,
      body: undefined,
      gzipped: undefined,
    });
    this.#pumpSoon();
  }

  /** Drops the batch that has waited longest. */
  dropOldest(reason: string): void {
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    this.#queuedBytes -= batch.bytes;
    this.#drop(batch.count, reason);
    this.#wakeWaiters();
  }

  /** Resolves when every batch added so far is delivered or dropped, at the latest after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    const sequence = this.#sealed;
    if (!this.#isOutstanding(sequence)) return;
    this.#pausedUntilMs = 0;
    this.#pump();
    await new Promise<void>((resolve) => {
      // The one timer that keeps the process alive: somebody waits for this.
      const timer = setTimeout(() => done(), timeoutMs);
      const done = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#waiters.push({ sequence, done });
    });
  }

  /** The process ends: delivers or drops everything before it returns. */
  flushSync(timeoutMs: number): void {
    const batches = [...this.#calls, ...this.#waiting];
    this.#waiting = [];
    this.#calls.clear();
    if (batches.length === 0) return;
    const bodies = batches.map((batch) => () => bodyOf(batch));
    const patienceMs = this.#unreachable ? Math.min(timeoutMs, UNREACHABLE_FLUSH_MS) : timeoutMs;
    const delivered = postSync(this.#options.url, this.#options.headers, bodies, patienceMs);
    batches.forEach((batch, i) => {
      if (delivered[i] === true) this.#delivered += batch.count;
      else this.#dropped += batch.count;
      this.#queuedBytes -= batch.bytes;
    });
  }

  /** Drops what is left and closes the connections. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#pauseTimer);
    for (const batch of [...this.#calls, ...this.#waiting]) {
      this.#dropped += batch.count;
      this.#queuedBytes -= batch.bytes;
    }
    this.#waiting = [];
    this.#calls.clear();
    this.#wakeWaiters();
    this.#closePost();
  }

  /** Encoding waits for the application to give way, and for other work between two batches. */
  #pumpSoon(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#pump();
    }).unref();
  }

  #pump(): void {
    const pauseMs = this.#pausedUntilMs - performance.now();
    if (pauseMs > 0 || this.#closed) return;
    if (this.#calls.size >= (this.#failures > 0 ? 1 : this.#options.maxCalls)) return;
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    this.#calls.add(batch);
    this.#send(batch).then((result) => this.#settle(batch, result));
    if (this.#waiting.length > 0) this.#pumpSoon();
  }

  async #send(batch: QueuedBatch): Promise<PostResult> {
    try {
      const body = bodyOf(batch);
      if (body.length >= MIN_GZIP_BYTES) batch.gzipped ??= await gzipAsync(body, { level: 1 });
      return await this.#post(batch.gzipped ?? body, batch.gzipped !== undefined);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'the batch could not be encoded';
      return { kind: 'refused', status: undefined, reason };
    }
  }

  #settle(batch: QueuedBatch, result: PostResult): void {
    // Already accounted for by a synchronous flush or a close.
    if (!this.#calls.delete(batch)) return;
    this.#unreachable = result.kind === 'retry' && result.afterMs === undefined;
    switch (result.kind) {
      case 'delivered': {
        const rejected = Math.min(result.rejected, batch.count);
        this.#failures = 0;
        this.#delivered += batch.count - rejected;
        if (rejected > 0) this.#drop(rejected, `the server rejected them: ${result.reason}`);
        break;
      }
      case 'refused':
        this.#options.onRefused?.(result.status);
        this.#drop(batch.count, result.reason);
        break;
      case 'retry':
        if (this.#pause(batch, result)) return;
        this.#drop(batch.count, result.reason);
        break;
    }
    this.#queuedBytes -= batch.bytes;
    this.#wakeWaiters();
    this.#pump();
  }

  /** Puts the batch back and waits; false when it has waited long enough. */
  #pause(batch: QueuedBatch, result: { readonly afterMs: number | undefined; readonly reason: string }): boolean {
    this.#failures += 1;
    const delayMs = backoffMs(this.#failures, result.afterMs, Math.random());
    this.#pausedUntilMs = performance.now() + delayMs;
    clearTimeout(this.#pauseTimer);
    this.#pauseTimer = setTimeout(() => {
      this.#pausedUntilMs = 0;
      this.#pump();
    }, delayMs).unref();
    if (performance.now() - batch.sealedMs > MAX_BATCH_AGE_MS) return false;
    this.#waiting.unshift(batch);
    const { url, unit } = this.#options;
    this.notice(
      () =>
        `cannot deliver to ${url} (${result.reason}): ${unit} waiting: ${this.queued}, dropped: ${this.#dropped}. The application is not affected.`,
    );
    return true;
  }

  #drop(count: number, reason: string): void {
    this.#dropped += count;
    if (this.#closed) return;
    const { url, unit } = this.#options;
    this.notice(() => `${unit} dropped for ${url} (${reason}): ${count}, since the start: ${this.#dropped}`);
  }

  #isOutstanding(upTo: number): boolean {
    for (const batch of this.#calls) if (batch.sequence <= upTo) return true;
    return this.#waiting.some((batch) => batch.sequence <= upTo);
  }

  #wakeWaiters(): void {
    const ready = this.#waiters.filter(({ sequence }) => !this.#isOutstanding(sequence));
    if (ready.length === 0) return;
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.done();
  }
}

function bodyOf(batch: QueuedBatch): Uint8Array {
  batch.body ??= batch.encode?.() ?? new Uint8Array();
  batch.encode = undefined;
  return batch.body;
}
