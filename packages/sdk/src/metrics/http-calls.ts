import type { HttpRequestFacts } from './facts.js';
import type { CurrentTrace } from './measures.js';

/** Counts the calls that an integration tracks. */
export interface HttpCalls {
  /** A call has begun. */
  started(): void;
  /** It has ended; `undefined` facts for one that nothing is known of. */
  ended(facts: HttpRequestFacts | undefined, trace: CurrentTrace): void;
}

/** The integrations are bundles of their own: they find what counts their calls by a name that all copies know. */
const HTTP_CALLS = Symbol.for('vedetta.sdk.http-calls.v1');

/** A monitor that counts HTTP calls. */
export interface CountsHttpCalls {
  readonly [HTTP_CALLS]: HttpCalls | undefined;
}

export { HTTP_CALLS };

/** What counts the HTTP calls of a monitor; `undefined` when it counts none. */
export function httpCallsOf(monitor: object): HttpCalls | undefined {
  return (monitor as Partial<CountsHttpCalls>)[HTTP_CALLS];
}
