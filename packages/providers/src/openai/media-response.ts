import type { Usage } from '@vedetta/model';
import type { ChoiceDraft } from '../answer-draft.js';
import { AnswerDraft } from '../answer-draft.js';
import { known } from '../facts.js';
import { asList, asName, asObject, asText, base64Size, objectOrNothing } from '../json.js';
import { mediaPart } from '../parts.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';
import { openAiUsage } from './usage.js';

/**
 * Reads answers of the APIs for images and audio: pictures (address or size), transcripts, spoken bytes. An answer that is
 * no JSON (speech as bytes, subtitles as text) is not shown to a reader and leaves its facts empty.
 */
export class MediaResponseReader implements ResponseReader {
  readonly #answer = new AnswerDraft();
  readonly #modality: 'image' | 'audio';
  #model: string | undefined;
  #usage: Usage | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  constructor(modality: 'image' | 'audio') {
    this.#modality = modality;
  }

  document(body: unknown): void {
    this.#error ??= readError(body);
    const answer = asObject(body);
    if (answer !== undefined) {
      this.#model = asName(answer.model) ?? this.#model;
      this.#readUsage(answer.usage);
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
        this.#ended = true;
        return 'visible';
      default:
        return 'none';
    }
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      usage: this.#usage,
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      ended: this.#ended,
    });
  }

  get #choice(): ChoiceDraft {
    return this.#answer.choice(0) as ChoiceDraft;
  }

  /** What these models give beside no text at all are tokens of pictures; only newer answers split them. */
  #readUsage(value: unknown): void {
    const usage = openAiUsage(value);
    if (usage === undefined) return;
    const images = usage.imageOutputTokens ?? usage.outputTokens;
    this.#usage = this.#modality === 'image' && images !== undefined ? { ...usage, imageOutputTokens: images } : usage;
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
    if (url !== undefined) this.#choice.add(mediaPart('image', url));
    else if (data !== undefined) this.#choice.addMedia('image', base64Size(data));
  }
}
