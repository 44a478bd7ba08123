import type { RawSpan } from '@vedetta/model';
import type { IngestOutcome } from '../pipeline.js';

/** Spans that may wait for the store: some seconds of a busy gateway, some hundred MiB at worst. */
const MAX_WAITING_SPANS = 50_000;
const MAX_BATCH_SPANS = 4096;
/** Time between two writes: no call waits for a commit, so there need not be many small ones. */
const PACE_MS = 250;
/** What a batch may hold before more is gathered for the next: under load a commit costs more than the rows in it. */
const BUSY_BATCH_SPANS = 256;
const BUSY_PACE = 4;
/** A busy store is asked again after what it says, this long at most. */
const MAX_RETRY_MS = 2000;

/** What the queue is made of. */
export interface SpanQueueParts {
  readonly write: (spans: readonly RawSpan[]) => Promise<IngestOutcome>;
  readonly paceMs?: number;
}

/**
 * The way of the gateway's spans to the pipeline: calls never wait for it. After a pause spans are written at once, under load they
 * are gathered. What a busy store refuses is offered again; what there is no room for, or what the store fails to take, is dropped
 * and counted.
 */
export class SpanQueue {
  readonly #write: SpanQueueParts['write'];
  readonly #paceMs: number;
  #waiting: RawSpan[] = [];
  #beingWritten = 0;
  #notBeforeMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  #closing = false;
  droppedSpans = 0;

  constructor({ write, paceMs = PACE_MS }: SpanQueueParts) {
    this.#write = write;
    this.#paceMs = paceMs;
  }

  get waitingSpans(): number {
    return this.#waiting.length + this.#beingWritten;
  }

  push(spans: readonly RawSpan[]): void {
    if (this.waitingSpans + spans.length > MAX_WAITING_SPANS) {
      this.droppedSpans += spans.length;
      return;
    }
    for (const span of spans) this.#waiting.push(span);
    this.#pump();
  }

  /** Resolves when nothing waits; a store that is busy then is not asked again. */
  close(): Promise<void> {
    this.#closing = true;
    this.#notBeforeMs = 0;
    this.#pump();
    if (this.waitingSpans === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    if (this.#beingWritten > 0 || this.#waiting.length === 0) return;
    const waitMs = this.#closing ? 0 : this.#notBeforeMs - performance.now();
    if (waitMs > 0 && this.#waiting.length < MAX_BATCH_SPANS) {
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#pump();
      }, waitMs);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const rest = this.#waiting.length > MAX_BATCH_SPANS ? this.#waiting.slice(MAX_BATCH_SPANS) : [];
    const batch = rest.length > 0 ? this.#waiting.slice(0, MAX_BATCH_SPANS) : this.#waiting;
    this.#waiting = rest;
    this.#beingWritten = batch.length;
    this.#notBeforeMs = performance.now() + this.#paceMs * (batch.length > BUSY_BATCH_SPANS ? BUSY_PACE : 1);
    void this.#writeBatch(batch);
  }

  async #writeBatch(batch: RawSpan[]): Promise<void> {
    let outcome: IngestOutcome | undefined;
    try {
      outcome = await this.#write(batch);
    } catch {
      // Counted below as dropped: the pipeline has no answer for these spans.
    }
    this.#beingWritten = 0;
    if (outcome?.kind === 'busy' && !this.#closing) {
      this.#waiting = batch.concat(this.#waiting);
      this.#notBeforeMs = performance.now() + Math.min(MAX_RETRY_MS, Math.max(this.#paceMs, outcome.retryAfterMs));
    } else if (outcome?.kind !== 'stored') this.droppedSpans += batch.length;
    if (this.waitingSpans === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#pump();
  }
}
