import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import type { Json } from '../json.js';
import { asAmount, asList, asName, asObject, asText, base64Size, objectOrNothing } from '../json.js';
import { mediaPart } from '../parts.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';
import type { KnownUnits } from '../usage-counts.js';
import { withUnits } from '../usage-counts.js';
import { statedCostUsd } from './stated-cost.js';
import { openAiUsage } from './usage.js';

const MAX_WORD = 40;

/** What an API for media makes: pictures, text of a recording, or speech. */
export type MediaKind = 'image' | 'transcript' | 'speech';

/**
 * Reads answers of the APIs for images and audio: pictures (address or size), transcripts, spoken bytes. An answer that is
 * no JSON (speech as bytes, subtitles as text) is not shown to a reader and leaves its facts empty.
 */
export class MediaResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  readonly #kind: MediaKind;
  readonly #units: KnownUnits = {};
  #model: string | undefined;
  #usage: Usage | undefined;
  #costUsd: number | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  constructor(kind: MediaKind) {
    this.#kind = kind;
  }

  document(body: unknown): void {
    this.#error ??= readError(body);
    const answer = asObject(body);
    if (answer !== undefined) {
      this.#model = asName(answer.model) ?? this.#model;
      this.#readUsage(answer.usage);
      if (this.#kind === 'transcript') this.#units.inputSeconds ??= seconds(answer.duration);
      if (Array.isArray(answer.data)) this.#units.outputImages ??= 0;
      this.#readImageFormat(answer);
      for (const image of asList(answer.data)) this.#addImage(image);
      const text = asText(answer.text);
      if (text !== undefined) this.#choice.text.append(text);
    }
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    if (data === '[DONE]') {
      this.#ended = true;
      return 'none';
    }
    this.#error ??= readError(data);
    const event = asObject(data);
    if (event === undefined) return 'none';
    this.#readUsage(event.usage);
    switch (event.type) {
      case 'transcript.text.delta':
        return this.#appendText(event.delta);
      case 'transcript.text.done':
      case 'speech.audio.done':
        this.#ended = true;
        return 'none';
      case 'speech.audio.delta':
        return this.#addAudio(event.audio);
      case 'image_generation.partial_image':
      case 'image_edit.partial_image':
        return 'visible';
      case 'image_generation.completed':
      case 'image_edit.completed':
        this.#addImage(event);
        this.#readImageFormat(event);
        this.#ended = true;
        return 'visible';
      default:
        return 'none';
    }
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      usage: withUnits(this.#usage, this.#units),
      suppliedCostUsd: this.#costUsd,
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      ended: this.#ended,
    });
  }

  get #choice(): ChoiceDraft {
    return this.#answer.choice(0) as ChoiceDraft;
  }

  /** What makes pictures or speech gives no text: its tokens are theirs, which only newer answers say. Older transcribers bill seconds. */
  #readUsage(value: unknown): void {
    this.#units.inputSeconds ??= seconds(objectOrNothing(value).seconds);
    this.#costUsd = statedCostUsd(value) ?? this.#costUsd;
    const usage = openAiUsage(value);
    if (usage === undefined) return;
    const { outputTokens, imageOutputTokens = outputTokens, audioOutputTokens = outputTokens } = usage;
    this.#usage = {
      ...usage,
      ...(this.#kind === 'image' && imageOutputTokens !== undefined ? { imageOutputTokens } : {}),
      ...(this.#kind === 'speech' && audioOutputTokens !== undefined ? { audioOutputTokens } : {}),
    };
  }

  /** Newer models say what they chose where it was left to them. */
  #readImageFormat(answer: Json): void {
    if (this.#kind !== 'image') return;
    this.#units.imageSize ??= imageWord(answer.size);
    this.#units.imageQuality ??= imageWord(answer.quality);
  }

  #appendText(text: unknown): ContentKind {
    if (typeof text !== 'string' || text === '') return 'none';
    this.#choice.text.append(text);
    return 'visible';
  }

  #addAudio(data: unknown): ContentKind {
    if (typeof data !== 'string' || data === '') return 'none';
    this.#choice.addMedia('audio', base64Size(data));
    return 'visible';
  }

  #addImage(value: unknown): void {
    const image = objectOrNothing(value);
    const url = asText(image.url);
    const data = asText(image.b64_json);
    if (url !== undefined || data !== undefined) this.#units.outputImages = (this.#units.outputImages ?? 0) + 1;
    if (url !== undefined) this.#choice.add(mediaPart('image', url));
    else if (data !== undefined) this.#choice.addMedia('image', base64Size(data));
  }
}

/** Seconds; a few answers write them as text. */
function seconds(value: unknown): number | undefined {
  return asAmount(typeof value === 'string' && value.length < 30 && value.trim() !== '' ? Number(value) : value);
}

/** A size or quality; `auto` leaves it open. */
export function imageWord(value: unknown): string | undefined {
  const word = asName(value);
  return word === undefined || word === 'auto' || word.length > MAX_WORD ? undefined : word.toLowerCase();
}
