import type { Span } from '@vedetta/client';
import type { Message, MessagePart } from '@vedetta/model';

/** The conversation of one model call. */
export interface Conversation {
  readonly span: Span;
  readonly system: readonly MessagePart[];
  readonly input: readonly Message[];
  readonly output: readonly Message[];
}

/**
 * Conversations found in the spans of a request, in order of start. Spans that repeat the messages of the calls below
 * them (agents, chains) are left out, unless nothing else has any.
 */
export function readConversations(spans: readonly Span[]): readonly Conversation[] {
  const found = spans
    .map((span) => ({
      span,
      system: readParts(span.gen_ai?.system_instructions),
      input: readMessages(span.gen_ai?.input_messages),
      output: readMessages(span.gen_ai?.output_messages),
    }))
    .filter(({ system, input, output }) => system.length + input.length + output.length > 0)
    .sort((a, b) => a.span.offset_ms - b.span.offset_ms);
  const calls = found.filter(({ span }) => span.gen_ai?.aggregate !== true);
  return calls.length > 0 ? calls : found;
}

function readMessages(value: unknown): readonly Message[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((message) => ({
    role: typeof message.role === 'string' ? message.role : 'unknown',
    parts: readParts(message.parts),
    ...(typeof message.name === 'string' && { name: message.name }),
    ...(typeof message.finish_reason === 'string' && { finish_reason: message.finish_reason }),
  }));
}

function readParts(value: unknown): readonly MessagePart[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((part) => ({ ...part, type: String(part.type ?? 'unknown') }) as MessagePart);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
