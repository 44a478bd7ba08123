import type { CustomEventRow, RequestRow, ScoreRow, Span } from '@vedetta/model';
import type { LlmCallReader } from './llm-call-reader.js';
import type { MaintenanceStore } from './maintenance.js';
import type { RequestReader } from './request-reader.js';
import type { SampleStore } from './sample-store.js';
import type { SqlReader } from './sql-reader.js';
import type { SystemMetricStore } from './system-metrics.js';

/**
 * Everything Vedetta keeps. An adapter implements it over one engine; the contract suite (`@vedetta/store/contract`) holds
 * every adapter to the same behaviour. No SQL of an engine passes this interface, but for {@link SqlReader}, which exists
 * to answer the user's own SQL.
 */
export interface Store {
  readonly writer: StoreWriter;
  readonly requests: RequestReader;
  readonly llmCalls: LlmCallReader;
  readonly sql: SqlReader;
  /** Metric samples: series by labels, with a log of their own. */
  readonly samples: SampleStore;
  readonly systemMetrics: SystemMetricStore;
  readonly maintenance: MaintenanceStore;
  /** Drains accepted writes, then closes. Calls after it fail. Idempotent. */
  close(): Promise<void>;
}

/** The one way in. */
export interface StoreWriter {
  /**
   * Stores spans with everything that is derived from them (requests, phases, LLM calls, custom events, scores).
   *
   * Resolves after the data is durable, never before: `stored` may be acknowledged to the sender. Writes of many callers
   * are committed together. A span already stored under the same (trace id, span id) is counted in `duplicateSpans` and
   * changes nothing, but for an announced (running) span, which its final form replaces. An empty batch is `stored` at once.
   */
  write(spans: readonly Span[]): Promise<WriteOutcome>;
  /** Called after each commit with the requests it created or changed. Never awaited, never in the way of a commit. */
  onCommit(listener: (commit: Commit) => void): () => void;
  /** Current state of the queue in front of the engine. */
  state(): WriterState;
}

export type WriteOutcome =
  | { readonly kind: 'stored'; readonly storedSpans: number; readonly duplicateSpans: number }
  /** The queue is full: nothing was taken; the sender may retry after the given time (HTTP 503 with Retry-After). */
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  /** The engine refused or failed: nothing is acknowledged; a retry is safe (HTTP 503). */
  | { readonly kind: 'failed'; readonly message: string };

/** What one commit changed. */
export interface Commit {
  readonly requests: readonly RequestRow[];
  readonly customEvents: readonly CustomEventRow[];
  readonly scores: readonly ScoreRow[];
  /** Spans that are new; for derived metrics. */
  readonly spans: readonly Span[];
}

export interface WriterState {
  readonly queuedSpans: number;
  readonly queuedBytesEstimate: number;
  readonly committedSpansTotal: number;
  readonly duplicateSpansTotal: number;
  readonly rejectedBusyTotal: number;
  readonly failedCommitsTotal: number;
  /** Duration of the latest commit; `undefined` before the first. */
  readonly lastCommitMs: number | undefined;
  /** The engine said that it cannot go on: every further write fails, and the process should exit and start again. `undefined` while all is well. */
  readonly fatalError: string | undefined;
}

/** Thrown by an adapter's `open...` function; `code` decides the exit code and the sentence the user reads. */
export class StoreOpenError extends Error {
  override readonly name = 'StoreOpenError';
  readonly code: 'locked' | 'not_writable' | 'newer_schema' | 'damaged' | 'failed';
  constructor(code: StoreOpenError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
