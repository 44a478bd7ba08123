import type { DuckDBConnection } from '@duckdb/node-api';
import type { Span } from '@vedetta/model';
import type { Commit, StoreWriter, WriteOutcome, WriterState } from '../../api/store.js';
import { isFatal, messageOf } from '../engine-errors.js';
import type { Turnstile } from '../turnstile.js';
import type { CommitPlan } from './commit-plan.js';
import { planCommit } from './commit-plan.js';
import type { CommitWriter } from './commit-writer.js';
import { estimateSpanBytes } from './span-size.js';
import { loadTraces } from './stored-traces.js';
import type { TraceState } from './trace-cache.js';
import { CACHE_AGE_MS, TraceCache } from './trace-cache.js';
import type { TraceFilter } from './trace-filter.js';

/** Spans of one commit at most: what the event loop copies into the engine in one go, some 30 ms. */
const MAX_COMMIT_SPANS = 4096;
/** A sender that is told to come back: a queue that is full empties in about this time. */
const RETRY_AFTER_MS = 1000;

/** Limits of the queue and its clock, resolved. */
export interface GroupCommitOptions {
  readonly groupCommitMs: number;
  readonly maxQueuedSpans: number;
  readonly maxQueuedBytes: number;
  readonly clock: () => number;
}

interface WaitingBatch {
  readonly spans: readonly Span[];
  readonly bytes: number;
  readonly settle: (outcome: WriteOutcome) => void;
}

/**
 * Gathers batches for a few milliseconds and commits them together. What arrives during a commit waits for the next one,
 * so that a slow disk makes commits larger, not more numerous.
 */
export class GroupCommitWriter implements StoreWriter {
  readonly #connection: DuckDBConnection;
  readonly #commits: CommitWriter;
  readonly #turnstile: Turnstile;
  readonly #filter: TraceFilter;
  readonly #filterReady: () => boolean;
  readonly #options: GroupCommitOptions;
  readonly #cache = new TraceCache();
  readonly #listeners = new Set<(commit: Commit) => void>();
  readonly #waiting: WaitingBatch[] = [];
  #timer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #draining: Promise<void> | undefined;
  #closed = false;
  #queuedSpans = 0;
  #queuedBytes = 0;
  #committedSpans = 0;
  #duplicateSpans = 0;
  #rejectedBusy = 0;
  #failedCommits = 0;
  #lastCommitMs: number | undefined;
  #fatalError: string | undefined;

  constructor(
    connection: DuckDBConnection,
    commits: CommitWriter,
    turnstile: Turnstile,
    filter: { readonly filter: TraceFilter; readonly ready: () => boolean },
    options: GroupCommitOptions,
  ) {
    this.#connection = connection;
    this.#commits = commits;
    this.#turnstile = turnstile;
    this.#filter = filter.filter;
    this.#filterReady = filter.ready;
    this.#options = options;
  }

