import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import { boundedJson } from './bounded-json.js';
import type { EpochClock } from './clock.js';
import type { ContentPolicy, LlmCall } from './llm-call.js';
import { llmAttributes } from './llm-call.js';
import type { PhaseOwner } from './phase-recorder.js';
import { MAX_DATA_BYTES, PhaseRecorder, runPhase } from './phase-recorder.js';
import { randomSpanId, randomTraceId } from './random-id.js';
import type { Phase, PhaseOutcome, RequestDetails, RequestOutcome, Score, TrackedRequest } from './request.js';
import { collectDetails, type KnownDetails, rootAttributes } from './request-details.js';
import { scoreRecord } from './score.js';
import type { SpanRecord } from './span-record.js';
import { NO_ATTRIBUTES } from './span-record.js';
import type { PhaseTotal, RequestSummary, TrackedStatus } from './summary.js';
import { concludeTotals, phaseTotal, toBottlenecks } from './summary.js';
import { describeError, toText } from './text.js';
import type { ParentContext } from './traceparent.js';
import { formatTraceparent } from './traceparent.js';
import { readOutcome } from './verdict.js';
import type { RunningCall } from './wrappers/running-call.js';

/** Finished spans a request holds back to send them with its end; past this they go ahead of it. */
const MAX_HELD_SPANS = 512;
/** An error that comes this soon after a `using` scope closed, with nothing recorded in between, is what closed it. */
const UNWIND_MS = 1;
const MAX_NAME_CHARS = 256;
/** Phases that integrations put around the handler's own: no call of a model is made in them directly. */
const FRAMES: ReadonlySet<string> = new Set(['request_received', 'total_request']);

/** What a request needs from its monitor. */
export interface RequestHost {
  readonly content: ContentPolicy;
  /** The phase that the calling code runs in, when it is one of this request. */
  currentPhase(request: RequestRecorder): PhaseRecorder | undefined;
  runIn<T>(request: RequestRecorder, phase: PhaseRecorder | undefined, fn: () => T): T;
  emit(spans: readonly SpanRecord[]): void;
  ended(request: RequestRecorder, summary: RequestSummary): void;
}

/** See {@link TrackedRequest}. */
export class RequestRecorder implements TrackedRequest, PhaseOwner {
  readonly id: string;
  readonly traceId: string;
  readonly rootSpanId = randomSpanId();
  readonly startUnixMs: number;
  readonly details: KnownDetails = { name: 'request' };
  status: TrackedStatus = 'running';
  /** A phase started or ended since the last announcement. */
  changed = false;
  readonly #host: RequestHost;
  readonly #anchorMs: number;
  readonly #parentSpanId: string;
  #open: PhaseRecorder[] = [];
  #held: SpanRecord[] = [];
  #totals: PhaseTotal[] = [];
  #closedScopes: PhaseRecorder[] | undefined;
  #calls: Set<RunningCall> | undefined;
  #summary: RequestSummary | undefined;
  #lastEnded: PhaseRecorder | undefined;

  constructor(host: RequestHost, clock: EpochClock, id: string, parent: ParentContext | undefined) {
    const nowMs = performance.now();
    this.#host = host;
    this.#anchorMs = clock.anchorMs(nowMs);
    this.startUnixMs = this.#anchorMs + nowMs;
    this.traceId = parent === undefined ? randomTraceId() : parent.traceId;
    this.#parentSpanId = parent === undefined ? '' : parent.spanId;
    // A trace that starts here has one request, so both can share an id and either finds it.
    this.id = id !== '' ? id : parent === undefined ? this.traceId : randomTraceId();
  }

  nowUnixMs(): number {
    return this.#anchorMs + performance.now();
  }

