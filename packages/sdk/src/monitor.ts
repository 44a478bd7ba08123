import { Announcer } from './announcer.js';
import { boundedJson } from './bounded-json.js';
import { EpochClock } from './clock.js';
import type { ContextEntry } from './context.js';
import { createRequestContext } from './context.js';
import { readEnvironment } from './environment.js';
import type { ContentPolicy } from './llm-call.js';
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
import type { Sink, SinkStats } from './sink.js';
import type { SpanRecord } from './span-record.js';
import { NO_ATTRIBUTES } from './span-record.js';
import type { RequestSummary } from './summary.js';
import { describeError, toText } from './text.js';
import type { ParentContext } from './traceparent.js';
import { parseTraceparent } from './traceparent.js';
import { offerDefaultMonitor, withdrawDefaultMonitor } from './wrappers/default-monitor.js';

const DEFAULT_FLUSH_MS = 10_000;
const DEFAULT_SHUTDOWN_MS = 5_000;

/** A sink's name beside its figures. */
export interface NamedSinkStats extends SinkStats {
  readonly name: string;
}

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

class RequestMonitor implements Monitor, RequestHost, Flushable {
  readonly content: ContentPolicy;
  readonly #sinks: readonly Sink[];
  readonly #notices: Notices;
  readonly #clock = new EpochClock();
  readonly #context = createRequestContext();
  readonly #bridge: TraceBridge | undefined;
  readonly #announcer: Announcer;
  readonly #recent: RecentRequests;
  readonly #startedMs = performance.now();
  readonly #forgetProcessEnd: () => void;
  #stopped: Promise<void> | undefined;

  constructor(options: ResolvedOptions) {
    this.content = options.content;
    this.#sinks = options.sinks;
    this.#notices = options.notices;
    this.#bridge = bridgeOpenTelemetry(options.openTelemetry);
    this.#recent = new RecentRequests(options.recentLimit);
    const wanted = options.sinks.some((sink) => sink.announcements === true);
    this.#announcer = new Announcer(wanted ? options.announceAfterMs : Number.POSITIVE_INFINITY, (request) =>
      this.#announce(request),
    );
    const notice = (message: () => string) => this.#notices.say(message);
    for (const sink of this.#sinks) this.#guard(sink, () => sink.open?.({ serviceName: options.serviceName, notice }));
    this.#forgetProcessEnd = options.flushOnExit && this.#sinks.length > 0 ? flushAtProcessEnd(this) : () => {};
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
    const sinks = this.#sinks.flatMap((sink) => {
      const stats = this.#guard(sink, () => sink.stats?.());
      return stats === undefined ? [] : [{ name: sink.name, ...stats }];
    });
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
    await Promise.all(this.#sinks.map((sink) => this.#settle(sink, () => sink.flush?.(timeoutMs))));
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
    for (const sink of this.#sinks) {
      this.#guard(sink, () => sink.flushSync?.(Math.max(deadline - performance.now(), 0)));
    }
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
    for (const sink of this.#sinks) {
      try {
        sink.write(spans);
      } catch (error) {
        this.#report(sink, error);
      }
    }
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

  #parent(incoming: ParentContext | undefined): ParentContext | undefined {
    const entry = this.#context.getStore();
    if (entry !== undefined && entry.request.status === 'running') {
      return { traceId: entry.request.traceId, spanId: entry.phase?.spanId ?? entry.request.rootSpanId };
    }
    return this.#bridge?.activeSpan() ?? incoming;
  }

  #announce(request: RequestRecorder): void {
    const finished = request.takeHeld();
    const announcement = request.announcement();
    for (const sink of this.#sinks) {
      const spans = sink.announcements === true ? [...finished, announcement] : finished;
      if (spans.length > 0) this.#guard(sink, () => sink.write(spans));
    }
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
    this.#forgetProcessEnd();
    await Promise.all(this.#sinks.map((sink) => this.#settle(sink, () => sink.close?.())));
  }

  #guard<T>(sink: Sink, act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      this.#report(sink, error);
      return undefined;
    }
  }

  async #settle(sink: Sink, act: () => Promise<void> | undefined): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#report(sink, error);
    }
  }

  #report(sink: Sink, error: unknown): void {
    this.#notices.say(() => {
      const { type, message } = describeError(error);
      return `the sink ${toText(sink.name, 100)} failed: ${type}: ${message}`;
    });
  }
}

function readHeader(headers: NonNullable<RequestOptions['headers']>, name: string): unknown {
  if (typeof headers.get === 'function') return headers.get(name);
  return (headers as { readonly [name: string]: unknown })[name];
}
