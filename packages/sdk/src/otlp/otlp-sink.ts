import { hostname } from 'node:os';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { SdkEnvironment } from '../environment.js';
import { readEnvironment } from '../environment.js';
import type { Sink, SinkContext, SinkStats } from '../sink.js';
import type { SpanRecord } from '../span-record.js';
import { SDK_VERSION } from '../version.js';
import { backoffMs } from './backoff.js';
import { encodeResource, encodeSpans } from './encode-spans.js';
import { postSync } from './flush-worker.js';
import type { OtlpSinkOptions, ResolvedOtlpOptions } from './otlp-options.js';
import { resolveOtlpOptions } from './otlp-options.js';
import type { Post, PostResult } from './post.js';
import { createPost } from './post.js';

/** Smaller bodies grow or stay as they are when compressed. */
const MIN_GZIP_BYTES = 1024;
/** Calls at a time while the server answers; one while it does not. */
const MAX_CALLS = 4;
/** A batch that could not be delivered for this long makes room for newer ones. */
const MAX_BATCH_AGE_MS = 300_000;
/**
 * Longest flush at the end of a process when the last call got no answer: such a call may just have held the end up by as long as
 * a connection may take.
 */
const UNREACHABLE_FLUSH_MS = 750;
/** Heap that a span record takes beside its texts, roughly. */
const RECORD_BYTES = 400;

const gzipAsync = promisify(gzip);

/**
 * Sends spans over OTLP/HTTP in protobuf: batched, compressed, retried with growing pauses. The queue is bounded; what does not
 * fit is dropped, whole requests at a time, and counted. Nothing is encoded in the application's call stack.
 */
export function otlpSink(options: OtlpSinkOptions = {}): Sink {
  return createOtlpSink(options, readEnvironment());
}

/** The same with an environment that was read already. */
export function createOtlpSink(options: OtlpSinkOptions, environment: SdkEnvironment): Sink {
  return new OtlpSink(resolveOtlpOptions(options, environment));
}

interface Batch {
  /** Grows from batch to batch. */
  readonly sequence: number;
  readonly count: number;
  readonly bytes: number;
  readonly sealedMs: number;
  /** Empty once they are encoded. */
  spans: readonly SpanRecord[];
  body: Uint8Array | undefined;
  gzipped: Uint8Array | undefined;
}

class OtlpSink implements Sink {
  readonly name = 'otlp';
  readonly announcements: boolean;
  readonly #options: ResolvedOtlpOptions;
  readonly #post: Post;
  readonly #closePost: () => void;
  #resource: Uint8Array = new Uint8Array();
  #notice: SinkContext['notice'] = () => {};
  #current: SpanRecord[] = [];
  #currentBytes = 0;
  #waiting: Batch[] = [];
  readonly #calls = new Set<Batch>();
  #queuedBytes = 0;
  #offered = 0;
  #delivered = 0;
  #dropped = 0;
  #failures = 0;
  #pausedUntilMs = 0;
  /** The last call got no answer at all. */
  #unreachable = false;
  #sealTimer: NodeJS.Timeout | undefined;
  #pauseTimer: NodeJS.Timeout | undefined;
  #pumping = false;
  #closed = false;
  #sealed = 0;
  /** Flushes under way, each until no batch up to `sequence` is outstanding. */
  #waiters: { readonly sequence: number; readonly done: () => void }[] = [];

  constructor(options: ResolvedOtlpOptions) {
    this.#options = options;
    this.announcements = options.announcements;
    const { post, close } = createPost(options.url, options.headers, options.timeoutMs);
    this.#post = post;
    this.#closePost = close;
    this.#encodeResource('unknown_service:node');
  }

  open(context: SinkContext): void {
    this.#notice = (message) => context.notice(message);
    this.#encodeResource(context.serviceName);
    const { problem } = this.#options;
    if (problem !== undefined) context.notice(() => problem);
  }

