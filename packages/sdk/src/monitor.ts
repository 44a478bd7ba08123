import { Announcer } from './announcer.js';
import { boundedJson } from './bounded-json.js';
import { EpochClock } from './clock.js';
import type { ContextEntry } from './context.js';
import { createRequestContext } from './context.js';
import { readEnvironment } from './environment.js';
import type { ContentPolicy } from './llm-call.js';
import { AppMetrics } from './metrics/app-metrics.js';
import type { CountsHttpCalls, HttpCalls } from './metrics/http-calls.js';
import { HTTP_CALLS } from './metrics/http-calls.js';
import type { CurrentTrace } from './metrics/measures.js';
import type { Metrics } from './metrics/metrics.js';
import type { Notices } from './notice.js';
import type { TraceBridge } from './open-telemetry.js';
import { bridgeOpenTelemetry } from './open-telemetry.js';
import type { MonitorOptions, ResolvedOptions } from './options.js';
import { resolveOptions } from './options.js';
import type { PhaseRecorder } from './phase-recorder.js';
import { MAX_DATA_BYTES, whenSettled } from './phase-recorder.js';
import type { Flushable } from './process-end.js';
import { flushAtProcessEnd } from './process-end.js';
import { randomSpanId, randomTraceId } from './random-id.js';
import { type ModelPerformance, RecentRequests } from './recent-requests.js';
import type { RequestOptions, Score, TrackedRequest } from './request.js';
import type { RequestHost } from './request-recorder.js';
import { RequestRecorder } from './request-recorder.js';
import { scoreRecord } from './score.js';
import type { SinkStats } from './sink.js';
import type { NamedSinkStats } from './sink-group.js';
import { SinkGroup } from './sink-group.js';
import type { SpanRecord } from './span-record.js';
import { NO_ATTRIBUTES } from './span-record.js';
import type { RequestSummary } from './summary.js';
import { toText } from './text.js';
import type { ParentContext } from './traceparent.js';
import { parseTraceparent } from './traceparent.js';
import { offerDefaultMonitor, withdrawDefaultMonitor } from './wrappers/default-monitor.js';

const DEFAULT_FLUSH_MS = 10_000;
const DEFAULT_SHUTDOWN_MS = 5_000;

/** Figures of a monitor since it was made. Spans are summed over the sinks that count. */
export interface MonitorStats extends SinkStats {
  readonly sinks: readonly NamedSinkStats[];
  readonly uptimeMs: number;
  readonly activeRequests: number;
  /** Requests that have ended. */
  readonly totalRequests: number;
  /** Ended in any way but `completed`. */
  readonly failedRequests: number;
  /** Mean over all requests that have ended, in milliseconds; 0 when none has. */
  readonly averageMs: number;
}

/** A request that runs. */
export interface ActiveRequest {
  readonly requestId: string;
  readonly traceId: string;
  readonly name: string;
  readonly model: string;
  readonly startUnixMs: number;
  readonly elapsedMs: number;
  /** `''` when no phase runs. */
  readonly currentPhase: string;
}

/** Records requests in this process. No method throws or blocks; the errors of callbacks pass through unchanged. */
export interface Monitor {
  /**
   * Metrics of the application. Collection, every 30 seconds, starts when this is first read, an integration is set up or a call of
   * a model is recorded.
   */
  readonly metrics: Metrics;
  /**
   * Starts a request. It becomes part of the trace of, in this order: the current request of this monitor, the active
   * OpenTelemetry span, the `traceparent` in `headers`; else it starts a trace.
   */
  startRequest(options?: RequestOptions): TrackedRequest;
  /**
   * Runs `fn` with a new request as the current one, and ends it when `fn` is done: as failed when it throws, and the same
   * error is thrown on. `fn` may end the request itself, to say more.
   */
  request<T>(options: RequestOptions, fn: (request: TrackedRequest) => T): T;
  /** The request that the calling code runs in, across awaits, timers and streams. */
  current(): TrackedRequest | undefined;
  /** A named moment that belongs to no request. */
  event(name: string, data?: unknown): void;
  /** A verdict on a request that may have ended long ago, or in another process. */
  score(requestId: string, score: Score): void;
  stats(): MonitorStats;
  /** Requests that run now. */
  active(): readonly ActiveRequest[];
  /** The requests that ended last, newest first; at most `recentLimit` are known. */
  recent(limit?: number): readonly RequestSummary[];
  /** Figures by model over the recent requests. */
  models(): readonly ModelPerformance[];
  /** Resolves when everything recorded so far is delivered or dropped, at the latest after `timeoutMs` (10 s). */
  flush(timeoutMs?: number): Promise<void>;
  /** Flushes (5 s) and closes the sinks. What is recorded afterwards is counted as dropped. Safe to call twice. */
  shutdown(timeoutMs?: number): Promise<void>;
}

