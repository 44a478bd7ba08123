import { boundedJson } from './bounded-json.js';
import { randomSpanId } from './random-id.js';
import type { Phase, PhaseOutcome } from './request.js';
import type { SpanAttribute, SpanRecord } from './span-record.js';
import { NO_ATTRIBUTES } from './span-record.js';
import { describeError } from './text.js';

/** Bytes of JSON kept of anything a caller attaches. */
export const MAX_DATA_BYTES = 64 * 1024;

/** What a phase needs from its request. */
export interface PhaseOwner {
  readonly id: string;
  readonly traceId: string;
  readonly rootSpanId: string;
  nowUnixMs(): number;
  phaseEnded(phase: PhaseRecorder): void;
  /** The phase was closed by `using`, which may be because its block threw. */
  scopeClosed(phase: PhaseRecorder): void;
  /** An error left the callback of a phase. */
  phaseThrew(phase: PhaseRecorder, error: unknown): void;
  open(name: string, parent: PhaseRecorder | undefined): PhaseRecorder;
  runIn<T>(phase: PhaseRecorder, fn: (phase: Phase) => T): T;
}

/** A phase while it runs and its record afterwards: one object, because phases are what the SDK makes most of. */
export class PhaseRecorder implements Phase, SpanRecord {
  readonly kind = 'phase';
  readonly traceId: string;
  readonly spanId = randomSpanId();
  readonly parentSpanId: string;
  readonly name: string;
  readonly requestId: string;
  readonly startUnixMs: number;
  readonly attributes: readonly SpanAttribute[] = NO_ATTRIBUTES;
  endUnixMs = 0;
  success = true;
  errorType = '';
  errorMessage = '';
  data = '';
  // Private, so that a sink that copies or prints a record sees a record.
  #childMs = 0;
  readonly #parent: PhaseRecorder | undefined;
  readonly #owner: PhaseOwner;

  constructor(owner: PhaseOwner, name: string, parent: PhaseRecorder | undefined, startUnixMs: number) {
    this.#owner = owner;
    this.traceId = owner.traceId;
    this.requestId = owner.id;
    this.#parent = parent;
    this.parentSpanId = parent === undefined ? owner.rootSpanId : parent.spanId;
    this.name = name;
    this.startUnixMs = startUnixMs;
  }

  /** Time spent in phases directly inside this one, in milliseconds. */
  get childMs(): number {
    return this.#childMs;
  }

  end(outcome?: PhaseOutcome): number {
    if (this.endUnixMs === 0) {
      if (outcome !== undefined) this.conclude(outcome);
      this.endAt(this.#owner.nowUnixMs());
    }
    return this.endUnixMs - this.startUnixMs;
  }

  fail(error: unknown): number {
    return this.end({ error, success: false });
  }

  setMetadata(metadata: unknown): void {
    if (this.endUnixMs === 0) this.data = boundedJson(metadata, MAX_DATA_BYTES);
  }

  phase(name: string): Phase;
  phase<T>(name: string, fn: (phase: Phase) => T, metadata?: unknown): T;
  phase<T>(name: string, fn?: (phase: Phase) => T, metadata?: unknown): T | Phase {
    const phase = this.#owner.open(name, this);
    if (metadata !== undefined) phase.setMetadata(metadata);
    return typeof fn === 'function' ? runPhase(this.#owner, phase, fn) : phase;
  }

  [Symbol.dispose](): void {
    if (this.endUnixMs !== 0) return;
    this.end();
    this.#owner.scopeClosed(this);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
  }

  /** Takes over what is said of the outcome; the end itself is {@link PhaseRecorder.endAt}. */
  conclude(outcome: PhaseOutcome): void {
    try {
      const { error, success, metadata } = outcome;
      if (error !== undefined) this.blame(error);
      if (success !== undefined) this.success = success;
      if (metadata !== undefined) this.data = boundedJson(metadata, MAX_DATA_BYTES);
    } catch {
      // A hostile outcome object says nothing.
    }
  }

  blame(error: unknown): void {
    const { type, message } = describeError(error);
    this.success = false;
    this.errorType = type;
    this.errorMessage = message;
  }

  endAt(unixMs: number): void {
    // The clock of a request never goes back; a phase recorded by its duration may still claim to end early.
    this.endUnixMs = Math.max(unixMs, this.startUnixMs);
    if (this.#parent !== undefined) this.#parent.#childMs += this.endUnixMs - this.startUnixMs;
    this.#owner.phaseEnded(this);
  }
}

/** Runs `fn` as the body of a phase. Throws what `fn` throws, and nothing else. */
export function runPhase<T>(owner: PhaseOwner, phase: PhaseRecorder, fn: (phase: Phase) => T): T {
  let result: T;
  try {
    result = owner.runIn(phase, fn);
  } catch (error) {
    owner.phaseThrew(phase, error);
    throw error;
  }
  return whenSettled(
    result,
    () => phase.end(),
    (error) => owner.phaseThrew(phase, error),
  );
}

/** Calls one of two observers when `result` is known: now for a value, later for a promise. Settles as `result` does. */
export function whenSettled<T>(result: T, onValue: (value: unknown) => void, onError: (error: unknown) => void): T {
  if (!isThenable(result)) {
    onValue(result);
    return result;
  }
  const settled = result.then(
    (value) => {
      onValue(value);
      return value;
    },
    (error: unknown) => {
      onError(error);
      throw error;
    },
  );
  return settled as T;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  if (typeof value !== 'object' || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === 'function';
  } catch {
    return false;
  }
}