  /** Name of the phase that was started last and still runs, else what the call that runs is at, else `''`. */
  get currentPhaseName(): string {
    const phase = this.#open.at(-1);
    if (phase !== undefined || this.#calls === undefined) return phase?.name ?? '';
    for (const call of this.#calls) return call.currentPhase;
    return '';
  }

  set(details: RequestDetails): void {
    if (this.status === 'running') collectDetails(this.details, details);
  }

  phase(name: string): Phase;
  phase<T>(name: string, fn: (phase: Phase) => T, metadata?: unknown): T;
  phase<T>(name: string, fn?: (phase: Phase) => T, metadata?: unknown): T | Phase {
    const phase = this.open(name, this.#host.currentPhase(this));
    if (metadata !== undefined) phase.setMetadata(metadata);
    return typeof fn === 'function' ? runPhase(this, phase, fn) : phase;
  }

  startPhase(name: string, metadata?: unknown): Phase {
    const phase = this.open(name, this.#host.currentPhase(this));
    if (metadata !== undefined) phase.setMetadata(metadata);
    return phase;
  }

  endPhase(name: string, outcome?: PhaseOutcome): number {
    const wanted = toText(name, MAX_NAME_CHARS);
    for (let i = this.#open.length - 1; i >= 0; i -= 1) {
      const phase = this.#open[i];
      if (phase?.name === wanted) return phase.end(outcome);
    }
    return 0;
  }

  recordPhase(name: string, durationMs: number, metadata?: unknown, outcome?: PhaseOutcome): void {
    const lengthMs = typeof durationMs === 'number' && durationMs > 0 && Number.isFinite(durationMs) ? durationMs : 0;
    const end = this.nowUnixMs();
    const label = toText(name, MAX_NAME_CHARS);
    const phase = new PhaseRecorder(this, label, this.#host.currentPhase(this), end - lengthMs);
    this.#closedScopes = undefined;
    if (metadata !== undefined) phase.setMetadata(metadata);
    if (outcome !== undefined) phase.conclude(outcome);
    phase.endAt(end);
  }

  event(name: string, data?: unknown): void {
    const at = this.nowUnixMs();
    this.#hold({
      ...this.#child('event', toText(name, MAX_NAME_CHARS), at, at),
      data: boundedJson(data, MAX_DATA_BYTES),
    });
  }

  llm(call: LlmCall): void {
    try {
      const phase = this.#callingPhase();
      const now = this.nowUnixMs();
      const { durationMs } = call;
      const known = typeof durationMs === 'number' && durationMs >= 0;
      const end = known || phase === undefined || phase.endUnixMs === 0 ? now : phase.endUnixMs;
      const start = known ? end - durationMs : (phase?.startUnixMs ?? this.startUnixMs);
      const model = toText(call.model ?? this.details.model ?? '', MAX_NAME_CHARS);
      if (model !== '') this.details.model ??= model;
      const error = call.error === undefined ? undefined : describeError(call.error);
      this.#hold({
        ...this.#child('llm', `${toText(call.operation ?? 'chat', 100)} ${model}`.trim(), start, end, phase),
        success: error === undefined,
        errorType: error?.type ?? '',
        errorMessage: error?.message ?? '',
        attributes: llmAttributes(call, model, this.#host.content),
      });
    } catch {
      // An object whose getters throw says nothing about a call.
    }
  }

  /** How much of prompts and answers may be recorded. */
  get content(): ContentPolicy {
    return this.#host.content;
  }

  /** A call of a model starts now; answers the id of the span that it is made in. */
  callStarted(call: RunningCall, model: string): string {
    this.#calls ??= new Set();
    this.#calls.add(call);
    this.changed = true;
    if (model !== '' && this.status === 'running') this.details.model ??= model;
    const phase = this.#host.currentPhase(this) ?? this.#open.findLast(({ name }) => !FRAMES.has(name));
    return phase?.spanId ?? this.rootSpanId;
  }

  /** The span of a call that has ended. */
  callEnded(call: RunningCall, span: SpanRecord): void {
    this.#calls?.delete(call);
    this.changed = true;
    this.#hold(span);
  }

  /** A part of a call that this request was made for. */
  callPhase(name: string, startUnixMs: number, endUnixMs: number): void {
    new PhaseRecorder(this, name, undefined, startUnixMs).endAt(endUnixMs);
  }

  /** Ends the calls that still run, because the process does. */
  abandonCalls(): void {
    for (const call of [...(this.#calls ?? [])]) call.abandon();
  }

  score(score: Score): void {
    const record = scoreRecord(this.id, this.traceId, this.rootSpanId, this.nowUnixMs(), score);
    if (record !== undefined) this.#hold(record);
  }

  run<T>(fn: () => T): T {
    return this.#host.runIn(this, this.#host.currentPhase(this), fn);
  }

  traceparent(): string {
    const spanId = this.#host.currentPhase(this)?.spanId ?? this.rootSpanId;
    return formatTraceparent({ traceId: this.traceId, spanId });
  }

  /** `endUnixMs` is for an end that became known later than it was. */
  end(outcome?: RequestOutcome, endUnixMs?: number): RequestSummary {
    if (this.#summary !== undefined) return this.#summary;
    const verdict = readOutcome(outcome);
    const end = Math.max(endUnixMs ?? this.nowUnixMs(), this.startUnixMs);
    if (verdict.error !== undefined) this.#blameClosedScopes(verdict.error, this.startUnixMs);
    if (verdict.responseSizeBytes !== undefined) collectDetails(this.details, verdict);
    for (let phase = this.#open.at(-1); phase !== undefined; phase = this.#open.at(-1)) {
      if (verdict.error !== undefined) phase.blame(verdict.error);
      else phase.success = verdict.success;
      phase.endAt(end);
    }
    this.status = verdict.status;
    const totalMs = end - this.startUnixMs;
    concludeTotals(this.#totals, totalMs);
    const { success, status, errorType, errorMessage } = verdict;
    this.#summary = {
      requestId: this.id,
      traceId: this.traceId,
      name: this.details.name,
      model: this.details.model ?? '',
      modality: this.details.modality ?? '',
      startUnixMs: this.startUnixMs,
      totalMs,
      success,
      status,
      phases: this.#totals,
      bottlenecks: toBottlenecks(this.#totals, totalMs),
    };
    const root: SpanRecord = {
      kind: 'request',
      traceId: this.traceId,
      spanId: this.rootSpanId,
      parentSpanId: this.#parentSpanId,
      name: this.details.name,
      requestId: this.id,
      startUnixMs: this.startUnixMs,
      endUnixMs: end,
      success,
      errorType,
      errorMessage,
      data: '',
      attributes: rootAttributes(this.details, status, verdict.customData),
      summary: this.#summary,
    };
    // The root last: a reader that sees it has seen the phases.
    this.#held.push(root);
    this.#host.ended(this, this.#summary);
    this.#host.emit(this.takeHeld());
    return this.#summary;
  }

  /** The request as it stands, for sinks that want to know of requests that still run. */
  announcement(): SpanRecord {
    const attributes = rootAttributes(this.details, 'running', '');
    const phase = this.currentPhaseName;
    if (phase !== '') attributes.push([VEDETTA_ATTRIBUTES.currentPhase, phase]);
    const calls = this.#calls;
    if (calls !== undefined && calls.size > 0) {
      let tokens = 0;
      for (const call of calls) tokens += call.tokensSoFar;
      attributes.push([VEDETTA_ATTRIBUTES.tokensSoFar, tokens]);
    }
    this.changed = false;
    return {
      kind: 'request',
      traceId: this.traceId,
      spanId: this.rootSpanId,
      parentSpanId: this.#parentSpanId,
      name: this.details.name,
      requestId: this.id,
      startUnixMs: this.startUnixMs,
      endUnixMs: 0,
      success: true,
      errorType: '',
      errorMessage: '',
      data: '',
      attributes,
    };
  }

  /** Finished spans that were not sent yet. */
  takeHeld(): readonly SpanRecord[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  open(name: string, parent: PhaseRecorder | undefined): PhaseRecorder {
    const phase = new PhaseRecorder(this, toText(name, MAX_NAME_CHARS), parent, this.nowUnixMs());
    this.#closedScopes = undefined;
    if (this.#summary === undefined) this.#open.push(phase);
    this.changed = true;
    return phase;
  }

  runIn<T>(phase: PhaseRecorder, fn: (phase: Phase) => T): T {
    return this.#host.runIn(this, phase, () => fn(phase));
  }

  phaseEnded(phase: PhaseRecorder): void {
    if (this.#open.at(-1) === phase) this.#open.pop();
    else {
      const index = this.#open.indexOf(phase);
      if (index >= 0) this.#open.splice(index, 1);
    }
    this.changed = true;
    if (!FRAMES.has(phase.name)) this.#lastEnded = phase;
    if (this.#summary === undefined) this.#count(phase);
    this.#hold(phase);
  }

  #count(phase: PhaseRecorder): void {
    const total = phaseTotal(this.#totals, phase.name);
    const durationMs = phase.endUnixMs - phase.startUnixMs;
    total.count += 1;
    if (!phase.success) total.failed += 1;
    total.durationMs += durationMs;
    total.selfMs += Math.max(durationMs - phase.childMs, 0);
    if (phase.data !== '') total.metadata = phase.data;
  }

  scopeClosed(phase: PhaseRecorder): void {
    this.#closedScopes ??= [];
    this.#closedScopes.push(phase);
  }

  phaseThrew(phase: PhaseRecorder, error: unknown): void {
    this.#blameClosedScopes(error, phase.startUnixMs);
    phase.fail(error);
  }

  #blameClosedScopes(error: unknown, sinceUnixMs: number): void {
    const scopes = this.#closedScopes;
    this.#closedScopes = undefined;
    if (scopes === undefined) return;
    const now = this.nowUnixMs();
    for (const scope of scopes) {
      if (!scope.success || scope.startUnixMs < sinceUnixMs || now - scope.endUnixMs > UNWIND_MS) continue;
      scope.blame(error);
      phaseTotal(this.#totals, scope.name).failed += 1;
    }
  }

  /** The phase that a call of a model was made in: the one that runs, or else the one that ended last. */
  #callingPhase(): PhaseRecorder | undefined {
    const current = this.#host.currentPhase(this);
    if (current !== undefined) return current;
    return this.#open.findLast((phase) => !FRAMES.has(phase.name)) ?? this.#lastEnded;
  }

  #hold(span: SpanRecord): void {
    this.#held.push(span);
    if (this.#summary !== undefined || this.#held.length >= MAX_HELD_SPANS) this.#host.emit(this.takeHeld());
  }

  #child(kind: 'event' | 'llm', name: string, start: number, end: number, parent?: PhaseRecorder): SpanRecord {
    this.#closedScopes = undefined;
    return {
      kind,
      traceId: this.traceId,
      spanId: randomSpanId(),
      parentSpanId: (parent ?? this.#host.currentPhase(this))?.spanId ?? this.rootSpanId,
      name,
      requestId: this.id,
      startUnixMs: start,
      endUnixMs: end,
      success: true,
      errorType: '',
      errorMessage: '',
      data: '',
      attributes: NO_ATTRIBUTES,
    };
  }
}
