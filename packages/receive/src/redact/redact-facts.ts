import type { AttributeValue, SpanFacts } from '@vedetta/model';
import type { ValueRedactor } from './value-redactor.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Applies the policy to the general facts. The request id stays as the caller gave it: it is how the request is found again.
 * Mode `numbers` drops messages and tags, and of the caller's own data all but numbers and booleans.
 */
export function redactFacts(facts: SpanFacts, redactor: ValueRedactor): SpanFacts {
  let result: Mutable<SpanFacts> | undefined;
  const change = <K extends keyof SpanFacts>(name: K, value: SpanFacts[K] | undefined) => {
    if (value === facts[name]) return;
    result ??= { ...facts };
    if (value === undefined) delete result[name];
    else result[name] = value as SpanFacts[K];
  };
  const numbers = redactor.mode === 'numbers';
  for (const name of TEXTS) {
    const value = facts[name];
    if (value !== undefined) change(name, redactor.text.redact(value));
  }
  for (const name of IDENTITIES) {
    const value = facts[name];
    if (value !== undefined) change(name, redactor.identity(value));
  }
  for (const name of ['customData', 'data'] as const) {
    const value = facts[name];
    if (value !== undefined) change(name, numbers ? onlyNumbers(value) : redactor.text.redact(value));
  }
  if (facts.errorMessage !== undefined) {
    change('errorMessage', numbers ? undefined : redactor.text.redact(facts.errorMessage));
  }
  if (facts.tags !== undefined)
    change('tags', numbers ? undefined : facts.tags.map((tag) => redactor.text.redact(tag)));
  if (facts.score?.comment !== undefined) {
    const { comment, ...score } = facts.score;
    change('score', numbers ? score : { ...score, comment: redactor.text.redact(comment) });
  }
  return result ?? facts;
}

const TEXTS = ['currentPhase', 'modality', 'errorType'] as const;
const IDENTITIES = ['userId', 'sessionId'] as const;

function onlyNumbers(json: string): string | undefined {
  let value: AttributeValue;
  try {
    value = JSON.parse(json) as AttributeValue;
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const kept = Object.entries(value).filter(([, member]) => typeof member === 'number' || typeof member === 'boolean');
  return kept.length === 0 ? undefined : JSON.stringify(Object.fromEntries(kept));
}
