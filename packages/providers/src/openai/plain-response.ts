import type { Usage } from '@vedetta/model';
import { known } from '../facts.js';
import { asName, asObject } from '../json.js';
import type { ContentKind, ProviderError, ResponseFacts, ResponseReader } from '../provider.js';
import { readError } from '../provider-error.js';

/** Reads an answer of which only model, id and usage are of interest: embeddings, rankings, verdicts. */
export class PlainResponseReader implements ResponseReader {
  readonly #toUsage: (usage: unknown, body: { readonly [name: string]: unknown }) => Usage | undefined;
  #model: string | undefined;
  #id: string | undefined;
  #usage: Usage | undefined;
  #error: ProviderError | undefined;
  #ended = false;

  constructor(toUsage: (usage: unknown, body: { readonly [name: string]: unknown }) => Usage | undefined) {
    this.#toUsage = toUsage;
  }

  document(body: unknown): void {
    this.event(body);
    this.#ended = true;
  }

  event(data: unknown): ContentKind {
    this.#error ??= readError(data);
    const body = asObject(data);
    if (body === undefined) return 'none';
    this.#model = asName(body.model) ?? this.#model;
    this.#id ??= asName(body.id);
    this.#usage = this.#toUsage(body.usage, body) ?? this.#usage;
    return 'none';
  }

  facts(): ResponseFacts {
    return known({
      model: this.#model,
      id: this.#id,
      usage: this.#usage,
      error: this.#error,
      ended: this.#ended,
    });
  }
}
