import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { ContentKind, RequestFacts, ResponseFacts, ResponseReader } from '@vedetta/providers';
import type { Monitor } from '../monitor.js';
import { randomSpanId } from '../random-id.js';
import type { RequestRecorder } from '../request-recorder.js';
import type { SpanAttribute, SpanRecord } from '../span-record.js';
import { toText } from '../text.js';
import { formatTraceparent } from '../traceparent.js';
import { forget } from './abandoned.js';
import { askedContent, callAttributes, contentAttribute } from './call-attributes.js';
import type { CallError } from './call-error.js';
import { describeCallError, isTimedOut } from './call-error.js';
import { callPhases } from './call-phases.js';
import type { ResourceMeter } from './resource-meter.js';
import { startMeter } from './resource-meter.js';
import type { RunningCall } from './running-call.js';
import { safely } from './safely.js';
import type { TrackOptions } from './track-options.js';

/** What comes before or after the answer: searches, and a look at what was said. */
const ASIDES: ReadonlySet<string> = new Set(['embeddings', 'rerank', 'moderation']);

/** What is known of a call when it starts. */
export interface CallStart {
  /** Operation of the GenAI conventions. */
  readonly operation: string;
  readonly modality: string;
  readonly provider: string;
  /** Model that is asked for; `''` when the call does not name one. */
  readonly model: string;
  readonly stream: boolean;
  readonly facts: RequestFacts;
  /** The signal that the caller may abort the call with. */
  readonly signal: AbortSignal | undefined;
}

/** How a call ended, beyond what its answer says. */
export interface CallEnd {
  readonly error?: CallError;
  /** The consumer went away before the end of the answer. */
  readonly left?: boolean;
  /** It is found out now that it ended when it was last heard of. */
  readonly isLate?: boolean;
}

/**
 * The span of one call of a model: under the current request, or as a request of its own when there is none. Methods may throw
 * where a monitor is broken: callers run them through `safely`.
 */
export class CallRecorder implements RunningCall {
  tokensSoFar = 0;
  readonly #request: RequestRecorder;
  /** The request was made for this call, and ends with it. */
  readonly #isOwn: boolean;
  readonly #spanId = randomSpanId();
  readonly #parentSpanId: string;
  #start: CallStart;
  readonly #startUnixMs: number;
  readonly #reader: ResponseReader;
  readonly #meter: ResourceMeter | undefined;
  /** Written when the call starts: the caller may change its messages while the answer comes. */
  readonly #asked: readonly SpanAttribute[];
  readonly #extra: SpanAttribute[] = [];
  #firstTokenUnixMs: number | undefined;
  #firstVisibleUnixMs: number | undefined;
  #isEnded = false;
  #answeredUnixMs: number | undefined;
  #heardUnixMs: number | undefined;
  #isUnreachable = false;

