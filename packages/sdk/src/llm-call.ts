import { toUnitRecord, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import { givenUnits } from './billed-units.js';
import { boundedJson } from './bounded-json.js';
import type { LlmUnits } from './llm-units.js';
import { ownNames } from './own-names.js';
import type { SpanAttribute, SpanAttributeValue } from './span-record.js';
import { cutText, toText } from './text.js';

/** What one call used, as the provider reported it. Input and output are totals, the other tokens are parts of them. */
export interface LlmUsage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly reasoningTokens?: number;
  /** What it is billed for beside tokens. */
  readonly units?: LlmUnits;
}

/** A call of a model. Names follow the OpenTelemetry GenAI conventions without their prefix. */
export interface LlmCall {
  /** `chat` (default), `text_completion`, `generate_content`, `embeddings`, `rerank`... */
  readonly operation?: string;
  /** `openai`, `anthropic`, `ollama`... */
  readonly provider?: string;
  /** Model that was asked for. Default: the request's. */
  readonly model?: string;
  /** Model that answered, when it differs. */
  readonly responseModel?: string;
  readonly responseId?: string;
  readonly finishReasons?: readonly string[];
  readonly stream?: boolean;
  readonly usage?: LlmUsage;
  /** Tokens as your own code counted them: kept beside {@link usage}, and counted where the provider reported none. So are units. */
  readonly ownUsage?: Pick<LlmUsage, 'inputTokens' | 'outputTokens' | 'units'>;
  /** In USD, when the caller knows it. */
  readonly costUsd?: number;
  readonly timeToFirstTokenMs?: number;
  /** Default: the time of the phase that runs, or else of the one that ended last, or else of the request so far. */
  readonly durationMs?: number;
  /** Prompt: a string, or messages as OpenAI (`{role, content}`) or OpenTelemetry (`{role, parts}`) shape them. */
  readonly input?: unknown;
  /** Answer, in the same shapes. */
  readonly output?: unknown;
  /** `temperature`, `max_tokens`... */
  readonly parameters?: { readonly [name: string]: SpanAttributeValue };
  readonly error?: unknown;
}

/** How much of prompts and answers leaves the process. */
export interface ContentPolicy {
  readonly mode: 'full' | 'off';
  readonly redact: ((text: string) => string) | undefined;
  readonly maxBytes: number;
}

const MAX_PARAMETERS = 32;
const MAX_MESSAGES = 1000;
const MAX_PARTS = 1000;
/** Members of a message beside its content. */
const MAX_MEMBERS = 64;

/** The call as attributes of the OpenTelemetry GenAI conventions. */
export function llmAttributes(call: LlmCall, model: string, content: ContentPolicy): SpanAttribute[] {
  const attributes: SpanAttribute[] = [['gen_ai.operation.name', toText(call.operation ?? 'chat', 100)]];
  const text = (key: string, value: unknown) => {
    if (value !== undefined && value !== null && value !== '') attributes.push([key, toText(value, 500)]);
  };
  const count = (key: string, value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) attributes.push([key, value]);
  };
  text('gen_ai.provider.name', call.provider);
  text('gen_ai.request.model', model);
  text('gen_ai.response.model', call.responseModel);
  text('gen_ai.response.id', call.responseId);
  if (call.stream === true) attributes.push(['gen_ai.request.stream', true]);
  if (Array.isArray(call.finishReasons)) {
    attributes.push(['gen_ai.response.finish_reasons', call.finishReasons.slice(0, 20).map((r) => toText(r, 100))]);
  }
  if (typeof call.timeToFirstTokenMs === 'number') {
    count('gen_ai.response.time_to_first_chunk', call.timeToFirstTokenMs / 1000);
  }
  const usage = call.usage ?? {};
  count('gen_ai.usage.input_tokens', usage.inputTokens);
  count('gen_ai.usage.output_tokens', usage.outputTokens);
  count('gen_ai.usage.cache_read.input_tokens', usage.cacheReadTokens);
  count('gen_ai.usage.cache_write.input_tokens', usage.cacheWriteTokens);
  count('gen_ai.usage.reasoning.output_tokens', usage.reasoningTokens);
  count(VEDETTA_ATTRIBUTES.suppliedInputTokens, call.ownUsage?.inputTokens);
  count(VEDETTA_ATTRIBUTES.suppliedOutputTokens, call.ownUsage?.outputTokens);
  const units = givenUnits(usage.units, 'reported') ?? givenUnits(call.ownUsage?.units, 'supplied');
  for (const [name, value] of Object.entries(units === undefined ? {} : toUnitRecord(units))) {
    attributes.push([VEDETTA_ATTRIBUTES.unitsPrefix + name, value]);
  }
  count('gen_ai.usage.cost', call.costUsd);
  const { parameters } = call;
  if (typeof parameters === 'object' && parameters !== null) {
    for (const name of ownNames(parameters).slice(0, MAX_PARAMETERS)) {
      attributes.push([`gen_ai.request.${toText(name, 100)}`, toAttributeValue(parameters[name])]);
    }
  }
  if (content.mode === 'full') {
    pushContent(attributes, 'gen_ai.input.messages', call.input, 'user', content);
    pushContent(attributes, 'gen_ai.output.messages', call.output, 'assistant', content);
  }
  return attributes;
}

/** A value of an attribute from anything: scalars as they are, the rest as bounded JSON text. */
export function toAttributeValue(value: unknown): SpanAttributeValue {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return cutText(value, 4096);
  if (Array.isArray(value) && value.length <= 100) return value.map((item) => toText(item, 500));
  return boundedJson(value, 4096);
}

function pushContent(
  attributes: SpanAttribute[],
  key: string,
  content: unknown,
  role: string,
  policy: ContentPolicy,
): void {
  if (content === undefined || content === null) return;
  try {
    attributes.push([key, boundedJson(toMessages(content, role), policy.maxBytes, { redact: policy.redact })]);
  } catch {
    // Content whose redaction failed does not leave, nor what cannot be read at all.
  }
}

/** Messages in the OpenTelemetry shape. Parts that are already in some shape are kept as they are. */
export function toMessages(content: unknown, role: string): unknown {
  const messages = Array.isArray(content) ? content.slice(0, MAX_MESSAGES) : [content];
  return messages.map((message: unknown) => toMessage(message, role));
}

function toMessage(message: unknown, role: string): unknown {
  if (typeof message === 'string') return { role, parts: [{ type: 'text', content: message }] };
  if (typeof message !== 'object' || message === null || 'parts' in message || !('content' in message)) return message;
  const { content, role: ownRole } = message as { content: unknown; role?: unknown };
  const items = Array.isArray(content) ? content.slice(0, MAX_PARTS) : [content];
  const parts = items.filter((item) => item !== null && item !== undefined).map(toPart);
  const rest: { [name: string]: unknown } = {};
  for (const name of ownNames(message).slice(0, MAX_MEMBERS)) {
    if (name !== 'content') rest[name] = (message as { readonly [name: string]: unknown })[name];
  }
  return { ...rest, role: ownRole ?? role, parts };
}

function toPart(item: unknown): unknown {
  if (typeof item === 'string') return { type: 'text', content: item };
  const part = item as { type?: unknown; text?: unknown };
  return part.type === 'text' && typeof part.text === 'string' ? { type: 'text', content: part.text } : item;
}