  write(spans: readonly Span[]): Promise<WriteOutcome> {
    if (spans.length === 0) return Promise.resolve({ kind: 'stored', storedSpans: 0, duplicateSpans: 0 });
    if (this.#closed) return Promise.resolve({ kind: 'failed', message: 'The store is closed.' });
    if (this.#fatalError !== undefined) return Promise.resolve({ kind: 'failed', message: this.#fatalError });
    let bytes = 0;
    for (const span of spans) bytes += estimateSpanBytes(span);
    const { maxQueuedSpans, maxQueuedBytes } = this.#options;
    const full = this.#queuedSpans + spans.length > maxQueuedSpans || this.#queuedBytes + bytes > maxQueuedBytes;
    // A batch larger than the queue is taken when the queue is empty: refused, it would come back for ever.
    if (full && this.#queuedSpans > 0) {
      this.#rejectedBusy++;
      return Promise.resolve({ kind: 'busy', retryAfterMs: RETRY_AFTER_MS });
    }
    this.#queuedSpans += spans.length;
    this.#queuedBytes += bytes;
    return new Promise((settle) => {
      this.#waiting.push({ spans, bytes, settle });
      if (this.#draining === undefined && this.#timer === undefined) {
        this.#timer = setTimeout(() => this.#startDraining(), this.#options.groupCommitMs);
      }
    });
  }

  onCommit(listener: (commit: Commit) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  state(): WriterState {
    return {
      queuedSpans: this.#queuedSpans,
      queuedBytesEstimate: this.#queuedBytes,
      committedSpansTotal: this.#committedSpans,
      duplicateSpansTotal: this.#duplicateSpans,
      rejectedBusyTotal: this.#rejectedBusy,
      failedCommitsTotal: this.#failedCommits,
      lastCommitMs: this.#lastCommitMs,
      fatalError: this.#fatalError,
    };
  }

  /** Takes no more, commits what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    this.#startDraining();
    while (this.#draining !== undefined) await this.#draining;
  }

  /** Forgets what it knows of stored traces: rows were changed behind its back. Only from within the turnstile. */
  forgetTraces(): void {
    this.#cache.clear();
  }

  /** Tells listeners of requests that changed without a span. */
  announce(commit: Commit): void {
    for (const listener of this.#listeners) {
      try {
        listener(commit);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  #startDraining(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#draining !== undefined || this.#waiting.length === 0) return;
    clearTimeout(this.#idleTimer);
    this.#draining = this.#drain().finally(() => {
      this.#draining = undefined;
      // A sender that writes as soon as it is answered may come between the last look at the queue and this line.
      this.#startDraining();
      if (this.#closed || this.#draining !== undefined) return;
      // At rest the traces of the last burst are let go.
      this.#idleTimer = setTimeout(() => this.#cache.evict(this.#options.clock()), CACHE_AGE_MS + 1000);
      this.#idleTimer.unref();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#turnstile.run(() => this.#commitGroup());
  }

  async #commitGroup(): Promise<void> {
    const group = this.#takeGroup();
    const startMs = performance.now();
    let plan: CommitPlan;
    try {
      plan = await this.#plan(group.map(({ spans }) => spans));
      await this.#commits.write(plan);
    } catch (error) {
      this.#fail(group, error);
      return;
    } finally {
      for (const { spans, bytes } of group) {
        this.#queuedSpans -= spans.length;
        this.#queuedBytes -= bytes;
      }
    }
    this.#lastCommitMs = performance.now() - startMs;
    const nowMs = this.#options.clock();
    for (const { traceId, state } of plan.touched) {
      state.stored = true;
      state.touchedUnixMs = nowMs;
      this.#cache.keep(traceId, state);
    }
    this.#cache.evict(nowMs);
    plan.counts.forEach(({ storedSpans, duplicateSpans }, index) => {
      this.#committedSpans += storedSpans;
      this.#duplicateSpans += duplicateSpans;
      group[index]!.settle({ kind: 'stored', storedSpans, duplicateSpans });
    });
    if (this.#listeners.size > 0 && plan.touched.length > 0) this.announce(toCommit(plan));
  }

  #takeGroup(): WaitingBatch[] {
    let spans = 0;
    let batches = 0;
    for (const batch of this.#waiting) {
      if (batches > 0 && spans + batch.spans.length > MAX_COMMIT_SPANS) break;
      spans += batch.spans.length;
      batches++;
    }
    return this.#waiting.splice(0, batches);
  }

  async #plan(batches: readonly (readonly Span[])[]): Promise<CommitPlan> {
    const nowMs = this.#options.clock();
    const states = new Map<string, TraceState>();
    const unsure: string[] = [];
    for (const spans of batches) {
      for (const { traceId } of spans) {
        if (states.has(traceId)) continue;
        let state = this.#cache.get(traceId);
        if (state === undefined) {
          state = { spans: new Map(), stored: false, touchedUnixMs: nowMs };
          if (!this.#filterReady() || this.#filter.mayHave(traceId)) unsure.push(traceId);
        }
        // Out of the cache while it changes: a failed commit must leave nothing behind.
        this.#cache.delete(traceId);
        states.set(traceId, state);
      }
    }
    for (const [traceId, spans] of await loadTraces(this.#connection, unsure)) {
      states.set(traceId, { spans, stored: true, touchedUnixMs: nowMs });
    }
    for (const traceId of states.keys()) this.#filter.add(traceId);
    return planCommit(batches, states, nowMs);
  }

  #fail(group: readonly WaitingBatch[], error: unknown): void {
    this.#failedCommits++;
    const message = messageOf(error);
    if (isFatal(error)) this.#fatalError = message;
    for (const { settle } of group) settle({ kind: 'failed', message });
  }
}

function toCommit(plan: CommitPlan): Commit {
  const isNew = new Set(plan.ended.map((span) => span.traceId + span.spanId));
  return {
    requests: plan.touched.flatMap(({ derived }) => derived.requests),
    customEvents: plan.touched.flatMap(({ derived }) =>
      derived.customEvents.filter(({ eventId }) => isNew.has(eventId)),
    ),
    scores: plan.touched.flatMap(({ derived }) => derived.scores.filter(({ scoreId }) => isNew.has(scoreId))),
    spans: [...plan.ended, ...plan.running.map(({ span }) => span)],
  };
}