/** Makes a monitor. One a process is the usual number. Never throws: what cannot be used is reported and replaced. */
export function createMonitor(options: MonitorOptions = {}): Monitor {
  const monitor = new RequestMonitor(resolveOptions(options, readEnvironment()));
  offerDefaultMonitor(monitor);
  return monitor;
}

class RequestMonitor implements Monitor, RequestHost, Flushable, CountsHttpCalls {
  readonly content: ContentPolicy;
  readonly #sinks: SinkGroup;
  readonly #notices: Notices;
  readonly #clock = new EpochClock();
  readonly #context = createRequestContext();
  readonly #bridge: TraceBridge | undefined;
  readonly #announcer: Announcer;
  readonly #recent: RecentRequests;
  readonly #startedMs = performance.now();
  readonly #forgetProcessEnd: () => void;
  readonly #options: ResolvedOptions;
  #metrics: AppMetrics | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.content = options.content;
    this.#sinks = new SinkGroup(options.sinks, options.serviceName, options.notices);
    this.#notices = options.notices;
    this.#bridge = bridgeOpenTelemetry(options.openTelemetry);
    this.#recent = new RecentRequests(options.recentLimit);
    this.#announcer = new Announcer(
      this.#sinks.wantsAnnouncements ? options.announceAfterMs : Number.POSITIVE_INFINITY,
      (request) => this.#announce(request),
    );
    const hasAnything = !this.#sinks.isEmpty || options.metrics?.push !== undefined;
    this.#forgetProcessEnd = options.flushOnExit && hasAnything ? flushAtProcessEnd(this) : () => {};
  }

  get metrics(): AppMetrics {
    if (this.#metrics === undefined) {
      const { metrics, serviceName } = this.#options;
      this.#metrics = new AppMetrics({
        // Nothing is collected any more for one that is shut down.
        options: this.#stopped === undefined ? metrics : undefined,
        serviceName,
        notice: (message) => this.#notices.say(message),
        now: Date.now,
        trace: () => this.#currentTrace(),
      });
    }
    return this.#metrics;
  }

  get [HTTP_CALLS](): HttpCalls | undefined {
    return this.#options.metrics === undefined ? undefined : this.metrics;
  }

  startRequest(options: RequestOptions = {}): TrackedRequest {
    return this.#start(options);
  }

  request<T>(options: RequestOptions, fn: (request: TrackedRequest) => T): T {
    const request = this.#start(options);
    let result: T;
    try {
      result = this.runIn(request, undefined, () => fn(request));
    } catch (error) {
      request.end({ error, success: false });
      throw error;
    }
    return whenSettled(
      result,
      () => request.end(),
      (error) => request.end({ error, success: false }),
    );
  }

  current(): TrackedRequest | undefined {
    return this.#context.getStore()?.request;
  }

  event(name: string, data?: unknown): void {
    const at = this.#clock.nowUnixMs();
    this.emit([
      {
        kind: 'event',
        traceId: randomTraceId(),
        spanId: randomSpanId(),
        parentSpanId: '',
        name: toText(name, 256),
        requestId: '',
        startUnixMs: at,
        endUnixMs: at,
        success: true,
        errorType: '',
        errorMessage: '',
        data: boundedJson(data, MAX_DATA_BYTES),
        attributes: NO_ATTRIBUTES,
      },
    ]);
  }

  score(requestId: string, score: Score): void {
    const record = scoreRecord(requestId, randomTraceId(), '', this.#clock.nowUnixMs(), score);
    if (record !== undefined) this.emit([record]);
  }

  stats(): MonitorStats {
    const sinks = this.#sinks.stats();
    const sum = (pick: (stats: SinkStats) => number) => sinks.reduce((total, stats) => total + pick(stats), 0);
    return {
      offered: sum((stats) => stats.offered),
      delivered: sum((stats) => stats.delivered),
      dropped: sum((stats) => stats.dropped),
      queued: sum((stats) => stats.queued),
      sinks,
      uptimeMs: performance.now() - this.#startedMs,
      activeRequests: this.#announcer.size,
      totalRequests: this.#recent.total,
      failedRequests: this.#recent.failed,
      averageMs: this.#recent.averageMs,
    };
  }

  active(): readonly ActiveRequest[] {
    return Array.from(this.#announcer.running(), (request) => ({
      requestId: request.id,
      traceId: request.traceId,
      name: request.details.name,
      model: request.details.model ?? '',
      startUnixMs: request.startUnixMs,
      elapsedMs: request.nowUnixMs() - request.startUnixMs,
      currentPhase: request.currentPhaseName,
    }));
  }

  recent(limit?: number): readonly RequestSummary[] {
    return this.#recent.list(limit);
  }

  models(): readonly ModelPerformance[] {
    return this.#recent.models();
  }

  async flush(timeoutMs: number = DEFAULT_FLUSH_MS): Promise<void> {
    this.#emitUnfinished();
    await Promise.all([this.#sinks.flush(timeoutMs), this.#metrics?.flush(timeoutMs)]);
  }

  abandon(): void {
    const outcome = {
      success: false,
      status: 'cancelled',
      errorType: 'process_exit',
      errorMessage: 'the process ended before the request did',
    } as const;
    for (const request of [...this.#announcer.running()]) {
      request.abandonCalls();
      request.end(outcome);
    }
  }

  flushSync(timeoutMs: number): void {
    this.#emitUnfinished();
    const deadline = performance.now() + timeoutMs;
    this.#sinks.flushSync(deadline);
    this.#metrics?.flushSync(Math.max(deadline - performance.now(), 0));
  }

  shutdown(timeoutMs: number = DEFAULT_SHUTDOWN_MS): Promise<void> {
    this.#stopped ??= this.#shutdown(timeoutMs);
    return this.#stopped;
  }

  currentPhase(request: RequestRecorder): PhaseRecorder | undefined {
    const entry = this.#context.getStore();
    return entry?.request === request ? entry.phase : undefined;
  }

  runIn<T>(request: RequestRecorder, phase: PhaseRecorder | undefined, fn: () => T): T {
    const entry: ContextEntry = { request, phase };
    const bridge = this.#bridge;
    if (bridge === undefined) return this.#context.run(entry, fn);
    const span = { traceId: request.traceId, spanId: phase?.spanId ?? request.rootSpanId };
    return this.#context.run(entry, () => bridge.runIn(span, fn));
  }

  emit(spans: readonly SpanRecord[]): void {
    this.#count(spans);
    this.#sinks.write(spans);
  }

  ended(request: RequestRecorder, summary: RequestSummary): void {
    this.#announcer.remove(request);
    this.#recent.add(summary);
  }

  #start(options: RequestOptions): RequestRecorder {
    let id = '';
    let incoming: ParentContext | undefined;
    try {
      id = toText(options.id, 256);
      if (options.headers !== undefined) incoming = parseTraceparent(readHeader(options.headers, 'traceparent'));
    } catch {
      // Getters that throw say nothing about a request.
    }
    const request = new RequestRecorder(this, this.#clock, id, this.#parent(incoming));
    request.set(options);
    this.#announcer.add(request);
    return request;
  }

  /** Calls of models are metrics too. */
  #count(spans: readonly SpanRecord[]): void {
    if (this.#options.metrics === undefined) return;
    if (spans.some(({ kind }) => kind === 'llm')) this.metrics.recordSpans(spans);
  }

  #currentTrace(): CurrentTrace | undefined {
    const entry = this.#context.getStore();
    if (entry === undefined) return undefined;
    return { traceId: entry.request.traceId, spanId: entry.phase?.spanId ?? entry.request.rootSpanId };
  }

  #parent(incoming: ParentContext | undefined): ParentContext | undefined {
    const entry = this.#context.getStore();
    if (entry !== undefined && entry.request.status === 'running') {
      return { traceId: entry.request.traceId, spanId: entry.phase?.spanId ?? entry.request.rootSpanId };
    }
    return this.#bridge?.activeSpan() ?? incoming;
  }

  #announce(request: RequestRecorder): void {
    const finished = request.takeHeld();
    this.#count(finished);
    this.#sinks.announce(finished, request.announcement());
  }

  /** What requests that still run have finished so far. */
  #emitUnfinished(): void {
    for (const request of this.#announcer.running()) {
      const finished = request.takeHeld();
      if (finished.length > 0) this.emit(finished);
    }
  }

  async #shutdown(timeoutMs: number): Promise<void> {
    withdrawDefaultMonitor(this);
    await this.flush(timeoutMs);
    this.#announcer.stop();
    this.#metrics?.stop();
    this.#forgetProcessEnd();
    await this.#sinks.close();
  }
}

function readHeader(headers: NonNullable<RequestOptions['headers']>, name: string): unknown {
  if (typeof headers.get === 'function') return headers.get(name);
  return (headers as { readonly [name: string]: unknown })[name];
}
