import type { RawSpan } from '@vedetta/model';
import type { Draft } from './draft.js';

/**
 * Reads one dialect. A new dialect is one file with one of these, listed in `rules.ts`.
 *
 * `apply` runs only for spans that carry one of the keys, events or scopes named here, which is decided once per distinct
 * key, event name and scope. It states what it finds on the draft and leaves the span as it is. It must not throw, whatever
 * the attributes hold: they come from outside.
 */
export interface Rule {
  /** Noted in `GenAiFacts.dialects`. */
  readonly name: string;
  /** Attribute keys: exact, or a prefix when it ends in `.` or `_`. */
  readonly keys: readonly string[];
  /** Names of span events: exact, or a prefix when it ends in `.`. */
  readonly events?: readonly string[];
  /** Instrumentation scopes: exact, or a prefix when it ends in `.`. */
  readonly scopes?: readonly string[];
  apply(span: RawSpan, draft: Draft): void;
}
