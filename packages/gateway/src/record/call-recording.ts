import type { Attributes, AttributeValue, RawSpan, SpanOrigin } from '@vedetta/model';
import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { Endpoint } from '@vedetta/providers';
import { toGenAiAttributes } from '@vedetta/providers';
import type { CaptureBudget } from '../capture/capture-budget.js';
import { RequestCopy } from '../capture/request-copy.js';
import type { ResponseHead } from '../capture/response-copy.js';
import { ResponseCopy } from '../capture/response-copy.js';
import type { CallContext } from '../forward/headers.js';
import type { Upstream } from '../upstream.js';
import type { CallTimes } from './call-times.js';
import { startTimes, toUnixNano } from './call-times.js';
import { newSpanId, newTraceId, traceIdOf } from './ids.js';
import type { CallPhase } from './phases.js';
import { callPhases, currentPhase } from './phases.js';

/** How a call ended, as the gateway saw it; what the provider says in its answer is added when that is read. */
export type CallOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'timeout'; readonly message: string }
  | { readonly kind: 'failed'; readonly errorType: string; readonly message: string };

/** Where a request that the server knows has its root. */
export interface KnownRequest {
  readonly traceId: string;
  readonly spanId: string;
}

/** What a recording begins with. */
export interface RecordingOptions {
  readonly upstream: Upstream;
  readonly endpoint: Endpoint;
  readonly method: string;
  /** Path and masked query, without the gateway's prefix. */
  readonly path: string;
  readonly query: string;
  readonly context: CallContext;
  readonly secrets: readonly string[];
  readonly contentEncoding: string;
  /** Bytes of the body, where the client says so. */
  readonly contentLength: number | undefined;
  /** As it came: the boundary of a form is in it. */
  readonly contentType: string;
  readonly budget: CaptureBudget;
  readonly findRequest: (requestId: string) => KnownRequest | undefined;
}

const ORIGIN: SpanOrigin = Object.freeze({
  serviceName: 'vedetta-gateway',
  resource: Object.freeze({ 'service.name': 'vedetta-gateway' }),
  scopeName: 'vedetta.gateway',
  scopeVersion: '',
});
const CLIENT = 3;
const INTERNAL = 1;
const NONE: readonly never[] = Object.freeze([]);

/** One LLM call while it passes, and the spans it becomes. */
export class CallRecording {
  readonly times: CallTimes = startTimes();
  readonly request: RequestCopy;
  readonly #options: RecordingOptions;
  readonly #spanId = newSpanId();
  #traceId = '';
  #parentSpanId = '';
  /** The call is a request of its own; otherwise a step of the request it joined. */
  #isRequest = false;
  #response: ResponseCopy | undefined;
  #status: number | undefined;
  /** When it was last announced, on the clock of `performance.now()`. */
  announcedMs: number | undefined;
  announcedPhase = '';
  /** Usage was asked for in the client's stead. */
  usageAsked = false;

  constructor(options: RecordingOptions) {
    this.#options = options;
    const { endpoint, budget, secrets, contentEncoding, contentType } = options;
    this.request = new RequestCopy(endpoint, budget, secrets, contentEncoding, contentType);
  }

  get upstream(): Upstream {
    return this.#options.upstream;
  }

  takeHead(head: ResponseHead): void {
    const { endpoint, budget, secrets } = this.#options;
    this.#status = head.status;
    this.#response = new ResponseCopy(endpoint, () => this.#requestFacts(), head, budget, secrets);
  }

  takeChunk(chunk: Buffer): void {
    this.#response?.push(chunk, performance.now());
  }

