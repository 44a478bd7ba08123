import type { RawSpan, Span, SpanFacts, SpanOrigin } from '@vedetta/model';
import { Draft } from './draft.js';
import { RULES } from './rules.js';
import { settle } from './settle.js';

// Which rules a key, an event or a scope calls for, as bits by the rule's place in the table. Names come from outside and may
// be without end, so each memory of them is bounded.
const MAX_REMEMBERED = 16_384;
const keyBits = new Map<string, number>();
const eventBits = new Map<string, number>();
const scopeBits = new WeakMap<SpanOrigin, number>();

const GENERAL_BIT = 1 << (RULES.length - 1);
const NO_FACTS: SpanFacts = Object.freeze({});

/**
 * Adds to each span what the rules find in it (`facts`, `genAi`) and gives the same objects back. The sender's attributes stay
 * as they are. A span in which no rule finds a key of its own costs one look at each key.
 */
export function normaliseSpans(spans: readonly RawSpan[]): Span[] {
  return spans.map(normaliseSpan);
}

function normaliseSpan(raw: RawSpan): Span {
  const span = raw as Span;
  let bits = bitsOfScope(raw.origin);
  for (const key in raw.attributes) bits |= keyBits.get(key) ?? rememberKey(key);
  for (const event of raw.events) bits |= eventBits.get(event.name) ?? rememberEvent(event.name);
  if (raw.statusCode === 2) bits |= GENERAL_BIT;
  if (bits === 0) {
    span.facts = NO_FACTS;
    span.genAi = undefined;
    return span;
  }
  const draft = new Draft();
  for (let i = 0; i < RULES.length; i++) {
    if ((bits & (1 << i)) === 0) continue;
    const rule = RULES[i];
    if (rule === undefined) continue;
    draft.dialect = rule.name;
    rule.apply(raw, draft);
  }
  span.genAi = settle(raw, draft);
  span.facts = draft.facts;
  return span;
}

function rememberKey(key: string): number {
  return remember(
    keyBits,
    key,
    bitsWhere((rule) => rule.keys.some((pattern) => matches(key, pattern))),
  );
}

function rememberEvent(name: string): number {
  return remember(
    eventBits,
    name,
    bitsWhere((rule) => rule.events?.some((pattern) => matches(name, pattern)) ?? false),
  );
}

function bitsOfScope(origin: SpanOrigin): number {
  let bits = scopeBits.get(origin);
  if (bits === undefined) {
    bits = bitsWhere((rule) => rule.scopes?.some((pattern) => matches(origin.scopeName, pattern)) ?? false);
    scopeBits.set(origin, bits);
  }
  return bits;
}

function remember(memory: Map<string, number>, name: string, bits: number): number {
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  memory.set(name, bits);
  return bits;
}

function bitsWhere(test: (rule: (typeof RULES)[number]) => boolean): number {
  let bits = 0;
  RULES.forEach((rule, i) => {
    if (test(rule)) bits |= 1 << i;
  });
  return bits;
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('.') || pattern.endsWith('_') ? name.startsWith(pattern) : name === pattern;
}
