import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asList, asName, asObject, objectOrNothing } from '../json.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';
import { reportedUsage, withUnits } from '../usage-counts.js';
import { toGeminiPart } from './parts.js';
import { geminiUsage } from './usage.js';

// More parts than this in one chunk is no answer of a model.
const MAX_PARTS = 10_000;

/** Reads Gemini's answers: one document, a list of them (a stream that was read whole), or chunk by chunk. */
export class GeminiResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  #model: string | undefined;
  #id: string | undefined;
  #usage: Usage | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    for (const item of Array.isArray(body) ? body : [body]) this.event(item);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    this.#error ??= readError(data);
    const chunk = asObject(data);
    if (chunk === undefined) return 'none';
    this.#model = asName(chunk.modelVersion) ?? this.#model;
    this.#id ??= asName(chunk.responseId);
    const metadata = asObject(chunk.usageMetadata);
    if (metadata !== undefined) this.#usage = geminiUsage(metadata) ?? this.#usage;
    let kind: ContentKind = 'none';
    for (const item of asList(chunk.candidates)) kind = this.#readCandidate(objectOrNothing(item), kind);
    const blocked = asName(objectOrNothing(chunk.promptFeedback).blockReason);
    if (blocked !== undefined) {
      // Status 200, no candidate: the prompt itself was refused.
      this.#answer.finish(0, 'content_filter');
      this.#ended = true;
    }
    this.#readEmbeddings(chunk);
    return kind;
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      id: this.#id,
      finishReasons: this.#answer.finishReasons,
      usage: this.#usage,
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      ended: this.#ended,
    });
  }

  #readCandidate(candidate: Json, before: ContentKind): ContentKind {
    const choice = this.#answer.choice(candidate.index);
    if (choice === undefined) return before;
    let kind = before;
    for (const item of asList(objectOrNothing(candidate.content).parts).slice(0, MAX_PARTS)) {
      const read = readPart(objectOrNothing(item), choice);
      if (read === 'visible' || kind === 'none' || (read === 'tool_call' && kind === 'reasoning')) {
        kind = read === 'none' ? kind : read;
      }
    }
    const finish = asName(candidate.finishReason);
    if (finish === undefined) return kind;
    this.#ended = true;
    // Gemini says STOP after a call as well.
    this.#answer.finish(candidate.index, finish === 'STOP' && choice.callCount > 0 ? 'tool_call' : finish);
    return kind;
  }

  /** Vertex counts the tokens of each embedding, and the characters it bills; the Gemini API counts none. */
  #readEmbeddings(chunk: Json): void {
    let tokens: number | undefined;
    for (const item of asList(chunk.predictions)) {
      const statistics = objectOrNothing(objectOrNothing(objectOrNothing(item).embeddings).statistics);
      if (typeof statistics.token_count === 'number') tokens = (tokens ?? 0) + statistics.token_count;
    }
    if (tokens !== undefined) this.#usage = reportedUsage({ inputTokens: tokens }) ?? this.#usage;
    const { billableCharacterCount } = objectOrNothing(chunk.metadata);
    this.#usage = withUnits(this.#usage, { inputCharacters: asCount(billableCharacterCount) });
  }
}

function readPart(source: Json, choice: ChoiceDraft): ContentKind {
  const part = toGeminiPart(source);
  if (part === undefined) return 'none';
  if (part.type === 'tool_call') {
    const call = choice.call(choice.callCount);
    if (call === undefined) return 'none';
    call.name = String(part.name);
    call.id = typeof part.id === 'string' ? part.id : undefined;
    call.given = part.arguments;
    return 'tool_call';
  }
  choice.add(part);
  if (part.type !== 'reasoning') return part.type === 'text' && part.content === '' ? 'none' : 'visible';
  return part.content === '' ? 'none' : 'reasoning';
}