  get phase(): string {
    return currentPhase({ ...this.#sources() });
  }

  /** The call as it stands, as a running span. */
  announce(): RawSpan {
    this.#response?.readWaiting();
    this.#join();
    const attributes = toGenAiAttributes(
      { name: this.upstream.providerName },
      this.#options.endpoint,
      this.#requestFacts(),
      undefined,
      this.#attributeOptions(),
    );
    this.#putContext(attributes);
    attributes[VEDETTA_ATTRIBUTES.running] = true;
    attributes[VEDETTA_ATTRIBUTES.currentPhase] = this.phase;
    if (this.#response?.isStream === true) attributes[VEDETTA_ATTRIBUTES.tokensSoFar] = this.#response.contentPieces;
    return this.#callSpan(attributes, 0n, 0, '');
  }

  /** Reads what was copied and gives the call's spans; a promise only where a copy has to be decoded. */
  finish(outcome: CallOutcome): RawSpan[] | Promise<RawSpan[]> {
    const request = this.request.read();
    const response = this.#response?.finish();
    if (request === undefined && response === undefined) return this.#toSpans(outcome);
    return Promise.all([request, response]).then(() => this.#toSpans(outcome));
  }

  /** Gives back the memory of a call that will not be recorded. */
  discard(): void {
    this.request.body.release();
    this.#response?.release();
  }

  /** The upstream refused the call and named what it did not understand. */
  refused(word: string): boolean {
    const error = this.#response?.reader.facts().error;
    return (this.#status === 400 || this.#status === 422) && error !== undefined && error.message.includes(word);
  }

  #requestFacts() {
    // Half a body says nothing, and compressed ones are read at the end. Who answers has had what it needs.
    const { contentLength } = this.#options;
    const isWhole = contentLength !== undefined && this.request.body.sizeBytes >= contentLength;
    if (isWhole || this.#status !== undefined) void this.request.read();
    return this.request.facts;
  }

  #sources() {
    const response = this.#response;
    return {
      times: this.times,
      routingPhase: this.upstream.routingPhase,
      isStream: response?.isStream ?? false,
      firstContentMs: response?.firstContentMs,
      firstVisibleMs: response?.firstVisibleMs,
      sawReasoning: response?.sawReasoning ?? false,
    };
  }

  #attributeOptions() {
    const response = this.#response;
    if (response?.isStream !== true) return {};
    const { firstContentMs } = response;
    return {
      stream: true,
      ...(firstContentMs === undefined ? {} : { timeToFirstTokenMs: firstContentMs - this.times.startMs }),
    };
  }

  #toSpans(outcome: CallOutcome): RawSpan[] {
    this.#join();
    const response = this.#response;
    const facts = response?.reader.facts();
    const attributes = toGenAiAttributes(
      { name: this.upstream.providerName },
      this.#options.endpoint,
      this.request.facts,
      facts,
      { ...this.#attributeOptions(), succeeded: outcome.kind === 'answered' && (this.#status ?? 0) < 400 },
    );
    this.#putContext(attributes);
    this.#putExchange(attributes);
    const failure = this.#failure(outcome, attributes);
    const phases = callPhases({ ...this.#sources(), timings: facts?.timings });
    const endNano = toUnixNano(this.times, this.times.endMs ?? performance.now());
    const spans = [this.#callSpan(attributes, endNano, failure === undefined ? 0 : 2, failure ?? '')];
    for (const phase of phases) spans.push(this.#phaseSpan(phase));
    return spans;
  }

  /** States how the call ended; gives the message when it failed. */
  #failure(outcome: CallOutcome, attributes: { [name: string]: AttributeValue }): string | undefined {
    switch (outcome.kind) {
      case 'cancelled':
        attributes[VEDETTA_ATTRIBUTES.state] = 'cancelled';
        return undefined;
      case 'timeout':
        attributes[VEDETTA_ATTRIBUTES.state] = 'timeout';
        attributes['error.type'] = 'timeout';
        attributes[VEDETTA_ATTRIBUTES.errorMessage] = outcome.message;
        return outcome.message;
      case 'failed':
        attributes['error.type'] = outcome.errorType;
        attributes[VEDETTA_ATTRIBUTES.errorMessage] = outcome.message;
        return outcome.message;
      case 'answered': {
        const stated = attributes[VEDETTA_ATTRIBUTES.errorMessage];
        if (typeof stated === 'string') return stated;
        if ((this.#status ?? 0) < 400) return this.#cutShort(attributes);
        attributes['error.type'] = String(this.#status);
        return `the upstream answered ${this.#status}`;
      }
    }
  }

  /** A stream that the upstream closed in good order, but in the middle of an answer. */
  #cutShort(attributes: { [name: string]: AttributeValue }): string | undefined {
    const response = this.#response;
    if (response?.isStream !== true || response.contentPieces === 0 || response.state !== 'json') return undefined;
    const facts = response.reader.facts();
    if (facts.ended || facts.finishReasons !== undefined) return undefined;
    attributes['error.type'] = 'stream_cut_short';
    const message = 'the stream ended before the answer did';
    attributes[VEDETTA_ATTRIBUTES.errorMessage] = message;
    return message;
  }

  #putContext(attributes: { [name: string]: AttributeValue }): void {
    const { context, upstream } = this.#options;
    if (this.#isRequest) attributes[VEDETTA_ATTRIBUTES.spanKind] = 'request';
    if (context.requestId !== undefined) attributes[VEDETTA_ATTRIBUTES.requestId] = context.requestId;
    if (context.userId !== undefined) attributes['user.id'] = context.userId;
    if (context.sessionId !== undefined) attributes['session.id'] = context.sessionId;
    if (context.tags !== undefined) attributes[VEDETTA_ATTRIBUTES.tags] = context.tags;
    attributes['vedetta.gateway.upstream'] = upstream.name;
  }

  #putExchange(attributes: { [name: string]: AttributeValue }): void {
    const { upstream, method, path, query } = this.#options;
    const response = this.#response;
    const first = response?.firstContentMs;
    const visible = response?.firstVisibleMs;
    if (response?.sawReasoning === true && first !== undefined && visible !== undefined && visible > first) {
      attributes[VEDETTA_ATTRIBUTES.timeToFirstVisible] = (visible - this.times.startMs) / 1000;
    }
    const { times } = this;
    if (times.sentMs !== undefined) {
      const overheadMs = times.sentMs - (times.bodyMs ?? times.startMs);
      attributes['vedetta.gateway.overhead_ms'] = Math.round(overheadMs * 1000) / 1000;
    }
    attributes['server.address'] = upstream.host;
    attributes['server.port'] = upstream.port;
    attributes['http.request.method'] = method;
    attributes['url.path'] = path;
    if (query !== '') attributes['url.query'] = query;
    if (this.#status !== undefined) attributes['http.response.status_code'] = this.#status;
    attributes[VEDETTA_ATTRIBUTES.requestSizeBytes] = this.request.body.sizeBytes;
    if (response !== undefined) attributes[VEDETTA_ATTRIBUTES.responseSizeBytes] = response.body.sizeBytes;
    if (this.request.state !== 'json') attributes['vedetta.gateway.request_body'] = this.request.state;
    if (response !== undefined && response.state !== 'json') {
      attributes['vedetta.gateway.response_body'] = response.state;
    }
  }

  /** Finds the trace the call belongs to, when it is first needed. */
  #join(): void {
    if (this.#traceId !== '') return;
    const { traceId, parentSpanId, requestId } = this.#options.context;
    if (traceId !== undefined) {
      this.#traceId = traceId;
      this.#parentSpanId = parentSpanId ?? '';
    } else if (requestId !== undefined) {
      const known = this.#options.findRequest(requestId);
      this.#traceId = known?.traceId ?? traceIdOf(requestId);
      this.#parentSpanId = known?.spanId ?? '';
    } else {
      this.#traceId = newTraceId();
      this.#isRequest = true;
    }
  }

  #callSpan(attributes: Attributes, endUnixNano: bigint, statusCode: 0 | 2, message: string): RawSpan {
    const model = attributes['gen_ai.request.model'];
    const { operation } = this.#options.endpoint;
    return {
      traceId: this.#traceId,
      spanId: this.#spanId,
      parentSpanId: this.#parentSpanId,
      name: typeof model === 'string' ? `${operation} ${model}` : operation,
      kind: CLIENT,
      startUnixNano: toUnixNano(this.times, this.times.startMs),
      endUnixNano,
      statusCode,
      statusMessage: message,
      attributes,
      events: NONE,
      links: NONE,
      origin: ORIGIN,
    };
  }

  #phaseSpan(phase: CallPhase): RawSpan {
    const { requestId, traceId } = this.#options.context;
    const attributes: { [name: string]: AttributeValue } = {};
    // Inside another request the steps of a call are not that request's phases, but for the routing that it asked to see.
    if (traceId === undefined || phase.name === this.upstream.routingPhase) {
      attributes[VEDETTA_ATTRIBUTES.spanKind] = 'phase';
    }
    if (requestId !== undefined) attributes[VEDETTA_ATTRIBUTES.requestId] = requestId;
    return {
      traceId: this.#traceId,
      spanId: newSpanId(),
      parentSpanId: this.#spanId,
      name: phase.name,
      kind: INTERNAL,
      startUnixNano: toUnixNano(this.times, phase.startMs),
      endUnixNano: toUnixNano(this.times, phase.endMs),
      statusCode: 0,
      statusMessage: '',
      attributes,
      events: NONE,
      links: NONE,
      origin: ORIGIN,
    };
  }
}
