import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, base64Size, objectOrNothing } from '../json.js';
import { joinTexts, mediaPart, toPart } from '../parts.js';
import type { ContentKind, ProviderError, ProviderTiming, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';
import { llamaTimings } from './llama-timings.js';
import { statedCostUsd } from './stated-cost.js';
import { openAiUsage } from './usage.js';

/**
 * Reads chat completions and legacy completions of OpenAI and of all who speak its protocol, with what they add: usage under
 * `x_groq`, in every chunk (vLLM) or with a cost (OpenRouter), reasoning beside the content, llama.cpp's timings.
 */
export class ChatResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  readonly #toUsage: (usage: unknown) => Usage | undefined;
  #model: string | undefined;
  #id: string | undefined;
  #serviceTier: string | undefined;
  #usage: Usage | undefined;
  #costUsd: number | undefined;
  #timings: readonly ProviderTiming[] | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  /** `toUsage` is for upstreams whose counts mean something else. */
  constructor(toUsage: (usage: unknown) => Usage | undefined = openAiUsage) {
    this.#toUsage = toUsage;
  }

  document(body: unknown): void {
    this.#read(body);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    if (data === '[DONE]') {
      this.#ended = true;
      return 'none';
    }
    return this.#read(data);
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      id: this.#id,
      finishReasons: this.#answer.finishReasons,
      usage: this.#usage,
      outputMessages: this.#answer.outputMessages,
      serviceTier: this.#serviceTier,
      suppliedCostUsd: this.#costUsd,
      error: this.#error,
      timings: this.#timings,
      // Some (Writer) send no `[DONE]`: an answer whose choices all ended is whole.
      ended: this.#ended || this.#answer.isFinished,
    });
  }

  #read(data: unknown): ContentKind {
    const body = asObject(data);
    this.#error ??= readError(data);
    if (body === undefined) return 'none';
    this.#model = asText(asName(body.model)) ?? this.#model;
    this.#id ??= asName(body.id);
    this.#serviceTier = asName(body.service_tier) ?? this.#serviceTier;
    this.#readUsage(body);
    let kind: ContentKind = 'none';
    for (const item of asList(body.choices)) {
      const choice = asObject(item);
      if (choice !== undefined) kind = stronger(kind, this.#readChoice(choice));
    }
    return kind;
  }

  #readUsage(body: Json): void {
    const usage = asObject(body.usage) ?? asObject(objectOrNothing(body.x_groq).usage);
    // Cumulative where it comes more than once: the last one is the whole.
    this.#usage = this.#toUsage(usage) ?? this.#usage;
    this.#costUsd = statedCostUsd(usage) ?? this.#costUsd;
    this.#timings = llamaTimings(body.timings) ?? this.#timings;
  }

  #readChoice(choice: Json): ContentKind {
    const draft = this.#answer.choice(choice.index);
    if (draft === undefined) return 'none';
    this.#answer.finish(choice.index, asName(choice.finish_reason));
    // Some (Writer) send both, with the same content; the delta is the one that streams.
    const message = asObject(choice.delta) ?? asObject(choice.message);
    if (message !== undefined) return readMessage(message, draft);
    return appendText(draft, choice.text);
  }
}

function readMessage(message: Json, draft: ChoiceDraft): ContentKind {
  let kind: ContentKind = 'none';
  draft.role = asName(message.role) ?? draft.role;
  const reasoning = asText(message.reasoning_content) ?? asText(message.reasoning) ?? asText(message.thinking);
  if (reasoning !== undefined) {
    draft.reasoning.append(reasoning);
    kind = 'reasoning';
  }
  kind = stronger(kind, readContent(message.content, draft));
  kind = stronger(kind, appendText(draft, message.refusal));
  for (const image of asList(message.images)) {
    const url = asText(objectOrNothing(objectOrNothing(image).image_url).url);
    if (url === undefined) continue;
    draft.add(mediaPart('image', url));
    kind = 'visible';
  }
  return stronger(stronger(kind, readAudio(message.audio, draft)), readCalls(message, draft));
}

function readContent(content: unknown, draft: ChoiceDraft): ContentKind {
  if (!Array.isArray(content)) return appendText(draft, content);
  let kind: ContentKind = 'none';
  for (const item of content) {
    const part = objectOrNothing(item);
    if (part.type === 'thinking') {
      const text = joinTexts(part.thinking);
      draft.reasoning.append(text);
      if (text !== '') kind = stronger(kind, 'reasoning');
    } else {
      const read = toPart(item);
      if (read === undefined) continue;
      draft.add(read);
      if (read.type !== 'text' || read.content !== '') kind = 'visible';
    }
  }
  return kind;
}

function readAudio(value: unknown, draft: ChoiceDraft): ContentKind {
  const audio = asObject(value);
  if (audio === undefined) return 'none';
  const data = asText(audio.data);
  if (data !== undefined) draft.addMedia('audio', base64Size(data));
  const spoken = appendText(draft, audio.transcript);
  return data === undefined ? spoken : 'visible';
}

function readCalls(message: Json, draft: ChoiceDraft): ContentKind {
  let kind: ContentKind = 'none';
  const calls = [...asList(message.tool_calls)];
  if (asObject(message.function_call) !== undefined) calls.push({ index: 0, function: message.function_call });
  for (const item of calls) {
    const call = asObject(item);
    if (call === undefined) continue;
    // A whole answer numbers no calls; a stream does, and compatible servers may leave the number out of later pieces.
    const id = asName(call.id);
    const key = typeof call.index === 'number' ? call.index : (id ?? Math.max(0, draft.callCount - 1));
    const kept = draft.call(key);
    if (kept === undefined) continue;
    const target = asObject(call.function) ?? asObject(call.custom) ?? call;
    kept.id ??= id;
    kept.name ??= asName(target.name);
    const given = target.arguments ?? target.input;
    if (typeof given === 'string') kept.text.append(given);
    else if (given !== undefined && given !== null) kept.given = given;
    kind = 'tool_call';
  }
  return kind;
}

function appendText(draft: ChoiceDraft, text: unknown): ContentKind {
  if (typeof text !== 'string' || text === '') return 'none';
  draft.text.append(text);
  return 'visible';
}

const STRENGTH = { none: 0, reasoning: 1, tool_call: 2, visible: 3 } as const;

function stronger(a: ContentKind, b: ContentKind): ContentKind {
  return STRENGTH[b] > STRENGTH[a] ? b : a;
}
