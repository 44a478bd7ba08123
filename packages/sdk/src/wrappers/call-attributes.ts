import type { ResponseFacts } from '@vedetta/providers';
import { toGenAiAttributes } from '@vedetta/providers';
import { boundedJson } from '../bounded-json.js';
import type { ContentPolicy } from '../llm-call.js';
import { toAttributeValue } from '../llm-call.js';
import type { SpanAttribute } from '../span-record.js';
import { toText } from '../text.js';
import type { CallStart } from './call-recorder.js';

const MAX_ATTRIBUTES = 64;

/** Attributes that have fields of their own on a record. */
const FIELDS: ReadonlySet<string> = new Set(['error.type', 'error.message']);

/** All that is known of a call, but for its content, as attributes of the OpenTelemetry GenAI conventions. */
export function callAttributes(
  start: CallStart,
  response: ResponseFacts,
  timeToFirstTokenMs: number | undefined,
  succeeded: boolean,
): SpanAttribute[] {
  const { operation, modality, model, provider, stream, facts } = start;
  const named = toGenAiAttributes(
    { name: provider },
    { operation, modality, ...(model === '' ? {} : { pathModel: model }) },
    facts,
    response,
    { stream, succeeded, content: false, ...(timeToFirstTokenMs === undefined ? {} : { timeToFirstTokenMs }) },
  );
  const attributes: SpanAttribute[] = [];
  for (const [name, value] of Object.entries(named).slice(0, MAX_ATTRIBUTES)) {
    if (!FIELDS.has(name)) attributes.push([toText(name, 200), toAttributeValue(value)]);
  }
  return attributes;
}

/** What a call is asked with, as far as the monitor allows it. */
export function askedContent({ facts }: CallStart, policy: ContentPolicy): SpanAttribute[] {
  return [
    ...contentAttribute('gen_ai.system_instructions', facts.systemInstructions, policy),
    ...contentAttribute('gen_ai.input.messages', facts.inputMessages, policy),
    ...contentAttribute('gen_ai.tool.definitions', facts.toolDefinitions, policy),
  ];
}

/** Content as JSON text; nothing when there is none, or none may leave. */
export function contentAttribute(key: string, value: unknown, policy: ContentPolicy): SpanAttribute[] {
  if (policy.mode === 'off' || value === undefined || (Array.isArray(value) && value.length === 0)) return [];
  try {
    return [[key, boundedJson(value, policy.maxBytes, { redact: policy.redact })]];
  } catch {
    // Content whose redaction failed does not leave.
    return [];
  }
}
