import { compileRegex } from '../regex/compile-regex.js';

export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** A condition on one label; a series without the label has the value `''`. */
export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  /** The text or pattern as it was written. */
  readonly value: string;
  /** All values that pass, where they are few and known (`=`, or a pattern of alternatives): a store looks them up instead of trying. */
  readonly values?: readonly string[];
  readonly test: (value: string) => boolean;
}

/**
 * Throws `RegexError` for a pattern that is none. Patterns are anchored and matched in time linear in the value, whatever they are.
 */
export function createMatcher(name: string, operator: MatchOperator, value: string): LabelMatcher {
  if (operator === '=') return { name, operator, value, values: [value], test: (text) => text === value };
  if (operator === '!=') return { name, operator, value, test: (text) => text !== value };
  const regex = compileRegex(value);
  const { literals } = regex;
  if (operator === '!~') return { name, operator, value, test: (text) => !regex.test(text) };
  const matcher = { name, operator, value, test: (text: string) => regex.test(text) };
  return literals === undefined ? matcher : { ...matcher, values: literals };
}

/** As PromQL writes it. */
export function formatMatcher({ name, operator, value }: LabelMatcher): string {
  const label = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) ? name : JSON.stringify(name);
  return `${label}${operator}${JSON.stringify(value)}`;
}