  constructor(monitor: Monitor, options: TrackOptions, start: CallStart, reader: ResponseReader) {
    const current = monitor.current();
    const { operation, model, modality, stream, facts } = start;
    this.#isOwn = current === undefined;
    this.#request = (current ??
      monitor.startRequest({
        name: `${operation} ${model}`.trim(),
        modality,
        stream,
        ...(model === '' ? {} : { model }),
        ...(facts.userId === undefined ? {} : { userId: facts.userId }),
        ...(facts.sessionId === undefined ? {} : { sessionId: facts.sessionId }),
        ...options.request,
      })) as RequestRecorder;
    this.#start = start;
    this.#reader = reader;
    this.#startUnixMs = this.#isOwn ? this.#request.startUnixMs : this.#request.nowUnixMs();
    // A request is known by the model that answers it, not by one that searched or judged for it.
    this.#parentSpanId = this.#request.callStarted(this, ASIDES.has(operation) ? '' : model);
    this.#meter = options.resources === false ? undefined : startMeter();
    this.#asked = askedContent(start, this.#request.content);
  }

  /** The W3C `traceparent` of the call itself: what it goes through may be a step of it. */
  get traceparent(): string {
    return formatTraceparent({ traceId: this.#request.traceId, spanId: this.#spanId });
  }

  get currentPhase(): string {
    if (this.#firstVisibleUnixMs !== undefined) return 'generation';
    if (this.#firstTokenUnixMs !== undefined) return 'reasoning';
    return this.#answeredUnixMs === undefined ? 'first_byte' : this.#start.stream ? 'first_token' : 'response_body';
  }

  /** What is asked for is known only now: it stood in a form that was put together first. */
  asksFor(model: string, facts: RequestFacts = this.#start.facts): void {
    if (this.#isEnded) return;
    this.#start = {
      ...this.#start,
      facts,
      model: this.#start.model === '' ? model || (facts.model ?? '') : this.#start.model,
    };
  }

  /** Something that the answer's head or the client says of the call. */
  note(key: string, value: SpanAttribute[1]): void {
    if (!this.#isEnded) this.#extra.push([key, value]);
  }

  /** One parsed event of a stream. */
  event(data: unknown, eventName: string): void {
    if (this.#isEnded) return;
    this.#received(this.#reader.event(data, eventName));
  }

  /** A whole answer: the call is over. */
  document(body: unknown): void {
    if (this.#isEnded) return;
    safely(() => this.#reader.document(body));
    this.end();
  }

  /** The call is over because of an error. */
  fail(error: unknown): void {
    if (!this.#isEnded) this.end({ error: describeCallError(error, this.#start.signal) });
  }

  /** The head of the answer is there. */
  responded(): void {
    this.#answeredUnixMs ??= this.#request.nowUnixMs();
    this.#heardUnixMs = this.#answeredUnixMs;
    this.#request.changed = true;
    if (this.#isUnreachable) this.end({ isLate: true });
  }

  /** Nobody will read the answer. The call itself goes on until it is answered. */
  unreachable(): void {
    this.#isUnreachable = true;
    if (this.#answeredUnixMs !== undefined) this.end({ isLate: true });
  }

  abandon(): void {
    const message = 'the process ended before the call did';
    this.end({ error: { type: 'process_exit', message, state: 'cancelled', statusCode: undefined } });
  }

  /** Ends the call; a second time changes nothing. */
  end(end: CallEnd = {}): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    forget(this);
    const facts = safely(() => this.#reader.facts()) ?? { ended: false };
    const endUnixMs = (end.isLate === true ? this.#heardUnixMs : undefined) ?? this.#request.nowUnixMs();
    const verdict = this.#verdict(end, facts);
    const span: SpanRecord = {
      kind: 'llm',
      traceId: this.#request.traceId,
      spanId: this.#spanId,
      parentSpanId: this.#parentSpanId,
      name: `${this.#start.operation} ${toText(this.#start.model, 256)}`.trim(),
      requestId: this.#request.id,
      startUnixMs: this.#startUnixMs,
      endUnixMs,
      success: verdict.success,
      errorType: verdict.errorType,
      errorMessage: verdict.errorMessage,
      data: '',
      attributes: safely(() => this.#attributes(facts, end, verdict)) ?? [],
    };
    this.#request.callEnded(this, span);
    if (!this.#isOwn) return;
    safely(() => this.#putPhases(endUnixMs, facts));
    const { success, state, errorType, errorMessage } = verdict;
    const outcome = { success, errorType, errorMessage, ...(state === undefined ? {} : { status: state }) };
    this.#request.end(outcome, endUnixMs);
  }

  #received(kind: ContentKind): void {
    if (kind === 'none') return;
    this.tokensSoFar += 1;
    this.#request.changed = true;
    const nowUnixMs = this.#request.nowUnixMs();
    this.#heardUnixMs = nowUnixMs;
    this.#firstTokenUnixMs ??= nowUnixMs;
    if (kind !== 'reasoning') this.#firstVisibleUnixMs ??= nowUnixMs;
  }

  #putPhases(endUnixMs: number, { timings }: ResponseFacts): void {
    const phases = callPhases({
      startUnixMs: this.#startUnixMs,
      answeredUnixMs: this.#answeredUnixMs,
      firstTokenUnixMs: this.#firstTokenUnixMs,
      firstVisibleUnixMs: this.#firstVisibleUnixMs,
      endUnixMs,
      timings: timings ?? [],
    });
    for (const { name, startUnixMs, endUnixMs: until } of phases) this.#request.callPhase(name, startUnixMs, until);
  }

  #verdict({ error, left }: CallEnd, facts: ResponseFacts): Verdict {
    if (error !== undefined) {
      const { type: errorType, message: errorMessage, state } = error;
      // A time-out or an abort of the caller's own is told by the state; its words are kept all the same.
      return { success: false, state, errorType, errorMessage };
    }
    if (facts.error !== undefined) {
      const { type, message } = facts.error;
      return { success: false, state: undefined, errorType: toText(type, 200), errorMessage: toText(message, 4096) };
    }
    // Who leaves after the model has finished misses nothing but framing.
    if (left === true && !facts.ended && (facts.finishReasons ?? []).length === 0) {
      const state = isTimedOut(this.#start.signal) ? 'timeout' : 'cancelled';
      return { success: false, state, errorType: '', errorMessage: '' };
    }
    return { success: true, state: undefined, errorType: '', errorMessage: '' };
  }

  #attributes(facts: ResponseFacts, end: CallEnd, verdict: Verdict): SpanAttribute[] {
    const first = this.#firstTokenUnixMs;
    const firstMs = first === undefined ? undefined : first - this.#startUnixMs;
    const policy = this.#request.content;
    const attributes = [
      ...callAttributes(this.#start, facts, firstMs, verdict.success),
      ...this.#asked,
      ...contentAttribute('gen_ai.output.messages', facts.outputMessages, policy),
      ...this.#extra,
    ];
    const visible = this.#firstVisibleUnixMs;
    if (visible !== undefined && visible !== first) {
      attributes.push([VEDETTA_ATTRIBUTES.timeToFirstVisible, (visible - this.#startUnixMs) / 1000]);
    }
    if (end.error?.statusCode !== undefined) attributes.push(['http.response.status_code', end.error.statusCode]);
    if (verdict.state !== undefined) attributes.push([VEDETTA_ATTRIBUTES.state, verdict.state]);
    if (this.#meter !== undefined) attributes.push(...this.#meter());
    return attributes;
  }
}

interface Verdict {
  readonly success: boolean;
  readonly state: 'timeout' | 'cancelled' | undefined;
  readonly errorType: string;
  readonly errorMessage: string;
}
