import type { LlmCall } from './llm-call.js';
import type { SpanAttributeValue } from './span-record.js';
import type { RequestSummary, TrackedStatus } from './summary.js';

/** What is known of a request; more can be said later with {@link TrackedRequest.set}. */
export interface RequestDetails {
  /** What the request is called in lists: a route, a use case. Default: `request`. */
  readonly name?: string;
  /** `text`, `image`, `audio`, `video`, `multimodal`, `embedding`, `unknown` or a word of your own. */
  readonly modality?: string;
  /** Model that was asked for. */
  readonly model?: string;
  /** The answer is streamed. */
  readonly stream?: boolean;
  readonly requestSizeBytes?: number;
  readonly responseSizeBytes?: number;
  readonly userId?: string;
  /** The conversation, session or thread that the request belongs to. */
  readonly sessionId?: string;
  readonly tags?: readonly string[];
  /** Further OpenTelemetry attributes of the request's span; at most 64 are kept. */
  readonly attributes?: { readonly [key: string]: SpanAttributeValue };
}

/** How a request starts. */
export interface RequestOptions extends RequestDetails {
  /** An id of your own, at most 256 characters, unique to the request. Default: 32 random hex digits. */
  readonly id?: string;
  /**
   * Headers of the incoming call, as node:http's object or the web's `Headers`: a valid W3C `traceparent` in them makes the
   * request part of the caller's trace. Invalid ones are ignored.
   */
  readonly headers?: IncomingHeaders;
}

/** Headers in either of the two shapes that Node frameworks hand out. */
export type IncomingHeaders =
  | { readonly [name: string]: string | readonly string[] | undefined }
  | { get(name: string): string | null };

/** How a request ends. Failed when there is an `error`, an `errorType` or an `errorMessage`, unless `success` says otherwise. */
export interface RequestOutcome {
  readonly success?: boolean;
  /** What was thrown: type and message are taken from it. `AbortError` and `TimeoutError` set the status too. */
  readonly error?: unknown;
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** Says that the request neither succeeded nor failed in the ordinary way. */
  readonly status?: 'timeout' | 'cancelled';
  readonly responseSizeBytes?: number;
  /** Any JSON data, at most 64 KiB of it. */
  readonly customData?: unknown;
}

/** How a phase ends. Failed when there is an `error`, unless `success` says otherwise. */
export interface PhaseOutcome {
  readonly success?: boolean;
  readonly error?: unknown;
  /** Any JSON data, at most 64 KiB of it. */
  readonly metadata?: unknown;
}

/** A phase that runs. `using phase = request.phase('retrieval')` ends it with its block. */
export interface Phase extends Disposable, AsyncDisposable {
  readonly name: string;
  /** 16 hex digits. */
  readonly spanId: string;
  /** Ends the phase; a second call changes nothing. Returns its duration in milliseconds. */
  end(outcome?: PhaseOutcome): number;
  /** Ends the phase as failed. */
  fail(error: unknown): number;
  /** Data that describes the phase; replaces what was said before. Ignored after the end. */
  setMetadata(metadata: unknown): void;
  /** A phase inside this one. */
  phase(name: string): Phase;
  phase<T>(name: string, fn: (phase: Phase) => T, metadata?: unknown): T;
}

/** A verdict on a request. Give a number, a label or a thumb. */
export interface Score {
  /** What is judged. Default: `feedback`. */
  readonly name?: string;
  readonly value?: number;
  /** `up` is the value 1, `down` the value 0, with the word as label. */
  readonly thumb?: 'up' | 'down';
  readonly label?: string;
  readonly comment?: string;
}

/**
 * A request that is being tracked. No method throws, whatever it is given; callbacks' own errors pass through unchanged.
 * Everything may be called after the end too: phases, events and calls that come late are recorded under the same request.
 */
export interface TrackedRequest {
  readonly id: string;
  /** 32 hex digits. */
  readonly traceId: string;
  /** Milliseconds since the epoch. */
  readonly startUnixMs: number;
  readonly status: TrackedStatus;
  /** Adds to or replaces what is known of the request. Ignored after the end. */
  set(details: RequestDetails): void;
  /**
   * A phase as a scope: end it, or declare it with `using`. A scope cannot see what leaves its block by an exception; it is
   * marked failed when that error then reaches the enclosing phase callback, `monitor.request` or integration.
   */
  phase(name: string): Phase;
  /**
   * Times `fn`, until its promise settles when it returns one; failed when it throws, and the same error is thrown on.
   * Phases started inside `fn` are nested in it.
   */
  phase<T>(name: string, fn: (phase: Phase) => T, metadata?: unknown): T;
  /** Starts a phase that {@link TrackedRequest.endPhase} ends by its name. */
  startPhase(name: string, metadata?: unknown): Phase;
  /** Ends the phase of that name that was started last and still runs; returns milliseconds, 0 when there is none. */
  endPhase(name: string, outcome?: PhaseOutcome): number;
  /** A phase that has just ended and took `durationMs`. */
  recordPhase(name: string, durationMs: number, metadata?: unknown, outcome?: PhaseOutcome): void;
  /** A named moment with any JSON data. */
  event(name: string, data?: unknown): void;
  /** A call of a model, after it was made. */
  llm(call: LlmCall): void;
  /** A verdict; see also `monitor.score`, which needs only the id. */
  score(score: Score): void;
  /** Runs `fn` with this request as the current one. Does not end it. */
  run<T>(fn: () => T): T;
  /** The W3C `traceparent` to send with calls that this request makes, so that their spans join its trace. */
  traceparent(): string;
  /** Ends the request, and phases that still run with it. A second call changes nothing and returns the same summary. */
  end(outcome?: RequestOutcome): RequestSummary;
}
