import type { RawSpan } from '@vedetta/model';
import type { IngestOutcome } from '../pipeline.js';

/** Spans that may wait for the store: some seconds of a busy gateway, some hundred MiB at worst. */
const MAX_WAITING_SPANS = 50_000;
/** Batches that are written at once: the store gathers them into one commit. */
const MAX_WRITES = 4;
const MAX_BATCH_SPANS = 2048;
/** A busy store is asked again after what it says, this long at most. */
const MAX_RETRY_MS = 2000;

/** What the queue is made of. */
export interface SpanQueueParts {
  readonly write: (spans: readonly RawSpan[]) => Promise<IngestOutcome>;
}

/**
 * The way of the gateway's spans to the pipeline: calls never wait for it. What a busy store refuses is offered again; what there
 * is no room for, or what the store fails to take, is dropped and counted.
 */
export class SpanQueue {
  readonly #write: SpanQueueParts['write'];
  #batches: RawSpan[][] = [];
  #waiting = 0;
  #writes = 0;
  #pausedUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  #closing = false;
  droppedSpans = 0;

  constructor({ write }: SpanQueueParts) {
    this.#write = write;
  }

  get waitingSpans(): number {
    return this.#waiting;
  }

  push(spans: RawSpan[]): void {
    if (this.#waiting + spans.length > MAX_WAITING_SPANS) {
      this.droppedSpans += spans.length;
      return;
    }
    this.#waiting += spans.length;
    const last = this.#batches.at(-1);
    // What arrives while the writes are taken goes together.
    if (this.#writes >= MAX_WRITES && last !== undefined && last.length + spans.length <= MAX_BATCH_SPANS) {
      for (const span of spans) last.push(span);
    } else this.#batches.push(spans);
    this.#pump();
  }

  /** Resolves when nothing waits; a store that stays busy is not waited for. */
  close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#timer);
    this.#pausedUntilMs = 0;
    this.#pump();
    if (this.#waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    while (this.#writes < MAX_WRITES && this.#batches.length > 0 && this.#pausedUntilMs <= performance.now()) {
      const batch = this.#batches.shift() as RawSpan[];
      this.#writes += 1;
      void this.#writeBatch(batch);
    }
  }

  async #writeBatch(batch: RawSpan[]): Promise<void> {
    let outcome: IngestOutcome | undefined;
    try {
      outcome = await this.#write(batch);
    } catch {
      // Counted below as dropped: the pipeline has no answer for these spans.
    }
    this.#writes -= 1;
    if (outcome?.kind === 'busy' && !this.#closing) {
      this.#batches.unshift(batch);
      this.#pause(Math.min(MAX_RETRY_MS, Math.max(10, outcome.retryAfterMs)));
    } else {
      this.#waiting -= batch.length;
      if (outcome?.kind !== 'stored') this.droppedSpans += batch.length;
    }
    if (this.#waiting === 0) for (const resolve of this.#idle.splice(0)) resolve();
    this.#pump();
  }

  #pause(ms: number): void {
    this.#pausedUntilMs = performance.now() + ms;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#pausedUntilMs = 0;
      this.#pump();
    }, ms);
  }
}
