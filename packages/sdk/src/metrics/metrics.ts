import type { SinkStats } from '../sink.js';
import type {
  AiRequestFacts,
  DatabaseOperationFacts,
  HttpRequestFacts,
  IndexingStatus,
  RagQueryFacts,
} from './facts.js';
import type { Counter, Gauge, Histogram, InstrumentOptions } from './instruments.js';
import type { Timed, TimedOutcome } from './timed.js';

/** A page of metrics as a scraper reads it. */
export interface MetricsPage {
  readonly contentType: string;
  readonly body: string;
}

/** Figures of the metrics themselves. Points are counted as spans are: `offered = delivered + dropped + queued`. */
export interface MetricsStats extends SinkStats {
  /** Series at `/metrics` now. */
  readonly series: number;
  /** Measurements that went to a series `other`, because their metric had as many series as it may. */
  readonly overflows: number;
}

/** A message of a chat. */
export interface ChatMessage {
  /** Who wrote it: `user` (default), `assistant`, or your own kinds of users. */
  readonly userType?: string;
  /** The conversation: it is active for five minutes. */
  readonly sessionId?: string;
  /** Who wrote it: see {@link Metrics.trackActiveUser}. */
  readonly userId?: string;
}

/** A file that was indexed. */
export interface IndexedFile {
  /** `pdf`, `md`... */
  readonly format: string;
  /** Default true. */
  readonly success?: boolean;
}

/** A call of a model that runs. */
export interface TimedAiRequest extends Timed<TimedOutcome & Pick<AiRequestFacts, 'usage'>> {
  /** Adds what becomes known during the call: its tokens, or the model that answered. */
  set(facts: Partial<Pick<AiRequestFacts, 'model' | 'type' | 'usage'>>): void;
}

/** A RAG query that runs. */
export interface TimedRagQuery extends Timed {
  /** Times a stage, until its promise settles or its generator ends; throws what `fn` throws. `retrieval` counts as a vector search too. */
  stage<T>(name: string, fn: () => T): T;
  /** A stage that has just ended. */
  recordStage(name: string, durationMs: number): void;
}

/** An indexing job that is queued or runs. */
export interface TimedIndexingJob extends Timed<TimedOutcome & { readonly status?: 'cancelled' }> {
  readonly status: IndexingStatus;
  /** A queued job runs now; its time starts here. */
  run(): void;
  /** A file was processed. */
  file(file: IndexedFile): void;
}

/**
 * Metrics of the application: counters, gauges and histograms of its own, those of Vedetta by a helper each, machine and process.
 * No method throws or blocks; the errors of callbacks pass through unchanged. Measurements made inside a request carry its trace
 * as their exemplar. Helpers count; they record no spans.
 */
export interface Metrics {
  /**
   * A counter of your own. Asked for the same name and labels again it answers the same one; what cannot be made is reported and
   * records nowhere. See {@link InstrumentOptions}.
   */
  counter<const Label extends string = never>(options: InstrumentOptions<Label>): Counter<Label>;
  /** A gauge of your own. */
  gauge<const Label extends string = never>(options: InstrumentOptions<Label>): Gauge<Label>;
  /** A gauge without labels whose value is asked for when metrics are collected; none while it is `undefined` or throws. */
  computedGauge(options: { readonly name: string; readonly help?: string }, value: () => number | undefined): void;
  /** A histogram of your own; `bounds` are the upper bounds of its buckets, those of durations in seconds by default. */
  histogram<const Label extends string = never>(
    options: InstrumentOptions<Label> & { readonly bounds?: readonly number[] },
  ): Histogram<Label>;

  /** An HTTP request that was answered: for servers that no integration tracks. */
  trackHttpRequest(request: HttpRequestFacts): void;
  /** A call of a model: for what neither `track` nor `trackCall` records. Those count by themselves. */
  trackAiRequest(request: AiRequestFacts): void;
  trackAiRequest<T>(request: AiRequestFacts, fn: (request: TimedAiRequest) => T): T;
  startAiRequest(request: AiRequestFacts): TimedAiRequest;

