import type {
  Attributes,
  CustomEventRow,
  FilterNode,
  GenAiFacts,
  LlmCallRow,
  PhaseRow,
  RequestRow,
  ScoreRow,
  SpanEvent,
  SpanFacts,
  SpanKind,
  SpanLink,
  SpanStatusCode,
  TimeRange,
} from '@vedetta/model';

/** Which requests a question is about. Both are applied; `range` is over the request's start. */
export interface RequestScope {
  readonly range: TimeRange;
  readonly filter: FilterNode;
}

/** Answers about requests, their phases, events and spans. Running requests are included unless a method says otherwise. */
export interface RequestReader {
  /**
   * Newest start first, ties by request id, unless the query sorts by a figure: then requests without that figure come last,
   * equals newest first. Paging by cursor is stable while new requests arrive: none comes twice, none that was there is left out.
   */
  list(query: RequestListQuery): Promise<RequestPage>;
  /** By request id or by trace id in hex; `undefined` when there is none. A trace with several requests answers with its first root. */
  get(requestId: string): Promise<RequestRow | undefined>;
  /** Everything known about one request, for a waterfall; `undefined` when there is none. Spans of the whole trace, by start. */
  detail(requestId: string): Promise<RequestDetail | undefined>;
  /** As {@link detail}, of exactly this request, and quicker: a request id alone may be that of several, when senders choose their own. */
  detailOf(request: RequestKey): Promise<RequestDetail | undefined>;
  /** Requests that run now, oldest first. */
  active(limit: number): Promise<readonly RequestRow[]>;
  /** Counts, durations and tokens in one go. */
  stats(scope: RequestScope): Promise<RequestStats>;
  /** Per phase, by total time descending. Requests that run do not count. */
  phaseStats(scope: RequestScope): Promise<readonly PhaseStats[]>;
  /** Buckets of `stepMs` from the range's start on, empty ones included, at most 1,500 (else throws RangeError). */
  timeline(scope: RequestScope, stepMs: number): Promise<readonly TimelineBucket[]>;
  /** One row a day of the given time zone (IANA name), newest first, days without requests left out. */
  daily(scope: RequestScope, timeZone: string): Promise<readonly DailyStats[]>;
  /** Share of requests and durations by a column, by count descending; at most `limit` rows. */
  distribution(scope: RequestScope, by: DistributionKey, limit: number): Promise<readonly DistributionRow[]>;
  /** Requests that failed or timed out, by fingerprint, by last seen descending. */
  errorGroups(scope: RequestScope, limit: number): Promise<readonly ErrorGroup[]>;
  /** Values of a field with counts, most frequent first, for filter suggestions. */
  values(scope: RequestScope, by: DistributionKey, limit: number): Promise<readonly { value: string; count: number }[]>;
  /** Custom events that stand alone or on requests, newest first. */
  customEvents(range: TimeRange, limit: number): Promise<readonly CustomEventRow[]>;
  /** True when at least one request is stored. */
  hasAny(): Promise<boolean>;
}

/** What tells a request from every other, and where to look for it. */
export type RequestKey = Pick<RequestRow, 'requestId' | 'traceId' | 'startUnixNano'>;

export interface RequestListQuery extends RequestScope {
  /** 1 to 1000. */
  readonly limit: number;
  /** As returned with the page before, of the same sort; opaque. A malformed one, or one of another sort, throws RangeError. */
  readonly cursor: string | undefined;
  /** Newest start first by default. */
  readonly sort?: RequestSort | undefined;
}

/** A figure of requests to sort by. `tokens` are input and output together. */
export type RequestSortKey = 'start' | 'duration' | 'tokens' | 'cost' | 'ttft';

/** Order of a list. Requests without the figure come last in both directions. */
export interface RequestSort {
  readonly by: RequestSortKey;
  readonly descending: boolean;
}

export interface RequestPage {
  readonly requests: readonly RequestRow[];
  /** `undefined` on the last page. */
  readonly nextCursor: string | undefined;
}

/** A stored span as it is shown: all attributes, and what was found in them, as plain JSON values. */
export interface StoredSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly requestId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startUnixNano: bigint;
  /** `undefined` while it runs. */
  readonly endUnixNano: bigint | undefined;
  readonly statusCode: SpanStatusCode;
  readonly statusMessage: string;
  readonly serviceName: string;
  readonly scopeName: string;
  readonly scopeVersion: string;
  readonly resource: Attributes;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
  readonly facts: SpanFacts;
  readonly genAi: GenAiFacts | undefined;
}

export interface RequestDetail {
  readonly request: RequestRow;
  readonly phases: readonly PhaseRow[];
  /** LLM calls of the request, by start. Spans show the same costs. */
  readonly llmCalls: readonly LlmCallRow[];
  readonly events: readonly CustomEventRow[];
  readonly scores: readonly ScoreRow[];
  readonly spans: readonly StoredSpan[];
  /** Other requests of the same trace. */
  readonly related: readonly RequestRow[];
}

/** Percentiles are of finished requests, exact to the nanosecond, linearly interpolated; `undefined` where there is none. */
export interface DurationStats {
  readonly meanMs: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

export interface RequestStats {
  readonly total: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly timeout: number;
  readonly cancelled: number;
  /** completed / (completed + failed + timeout), 0 to 1; cancelled requests are nobody's failure. `undefined` when none finished. */
  readonly successRate: number | undefined;
  readonly duration: DurationStats;
  readonly timeToFirstToken: DurationStats;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly reasoningTokens: number;
  /** `undefined` when no request has a cost. */
  readonly costUsd: number | undefined;
  /** LLM calls with usage and no known price: `costUsd` leaves them out. */
  readonly unpricedCalls: number;
  /** Requests with a call whose tokens were estimated. */
  readonly usageEstimatedRequests: number;
  /** Requests whose part of `costUsd` rests on estimated tokens. */
  readonly costEstimatedRequests: number;
  readonly llmCalls: number;
  readonly users: number;
  readonly sessions: number;
}

export interface PhaseStats {
  readonly phase: string;
  readonly count: number;
  readonly failed: number;
  readonly totalMs: number;
  readonly duration: DurationStats;
}

export interface TimelineBucket {
  readonly startUnixMs: number;
  readonly total: number;
  readonly completed: number;
  readonly failed: number;
  readonly meanMs: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface DailyStats {
  /** `2026-11-21` in the time zone asked for. */
  readonly day: string;
  readonly total: number;
  readonly failed: number;
  readonly successRate: number | undefined;
  readonly duration: DurationStats;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | undefined;
  readonly users: number;
}

export type DistributionKey = 'modality' | 'model' | 'provider' | 'status' | 'service' | 'user' | 'session' | 'name';

export interface DistributionRow {
  /** The value; `''` where requests have none. */
  readonly value: string;
  readonly count: number;
  /** Of all requests in the scope, 0 to 1. */
  readonly share: number;
  readonly failed: number;
  readonly successRate: number | undefined;
  readonly duration: DurationStats;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number | undefined;
}

export interface ErrorGroup {
  readonly fingerprint: string;
  readonly errorType: string;
  /** Of the latest occurrence. */
  readonly errorMessage: string;
  readonly count: number;
  readonly firstSeenUnixMs: number;
  readonly lastSeenUnixMs: number;
  readonly lastRequestId: string;
  readonly models: readonly string[];
}
