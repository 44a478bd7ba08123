import type { AttributeValue, Message, MessagePart, Usage } from '@vedetta/model';
import type { ContentKind, RequestFacts, ResponseFacts, ResponseReader } from '@vedetta/providers';
import { describeError } from '../text.js';
import { KeptAnswer } from './kept-answer.js';

type Json = { readonly [name: string]: unknown };

/** Parameters of a call under their GenAI names. */
const PARAMETERS: readonly (readonly [name: string, target: string])[] = [
  ['maxOutputTokens', 'max_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['presencePenalty', 'presence_penalty'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['seed', 'seed'],
  ['stopSequences', 'stop_sequences'],
];

/** Reads the options of a call of a language model, version 2 or 3 of the AI SDK's specification. */
export function readAiSdkCall(params: unknown): RequestFacts {
  const call = asObject(params) ?? {};
  const parameters: { [name: string]: AttributeValue } = {};
  for (const [name, target] of PARAMETERS) {
    const value = call[name];
    if (value !== undefined && value !== null) parameters[target] = value as AttributeValue;
  }
  const inputMessages = asList(call.prompt).flatMap((message) => toMessage(message) ?? []);
  const toolDefinitions = asList(call.tools) as readonly AttributeValue[];
  return { parameters, inputMessages, ...(toolDefinitions.length === 0 ? {} : { toolDefinitions }) };
}

/** Reads what a language model of the AI SDK answers: the result of `doGenerate`, or the parts of a stream. */
export class AiSdkReader implements ResponseReader {
  readonly #answer = new KeptAnswer();
  #facts: { -readonly [K in keyof ResponseFacts]: ResponseFacts[K] } = { ended: false };

  document(body: unknown): void {
    const result = asObject(body);
    if (result === undefined) return;
    for (const part of asList(result.content)) this.#content(asObject(part) ?? {});
    this.#metadata(asObject(result.response) ?? {});
    this.#finish(result);
  }

  event(data: unknown): ContentKind {
    const part = asObject(data) ?? {};
    switch (part.type) {
      case 'text-delta':
        return this.#text(part.delta) ? 'visible' : 'none';
      case 'reasoning-delta':
        if (typeof part.delta !== 'string' || part.delta === '') return 'none';
        this.#answer.addReasoning(part.delta);
        return 'reasoning';
      case 'tool-input-delta':
        return 'tool_call';
      case 'tool-call':
        this.#content(part);
        return 'tool_call';
      case 'file':
        return 'visible';
      case 'response-metadata':
        this.#metadata(part);
        return 'none';
      case 'finish':
        this.#finish(part);
        return 'none';
      case 'error':
        this.#facts.error = describeError(part.error);
        return 'none';
      default:
        return 'none';
    }
  }

  facts(): ResponseFacts {
    return { ...this.#facts, outputMessages: this.#answer.messages() };
  }

  #content(part: Json): void {
    const { type, text, toolName, toolCallId, input } = part;
    if (type === 'text') this.#text(text);
    else if (type === 'reasoning' && typeof text === 'string') this.#answer.addReasoning(text);
    else if (type === 'tool-call' && typeof toolName === 'string') {
      const id = typeof toolCallId === 'string' ? toolCallId : undefined;
      this.#answer.addToolCall(toolName, id, parsed(input));
    }
  }

  #text(text: unknown): boolean {
    if (typeof text !== 'string' || text === '') return false;
    this.#answer.addText(text);
    return true;
  }

  #metadata({ id, modelId }: Json): void {
    if (typeof id === 'string') this.#facts.id = id;
    if (typeof modelId === 'string') this.#facts.model = modelId;
  }

  #finish({ usage, finishReason }: Json): void {
    this.#facts.ended = true;
    const reason = typeof finishReason === 'string' ? finishReason : asObject(finishReason)?.unified;
    if (typeof reason === 'string') this.#facts.finishReasons = [FINISH_REASONS.get(reason) ?? reason];
    const read = readUsage(asObject(usage));
    if (read !== undefined) this.#facts.usage = read;
  }
}

const FINISH_REASONS: ReadonlyMap<string, string> = new Map([
  ['content-filter', 'content_filter'],
  ['tool-calls', 'tool_call'],
]);

/** Version 3 nests the counts, version 2 lists them; in both the totals include their parts. */
function readUsage(usage: Json | undefined): Usage | undefined {
  if (usage === undefined) return undefined;
  const input = asObject(usage.inputTokens);
  const output = asObject(usage.outputTokens);
  const counts = {
    inputTokens: count(input === undefined ? usage.inputTokens : input.total),
    outputTokens: count(output === undefined ? usage.outputTokens : output.total),
    cacheReadTokens: count(input === undefined ? usage.cachedInputTokens : input.cacheRead),
    cacheWriteTokens: count(input?.cacheWrite),
    reasoningTokens: count(output === undefined ? usage.reasoningTokens : output.reasoning),
  };
  const known = Object.fromEntries(Object.entries(counts).filter(([, value]) => value !== undefined));
  return Object.keys(known).length === 0 ? undefined : { ...known, source: 'reported' };
}

function toMessage(message: unknown): Message | undefined {
  const { role, content } = asObject(message) ?? {};
  if (typeof role !== 'string') return undefined;
  if (typeof content === 'string') return { role, parts: [{ type: 'text', content }] };
  return { role, parts: asList(content).flatMap((part) => toPart(asObject(part) ?? {}) ?? []) };
}

function toPart(part: Json): MessagePart | undefined {
  const { type, text, toolName, toolCallId, input, output, mediaType, data } = part;
  const id = typeof toolCallId === 'string' ? { id: toolCallId } : {};
  if (type === 'text' || type === 'reasoning') return { type, content: String(text ?? '') };
  if (type === 'tool-call') {
    return { type: 'tool_call', name: String(toolName ?? ''), arguments: parsed(input) ?? null, ...id };
  }
  if (type === 'tool-result')
    return { type: 'tool_call_response', response: (output ?? null) as AttributeValue, ...id };
  if (type === 'file') {
    const mime = String(mediaType ?? '');
    const [modality = ''] = mime.split('/', 1);
    if (data instanceof URL) return { type: 'uri', modality, uri: data.href, mime_type: mime };
    return { type: 'blob', modality, content: typeof data === 'string' ? data : '[binary]', mime_type: mime };
  }
  return undefined;
}

/** Arguments of a tool come as JSON text. */
function parsed(input: unknown): AttributeValue | undefined {
  if (typeof input !== 'string') return input as AttributeValue | undefined;
  try {
    return JSON.parse(input) as AttributeValue;
  } catch {
    return input;
  }
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function asObject(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