  write(spans: readonly SpanRecord[]): void {
    const { maxQueueSpans, maxQueueBytes, batchSpans, flushIntervalMs } = this.#options;
    this.#offered += spans.length;
    const bytes = estimateBytes(spans);
    if (this.#closed || this.#queued() > maxQueueSpans || this.#queuedBytes + bytes > maxQueueBytes) {
      this.#drop(spans.length, 'the queue is full');
      return;
    }
    this.#queuedBytes += bytes;
    this.#currentBytes += bytes;
    for (const span of spans) this.#current.push(span);
    if (this.#current.length >= batchSpans) this.#seal();
    else this.#sealTimer ??= setTimeout(() => this.#seal(), flushIntervalMs).unref();
  }

  async flush(timeoutMs: number): Promise<void> {
    this.#seal();
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

  flushSync(timeoutMs: number): void {
    this.#seal();
    const batches = [...this.#calls, ...this.#waiting];
    this.#waiting = [];
    this.#calls.clear();
    if (batches.length === 0) return;
    const bodies = batches.map((batch) => () => this.#encode(batch));
    const patienceMs = this.#unreachable ? Math.min(timeoutMs, UNREACHABLE_FLUSH_MS) : timeoutMs;
    const delivered = postSync(this.#options.url, this.#options.headers, bodies, patienceMs);
    batches.forEach((batch, i) => {
      if (delivered[i] === true) this.#delivered += batch.count;
      else this.#dropped += batch.count;
      this.#queuedBytes -= batch.bytes;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#seal();
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

  stats(): SinkStats {
    return { offered: this.#offered, delivered: this.#delivered, dropped: this.#dropped, queued: this.#queued() };
  }

  #queued(): number {
    return this.#offered - this.#delivered - this.#dropped;
  }

  #seal(): void {
    clearTimeout(this.#sealTimer);
    this.#sealTimer = undefined;
    if (this.#current.length === 0) return;
    this.#sealed += 1;
    this.#waiting.push({
      sequence: this.#sealed,
      count: this.#current.length,
      bytes: this.#currentBytes,
      sealedMs: performance.now(),
      spans: this.#current,
      body: undefined,
      gzipped: undefined,
    });
    this.#current = [];
    this.#currentBytes = 0;
    this.#pumpSoon();
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
    if (this.#calls.size >= (this.#failures > 0 ? 1 : MAX_CALLS)) return;
    const batch = this.#waiting.shift();
    if (batch === undefined) return;
    this.#calls.add(batch);
    this.#send(batch).then((result) => this.#settle(batch, result));
    if (this.#waiting.length > 0) this.#pumpSoon();
  }

  async #send(batch: Batch): Promise<PostResult> {
    try {
      const body = this.#encode(batch);
      if (body.length >= MIN_GZIP_BYTES) batch.gzipped ??= await gzipAsync(body, { level: 1 });
      return await this.#post(batch.gzipped ?? body, batch.gzipped !== undefined);
    } catch (error) {
      return { kind: 'refused', reason: error instanceof Error ? error.message : 'the batch could not be encoded' };
    }
  }

  #settle(batch: Batch, result: PostResult): void {
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
  #pause(batch: Batch, result: { readonly afterMs: number | undefined; readonly reason: string }): boolean {
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
    this.#notice(
      () =>
        `cannot deliver to ${this.#options.url} (${result.reason}): spans waiting: ${this.#queued()}, dropped: ${this.#dropped}. The application is not affected.`,
    );
    return true;
  }

  #drop(count: number, reason: string): void {
    this.#dropped += count;
    if (this.#closed) return;
    this.#notice(
      () => `spans dropped for ${this.#options.url} (${reason}): ${count}, since the start: ${this.#dropped}`,
    );
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

  #encode(batch: Batch): Uint8Array {
    batch.body ??= encodeSpans(this.#resource, batch.spans);
    batch.spans = [];
    return batch.body;
  }

  #encodeResource(serviceName: string): void {
    this.#resource = encodeResource([
      ['service.name', this.#options.serviceName ?? serviceName],
      ['host.name', hostname()],
      ['process.pid', process.pid],
      ['telemetry.sdk.name', 'vedetta'],
      ['telemetry.sdk.language', 'nodejs'],
      ['telemetry.sdk.version', SDK_VERSION],
    ]);
  }
}

/** Roughly what the records hold in memory; exact enough to bound it. */
function estimateBytes(spans: readonly SpanRecord[]): number {
  let bytes = spans.length * RECORD_BYTES;
  for (const span of spans) {
    bytes += span.data.length + span.errorMessage.length;
    for (const [, value] of span.attributes) bytes += typeof value === 'string' ? value.length : 8;
  }
  return bytes;
}
