import { AnswerDraft } from './answer-draft.js';
import { known } from './facts.js';
import type { Json } from './json.js';
import { asObject, base64Size } from './json.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from './provider.js';
import { readError } from './provider-error.js';
import { withUnits } from './usage-counts.js';

/** Reads an answer that is a list of pictures in base64, as Google's and Amazon's are: how many there are is what is billed. */
export class PicturesReader implements ResponseReader {
  readonly #picturesOf: (body: Json) => readonly unknown[] | undefined;
  readonly #answer = new AnswerDraft();
  #count: number | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  /** `picturesOf` gives the base64 text of each picture in a body, anything else for one that was withheld; `undefined` when the body has no list of them. */
  constructor(picturesOf: (body: Json) => readonly unknown[] | undefined) {
    this.#picturesOf = picturesOf;
  }

  document(body: unknown): void {
    this.event(body);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    this.#error ??= readError(data);
    const body = asObject(data);
    const pictures = (body && this.#picturesOf(body))?.filter((text) => typeof text === 'string' && text !== '');
    if (pictures === undefined) return 'none';
    this.#count = (this.#count ?? 0) + pictures.length;
    for (const text of pictures) this.#answer.choice(0)?.addMedia('image', base64Size(text as string));
    return pictures.length === 0 ? 'none' : 'visible';
  }

  facts(): ResponseFacts {
    return known({
      usage: withUnits(undefined, { outputImages: this.#count }),
      outputMessages: this.#answer.outputMessages,
      error: this.#error,
      ended: this.#ended,
    });
  }
}
