import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asList, asName, asObject, objectOrNothing } from '../json.js';
import { toPart } from '../parts.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError, toError } from '../provider-error.js';
import { reportedUsage, withUnits } from '../usage-counts.js';

/** Cohere's usage: what is billed counts, where both are stated. Reranking is billed by searches, older embeddings of pictures by their number. */
export function cohereUsage(value: unknown): Usage | undefined {
  const { billed_units, tokens } = objectOrNothing(value);
  const billed = objectOrNothing(billed_units);
  const all = objectOrNothing(tokens);
  const tokensUsed = reportedUsage({
    inputTokens: asCount(billed.input_tokens) ?? asCount(all.input_tokens),
    outputTokens: asCount(billed.output_tokens) ?? asCount(all.output_tokens),
    imageInputTokens: asCount(billed.image_tokens),
  });
  return withUnits(tokensUsed, {
    searchUnits: asCount(billed.search_units),
    inputImages: asCount(billed.images),
  });
}

/**
 * Reads Cohere's answers: chat of v1 (`text`, events by `event_type`, one a line) and v2 (`message`, SSE events by `type`),
 * generation, embeddings, rankings.
 */
export class CohereResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  #id: string | undefined;
  #usage: Usage | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    const answer = asObject(body);
    this.#error ??= readError(body);
    this.#ended = true;
    if (answer === undefined) return;
    const { message } = answer;
    if (typeof message === 'string') {
      // An error is nothing but its text.
      this.#error ??= toError(undefined, message, undefined);
      return;
    }
    this.#readAnswer(answer);
    this.#readMessage(objectOrNothing(message));
    this.#append(answer.text, 'visible');
    for (const item of asList(answer.generations)) this.#append(objectOrNothing(item).text, 'visible');
    this.#readCalls(answer);
  }

  event(data: unknown): ContentKind {
    if (data === '[DONE]') {
      this.#ended = true;
      return 'none';
    }
    this.#error ??= readError(data);
    const event = asObject(data);
    if (event === undefined) return 'none';
    return event.event_type === undefined ? this.#readEvent(event) : this.#readOldEvent(event);
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

  #readAnswer(answer: Json): void {
    this.#id ??= asName(answer.id) ?? asName(answer.response_id) ?? asName(answer.generation_id);
    this.#usage = cohereUsage(answer.usage) ?? cohereUsage(answer.meta) ?? this.#usage;
    this.#answer.finish(
      0,
      asName(answer.finish_reason) ?? asName(objectOrNothing(asList(answer.generations)[0]).finish_reason),
    );
  }

  #readOldEvent(event: Json): ContentKind {
    switch (event.event_type) {
      case 'text-generation':
        return this.#append(event.text, 'visible');
      case 'tool-calls-generation':
        return this.#readCalls(event);
      case 'stream-end':
        this.#ended = true;
        this.#readAnswer(objectOrNothing(event.response));
        this.#answer.finish(0, asName(event.finish_reason));
        return 'none';
      default:
        this.#id ??= asName(event.generation_id);
        return 'none';
    }
  }

  #readEvent(event: Json): ContentKind {
    const delta = objectOrNothing(event.delta);
    const message = objectOrNothing(delta.message);
    const content = objectOrNothing(message.content);
    switch (event.type) {
      case 'message-start':
        this.#id ??= asName(event.id);
        return 'none';
      case 'content-start':
      case 'content-delta': {
        const thought = this.#append(content.thinking, 'reasoning');
        const said = this.#append(content.text, 'visible');
        return said === 'none' ? thought : said;
      }
      case 'tool-plan-delta':
        return this.#append(message.tool_plan, 'reasoning');
      case 'tool-call-start':
      case 'tool-call-delta':
        return this.#readCallPiece(event.index, objectOrNothing(message.tool_calls));
      case 'message-end':
        this.#ended = true;
        this.#readAnswer(delta);
        return 'none';
      default:
        return 'none';
    }
  }

  #readCallPiece(index: unknown, piece: Json): ContentKind {
    const call = this.#choice.call(typeof index === 'number' ? index : 0);
    if (call === undefined) return 'none';
    const target = objectOrNothing(piece.function);
    call.id = asName(piece.id) ?? call.id;
    call.name = asName(target.name) ?? call.name;
    if (typeof target.arguments === 'string') call.text.append(target.arguments);
    return 'tool_call';
  }

  #readMessage(message: Json): void {
    this.#append(message.tool_plan, 'reasoning');
    for (const item of asList(message.content)) {
      const part = toPart(item);
      if (part !== undefined) this.#choice.add(part);
    }
    this.#readCalls(message);
  }

  #readCalls(source: Json): ContentKind {
    let kind: ContentKind = 'none';
    for (const item of asList(source.tool_calls)) {
      const piece = objectOrNothing(item);
      const target = asObject(piece.function) ?? piece;
      const call = this.#choice.call(this.#choice.callCount);
      if (call === undefined) break;
      call.name = asName(target.name) ?? 'unknown';
      call.id = asName(piece.id);
      if (typeof target.arguments === 'string') call.text.append(target.arguments);
      else call.given = target.parameters;
      kind = 'tool_call';
    }
    return kind;
  }

  #append(text: unknown, kind: 'visible' | 'reasoning'): ContentKind {
    if (typeof text !== 'string' || text === '') return 'none';
    this.#choice[kind === 'visible' ? 'text' : 'reasoning'].append(text);
    return kind;
  }
}
