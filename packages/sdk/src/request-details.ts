import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import { toAttributeValue } from './llm-call.js';
import { ownNames } from './own-names.js';
import type { RequestDetails } from './request.js';
import type { SpanAttribute, SpanAttributeValue } from './span-record.js';
import type { TrackedStatus } from './summary.js';
import { toText } from './text.js';

const MAX_TAGS = 64;
const MAX_ATTRIBUTES = 64;

/** Details that were checked: what a caller from plain JavaScript got wrong is left out. */
export interface KnownDetails {
  name: string;
  modality?: string;
  model?: string;
  stream?: boolean;
  requestSizeBytes?: number;
  responseSizeBytes?: number;
  userId?: string;
  sessionId?: string;
  tags?: readonly string[];
  attributes?: Map<string, SpanAttributeValue>;
}

/** Takes what is stated in `details` over into `known`. */
export function collectDetails(
  known: KnownDetails,
  details: { [K in keyof RequestDetails]: RequestDetails[K] | undefined },
): void {
  try {
    if (details.name !== undefined) known.name = toText(details.name, 256);
    if (details.modality !== undefined) known.modality = toText(details.modality, 64);
    if (details.model !== undefined) known.model = toText(details.model, 256);
    if (typeof details.stream === 'boolean') known.stream = details.stream;
    if (isSize(details.requestSizeBytes)) known.requestSizeBytes = details.requestSizeBytes;
    if (isSize(details.responseSizeBytes)) known.responseSizeBytes = details.responseSizeBytes;
    if (details.userId !== undefined) known.userId = toText(details.userId, 256);
    if (details.sessionId !== undefined) known.sessionId = toText(details.sessionId, 256);
    if (Array.isArray(details.tags)) known.tags = details.tags.slice(0, MAX_TAGS).map((tag) => toText(tag, 200));
    if (typeof details.attributes === 'object') collectAttributes(known, details.attributes);
  } catch {
    // Getters that throw say nothing about a request.
  }
}

/** The details as attributes of the request's span. */
export function rootAttributes(known: KnownDetails, status: TrackedStatus, customData: string): SpanAttribute[] {
  const attributes: SpanAttribute[] = [];
  const { modality, model, stream, requestSizeBytes, responseSizeBytes, userId, sessionId, tags } = known;
  if (modality !== undefined) attributes.push([VEDETTA_ATTRIBUTES.modality, modality]);
  if (model !== undefined) attributes.push(['gen_ai.request.model', model]);
  if (stream !== undefined) attributes.push(['gen_ai.request.stream', stream]);
  if (requestSizeBytes !== undefined) attributes.push([VEDETTA_ATTRIBUTES.requestSizeBytes, requestSizeBytes]);
  if (responseSizeBytes !== undefined) attributes.push([VEDETTA_ATTRIBUTES.responseSizeBytes, responseSizeBytes]);
  if (userId !== undefined) attributes.push(['user.id', userId]);
  if (sessionId !== undefined) attributes.push(['session.id', sessionId]);
  if (tags !== undefined) attributes.push([VEDETTA_ATTRIBUTES.tags, tags]);
  if (status === 'timeout' || status === 'cancelled') attributes.push([VEDETTA_ATTRIBUTES.state, status]);
  if (customData !== '') attributes.push([VEDETTA_ATTRIBUTES.customData, customData]);
  if (known.attributes !== undefined) attributes.push(...known.attributes);
  return attributes;
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function collectAttributes(known: KnownDetails, attributes: { readonly [key: string]: SpanAttributeValue }): void {
  known.attributes ??= new Map();
  for (const key of ownNames(attributes)) {
    if (known.attributes.size >= MAX_ATTRIBUTES && !known.attributes.has(key)) return;
    const value = attributes[key];
    if (value !== undefined) known.attributes.set(toText(key, 200), toAttributeValue(value));
  }
}
