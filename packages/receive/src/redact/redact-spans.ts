import type { Attributes, Span, SpanEvent, SpanLink, SpanOrigin } from '@vedetta/model';
import type { ContentPolicy } from './content-policy.js';
import { redactFacts } from './redact-facts.js';
import { redactGenAi } from './redact-gen-ai.js';
import { TextRedactor } from './text-redactor.js';
import { ValueRedactor } from './value-redactor.js';

/** What a policy did to a batch of spans. */
export interface RedactReport {
  /** Secrets masked, by kind. A secret in both an attribute and a message counts twice. */
  readonly found: { readonly [kind: string]: number };
  /** Texts cut to a preview. */
  readonly cut: number;
  /** Attributes and facts left out. */
  readonly dropped: number;
}

const redactors = new WeakMap<ContentPolicy, ValueRedactor>();

/**
 * Makes normalised spans fit to be stored, in place: secrets are masked in every text (names, attributes, events, links,
 * messages, status, resource), then content is cut or dropped as the policy's mode says. Ids, the request id and times stay.
 */
export function redactSpans(spans: readonly Span[], policy: ContentPolicy): RedactReport {
  const redactor = redactorOf(policy);
  redactor.cut = 0;
  redactor.dropped = 0;
  const origins = new Map<SpanOrigin, SpanOrigin>();
  const resources = new Map<Attributes, Attributes>();
  for (const span of spans) {
    redactSpan(span, redactor);
    let origin = origins.get(span.origin);
    if (origin === undefined) {
      origin = redactOrigin(span.origin, redactor, resources);
      origins.set(span.origin, origin);
    }
    span.origin = origin;
  }
  return { found: redactor.text.takeCounts(), cut: redactor.cut, dropped: redactor.dropped };
}

/**
 * The id of a user or session as {@link redactSpans} stores it under the same policy: to search by the id that the caller knows.
 * An id without a secret in it stays as it is.
 */
export function redactIdentity(id: string, policy: ContentPolicy): string {
  const redactor = redactorOf(policy);
  const masked = redactor.identity(id);
  // A search is no finding of the next batch.
  redactor.text.takeCounts();
  return masked;
}

/** What the built-in kinds, and the patterns given, would mask in a text: to try a policy before it is used. */
export function previewRedaction(
  text: string,
  patterns: ContentPolicy['patterns'] = [],
): { readonly text: string; readonly found: { readonly [kind: string]: number } } {
  const redactor = new TextRedactor(patterns);
  const masked = redactor.redact(text);
  return { text: masked, found: redactor.takeCounts() };
}

function redactorOf(policy: ContentPolicy): ValueRedactor {
  let redactor = redactors.get(policy);
  if (redactor === undefined) {
    redactor = new ValueRedactor(policy);
    redactors.set(policy, redactor);
  }
  return redactor;
}

function redactSpan(span: Span, redactor: ValueRedactor): void {
  const numbers = redactor.mode === 'numbers';
  span.name = redactor.text.redact(span.name);
  if (span.statusMessage !== '') span.statusMessage = numbers ? '' : redactor.text.redact(span.statusMessage);
  span.attributes = redactor.attributes(span.attributes);
  if (span.events.length > 0) span.events = span.events.map((event) => redactEvent(event, redactor));
  if (span.links.length > 0) span.links = span.links.map((link) => redactLink(link, redactor));
  span.facts = redactFacts(span.facts, redactor);
  if (span.genAi !== undefined) span.genAi = redactGenAi(span.genAi, redactor);
}

function redactEvent(event: SpanEvent, redactor: ValueRedactor): SpanEvent {
  const attributes = redactor.attributes(event.attributes);
  const name = redactor.text.redact(event.name);
  return attributes === event.attributes && name === event.name ? event : { ...event, name, attributes };
}

function redactLink(link: SpanLink, redactor: ValueRedactor): SpanLink {
  const attributes = redactor.attributes(link.attributes);
  return attributes === link.attributes ? link : { ...link, attributes };
}

/** Spans of one scope go on sharing one origin, and scopes of one resource its attributes. */
function redactOrigin(origin: SpanOrigin, redactor: ValueRedactor, resources: Map<Attributes, Attributes>): SpanOrigin {
  let resource = resources.get(origin.resource);
  if (resource === undefined) {
    resource = redactor.attributes(origin.resource);
    resources.set(origin.resource, resource);
  }
  const text = redactor.text;
  const serviceName = text.redact(origin.serviceName);
  const scopeName = text.redact(origin.scopeName);
  const scopeVersion = text.redact(origin.scopeVersion);
  const same =
    resource === origin.resource &&
    serviceName === origin.serviceName &&
    scopeName === origin.scopeName &&
    scopeVersion === origin.scopeVersion;
  return same ? origin : { serviceName, resource, scopeName, scopeVersion };
}
