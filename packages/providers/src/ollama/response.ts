import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asList, asName, asObject, asText, base64Size, objectOrNothing } from '../json.js';
import type { ContentKind, ProviderError, ProviderTiming, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';
import { reportedUsage } from '../usage-counts.js';

const TIMINGS = [
  ['model_load', 'load_duration'],
  ['prompt_evaluation', 'prompt_eval_duration'],
  ['token_generation', 'eval_duration'],
] as const;

/**
 * Reads Ollama's native answers: one document, or one a line. Counters stand in the last one; a prompt that was cached may
 * have no count, which is unknown and not 0. Durations are nanoseconds.
 */
export class OllamaResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  #model: string | undefined;
  #usage: Usage | undefined;
  #timings: readonly ProviderTiming[] | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  document(body: unknown): void {
    this.event(body);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    const body = asObject(data);
    this.#error ??= readError(data);
    if (body === undefined) return 'none';
    this.#model = asName(body.model) ?? this.#model;
    this.#usage =
      reportedUsage({ inputTokens: asCount(body.prompt_eval_count), outputTokens: asCount(body.eval_count) }) ??
      this.#usage;
    this.#readTimings(body);
    if (body.done === true) {
      this.#ended = true;
      this.#answer.finish(0, asName(body.done_reason));
    }
    return this.#readContent(body);
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      finishReasons: this.#answer.finishReasons,
      usage: this.#usage,
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      timings: this.#timings,
      ended: this.#ended,
    });
  }

  #readTimings(body: Json): void {
    const timings = TIMINGS.flatMap(([phase, member]) => {
      const durationNano = asCount(body[member]);
      return durationNano === undefined ? [] : [{ phase, durationNano }];
    });
    if (timings.length > 0) this.#timings = timings;
  }

  #readContent(body: Json): ContentKind {
    const message = objectOrNothing(body.message);
    const draft = this.#answer.choice(0) as ChoiceDraft;
    let kind: ContentKind = 'none';
    const thinking = asText(message.thinking) ?? asText(body.thinking);
    if (thinking !== undefined) {
      draft.reasoning.append(thinking);
      kind = 'reasoning';
    }
    for (const item of asList(message.tool_calls)) {
      const call = objectOrNothing(objectOrNothing(item).function);
      const kept = draft.call(draft.callCount);
      if (kept === undefined) break;
      kept.name = asName(call.name) ?? 'unknown';
      kept.id = asName(objectOrNothing(item).id);
      kept.given = call.arguments;
      kind = 'tool_call';
    }
    const image = asText(body.image);
    if (image !== undefined) {
      draft.addMedia('image', base64Size(image));
      kind = 'visible';
    }
    const text = asText(message.content) ?? asText(body.response);
    if (text === undefined) return kind;
    draft.text.append(text);
    return 'visible';
  }
}
