import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { MessagesResponseReader } from '../anthropic/messages-response.js';
import { CohereResponseReader } from '../cohere/response.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asList, asName, asObject, asText, objectOrNothing } from '../json.js';
import { ChatResponseReader } from '../openai/chat-response.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError, toError } from '../provider-error.js';
import { reportedUsage } from '../usage-counts.js';
import { converseUsage, toConverseParts } from './converse.js';

/**
 * Reads what models on Bedrock answer: converse's shape, and the bodies of each family as they are (`invoke`). The family is
 * told by the shape, since the name may be that of a profile. Events are the JSON inside AWS's binary frames, their names the
 * frames' `:event-type`; those of an invocation are decoded from the `bytes` of its chunks.
 */
export class BedrockResponseReader implements ResponseReader {
  #family: ResponseReader | undefined;
  #measured: Usage | undefined;

  document(body: unknown): void {
    this.#readerOf(objectOrNothing(body)).document(body);
  }

  event(data: unknown, eventName: string): ContentKind {
    const event = objectOrNothing(data);
    const metrics = objectOrNothing(event['amazon-bedrock-invocationMetrics']);
    this.#measured =
      reportedUsage({
        inputTokens: asCount(metrics.inputTokenCount),
        outputTokens: asCount(metrics.outputTokenCount),
      }) ?? this.#measured;
    return this.#readerOf(event).event(data, eventName);
  }

  facts(): ResponseFacts {
    const facts = this.#family?.facts() ?? { ended: false };
    return facts.usage !== undefined || this.#measured === undefined ? facts : { ...facts, usage: this.#measured };
  }

  #readerOf(body: Json): ResponseReader {
    this.#family ??= familyOf(body);
    return this.#family;
  }
}

function familyOf(body: Json): ResponseReader {
  if (typeof body.type === 'string') return new MessagesResponseReader();
  if (Array.isArray(body.choices)) return new ChatResponseReader();
  if (Array.isArray(body.generations) || body.generation_id !== undefined || body.event_type !== undefined) {
    return new CohereResponseReader();
  }
  return new AmazonReader();
}

// Events of converse, which Nova's own stream wraps in an object each.
const EVENTS = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
] as const;

/** Converse and Nova; Titan, Llama, Mistral and AI21, which answer with a text. */
class AmazonReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  #id: string | undefined;
  #usage: Usage | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    const answer = asObject(body);
    this.#ended = true;
    if (answer === undefined) return;
    this.#error ??= readError(answer);
    if (typeof answer.message === 'string') this.#error ??= toError(asName(answer.__type), answer.message, undefined);
    for (const part of toConverseParts(objectOrNothing(objectOrNothing(answer.output).message).content))
      this.#add(part);
    this.#usage = converseUsage(answer.usage) ?? this.#usage;
    this.#answer.finish(0, asName(answer.stopReason));
    this.#readText(answer);
  }

  event(data: unknown, eventName: string): ContentKind {
    const event = asObject(data);
    if (event === undefined) return 'none';
    if (eventName.endsWith('Exception')) {
      this.#error ??= toError(eventName, asText(event.message) ?? '', undefined);
      return 'none';
    }
    this.#error ??= readError(event);
    for (const name of EVENTS) {
      if (name === eventName) return this.#readEvent(name, event);
      const wrapped = asObject(event[name]);
      if (wrapped !== undefined) return this.#readEvent(name, wrapped);
    }
    return this.#readText(event);
  }

  facts(): ResponseFacts {
    return known({
      id: this.#id,
      finishReasons: this.#answer.finishReasons,
      usage: this.#usage,
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      ended: this.#ended,
    });
  }

  get #choice(): ChoiceDraft {
    return this.#answer.choice(0) as ChoiceDraft;
  }

  #add(part: Parameters<ChoiceDraft['add']>[0]): void {
    this.#choice.add(part);
  }

  #readEvent(name: (typeof EVENTS)[number], event: Json): ContentKind {
    const index = typeof event.contentBlockIndex === 'number' ? event.contentBlockIndex : 0;
    if (name === 'metadata') {
      this.#usage = converseUsage(event.usage) ?? this.#usage;
    } else if (name === 'messageStop') {
      this.#ended = true;
      this.#answer.finish(0, asName(event.stopReason));
    } else if (name === 'contentBlockStart') {
      const tool = asObject(objectOrNothing(event.start).toolUse);
      const call = tool === undefined ? undefined : this.#choice.call(index);
      if (tool === undefined || call === undefined) return 'none';
      call.name = asName(tool.name);
      call.id = asName(tool.toolUseId);
      call.given = {};
      return 'tool_call';
    } else if (name === 'contentBlockDelta') {
      return this.#readDelta(index, objectOrNothing(event.delta));
    }
    return 'none';
  }

  #readDelta(index: number, delta: Json): ContentKind {
    const input = asText(objectOrNothing(delta.toolUse).input);
    if (input !== undefined) {
      this.#choice.call(index)?.text.append(input);
      return 'tool_call';
    }
    const thought = asText(objectOrNothing(delta.reasoningContent).text);
    if (thought !== undefined) this.#choice.reasoning.append(thought);
    const text = asText(delta.text);
    if (text === undefined) return thought === undefined ? 'none' : 'reasoning';
    this.#choice.text.append(text);
    return 'visible';
  }

  /** Titan, Llama, Mistral, AI21: whole, or a piece of a stream in the same words. */
  #readText(body: Json): ContentKind {
    const result = objectOrNothing(asList(body.results)[0] ?? asList(body.outputs)[0]);
    const completion = objectOrNothing(asList(body.completions)[0]);
    this.#id ??= asName(body.id);
    this.#usage =
      reportedUsage({
        inputTokens: asCount(body.inputTextTokenCount) ?? asCount(body.prompt_token_count) ?? tokensOf(body.prompt),
        outputTokens:
          asCount(result.tokenCount) ??
          asCount(body.totalOutputTextTokenCount) ??
          asCount(body.generation_token_count) ??
          tokensOf(completion.data),
      }) ?? this.#usage;
    const reason =
      asName(result.completionReason) ??
      asName(body.completionReason) ??
      asName(result.stop_reason) ??
      asName(body.stop_reason) ??
      asName(objectOrNothing(completion.finishReason).reason);
    if (reason !== undefined) {
      this.#ended = true;
      this.#answer.finish(0, reason === 'FINISH' ? 'stop' : reason);
    }
    const text =
      asText(body.outputText) ??
      asText(result.outputText) ??
      asText(body.generation) ??
      asText(result.text) ??
      asText(objectOrNothing(completion.data).text);
    if (text === undefined) return 'none';
    this.#choice.text.append(text);
    return 'visible';
  }
}

/** AI21 lists the tokens instead of counting them. */
function tokensOf(value: unknown): number | undefined {
  const { tokens } = objectOrNothing(value);
  return Array.isArray(tokens) ? tokens.length : undefined;
}
