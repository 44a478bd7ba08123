import type { LlmUsage } from '../llm-call.js';
import type { RequestDetails } from '../request.js';
import type { SpanAttributeValue } from '../span-record.js';
import type { TrackOptions } from './track-options.js';

/** What one piece of a stream carries. A string piece is text without further ado. */
export interface CallPiece {
  readonly text?: string;
  readonly reasoning?: string;
  /** Totals so far: the last that are given count. */
  readonly usage?: LlmUsage;
  readonly model?: string;
  readonly finishReason?: string;
}

/** What an answer says. */
export interface CallAnswer {
  /** The answer: a string, or messages as OpenAI (`{role, content}`) or OpenTelemetry (`{role, parts}`) shape them. */
  readonly output?: unknown;
  readonly usage?: LlmUsage;
  /** Model that answered. */
  readonly model?: string;
  readonly finishReason?: string;
}

/** What is said of the calls of a function. `A` are its arguments, `R` is what it comes to, `P` a piece of its stream. */
export interface CallFacts<A extends readonly unknown[] = readonly unknown[], R = unknown, P = unknown>
  extends Pick<TrackOptions, 'monitor' | 'provider' | 'resources'> {
  /** Operation of the GenAI conventions. Default `chat`. */
  readonly operation?: string;
  /** Model, or how to read it from the arguments. */
  readonly model?: string | ((...args: A) => string);
  /** Default `text`. */
  readonly modality?: string;
  readonly parameters?: { readonly [name: string]: SpanAttributeValue };
  /** The prompt in the arguments, in the shapes of {@link CallAnswer.output}. Default: nothing is recorded. */
  readonly input?: (...args: A) => unknown;
  /** Reads a result that is no stream. Default: a string is the answer, of anything else nothing is recorded. */
  readonly answer?: (result: R) => CallAnswer;
  /** Reads a piece of a stream. Default: a string is text, anything else counts as a piece. */
  readonly piece?: (piece: P) => CallPiece;
  /** What is said of the request that a call becomes when it is made outside of any request. */
  readonly request?: RequestDetails;
}