  trackChatMessage(message?: ChatMessage): void;
  /** The session is no longer active, before its five minutes are over. */
  endChatSession(sessionId: string): void;

  /** A RAG query; `rag_query_success_rate` is of the queries of the last 15 minutes. */
  trackRagQuery(query: RagQueryFacts): void;
  trackRagQuery<T>(fn: (query: TimedRagQuery) => T): T;
  startRagQuery(): TimedRagQuery;
  /** A vector search by itself: a stage `retrieval` of a query is one already. */
  trackVectorSearch(durationMs: number): void;
  trackVectorSearch<T>(fn: () => T): T;

  trackIndexingJob<T>(fn: (job: TimedIndexingJob) => T): T;
  /** A job that runs, or one that is `queued` until {@link TimedIndexingJob.run}. */
  startIndexingJob(options?: { readonly queued?: boolean }): TimedIndexingJob;
  /** A file that was indexed outside of a job. */
  trackFile(file: IndexedFile): void;

  trackDatabaseOperation(operation: DatabaseOperationFacts & { readonly durationMs: number }): void;
  trackDatabaseOperation<T>(operation: DatabaseOperationFacts, fn: () => T): T;
  startDatabaseOperation(operation: DatabaseOperationFacts): Timed;

  /**
   * Somebody uses the application: `active_users_total` is the number of different ids of the last five minutes. Ids stay in this
   * process. At most 20,000 are known at a time; beyond, the figure stays at that.
   */
  trackActiveUser(userId: string): void;
  /** A score of an answer; `user_satisfaction_score` is the mean of the last 24 hours. */
  trackSatisfaction(score: number): void;
  /** Whether a service that the application depends on answers: `ai_service_health`. */
  trackServiceHealth(service: string, healthy: boolean): void;

  /**
   * Everything as a page: OpenMetrics with exemplars where the `Accept` header asks for it, else the classic text format. The
   * integrations have a `metricsHandler` that serves it.
   */
  text(accept?: string): Promise<MetricsPage>;
  /** Looks at machine and process now, and pushes where metrics are pushed. Done each interval by itself. */
  collect(): Promise<void>;
  stats(): MetricsStats;
}

/** How metrics are collected and pushed. Everything has a default. */
export interface MetricsOptions {
  /** Time between two looks at machine and process, and between two pushes. Default 30000. */
  readonly intervalMs?: number;
  /** `false` leaves machine and process out; `process` the machine only, where something else watches it. Default `all`. */
  readonly collect?: 'all' | 'process' | false;
  /** Folder whose file system `disk_free_percent` is of. Default: the working directory. */
  readonly diskPath?: string;
  /** Series of one metric; see {@link InstrumentOptions.maxSeries}. Default 2000. */
  readonly maxSeries?: number;
  /**
   * Push by OTLP/HTTP. Default: to the Vedetta server that spans go to; not where `sinks` are given or only
   * `OTEL_EXPORTER_OTLP_ENDPOINT` says where to send. `true` pushes to the monitor's endpoint in any case.
   */
  readonly push?: boolean | MetricsPushOptions;
}

/** Where metrics are pushed and how. Defaults are the monitor's. */
export interface MetricsPushOptions {
  /** Base URL; `/v1/metrics` is appended. The monitor's key and headers are not sent to one that is given here. */
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly headers?: { readonly [name: string]: string };
  /** Default `protobuf`. */
  readonly encoding?: 'protobuf' | 'json';
  /** A call without an answer counts as lost after this, in milliseconds. Default 10000. */
  readonly timeoutMs?: number;
  /**
   * Push what the receiver derives from this process's spans too (`http_requests_total`, `ai_requests_total`...). Default: only where
   * it is not a Vedetta server, which would count them twice.
   */
  readonly derived?: boolean;
}
