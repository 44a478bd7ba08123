import type { Endpoint, RequestFacts } from '@vedetta/providers';
import { BodyCopy } from './body-copy.js';
import type { CaptureBudget } from './capture-budget.js';
import { CopyDecoder, codingOf } from './decode.js';
import { FormFields } from './form-fields.js';
import { NOT_JSON, parseJson, withoutSecrets } from './json-text.js';

/** What became of the copy of a body: `json`, the fields of a `form`, or why there is none. */
export type BodyState = 'json' | 'form' | 'empty' | 'not_json' | 'truncated';

/** The copy of a request's body, and what it says. */
export class RequestCopy {
  readonly body: BodyCopy;
  readonly #endpoint: Endpoint;
  readonly #secrets: readonly string[];
  readonly #contentEncoding: string;
  readonly #form: FormFields | undefined;
  #parsed: { readonly value: unknown } | undefined;
  #fieldsRead = 0;
  facts: RequestFacts | undefined;
  state: BodyState = 'empty';

  constructor(
    endpoint: Endpoint,
    budget: CaptureBudget,
    secrets: readonly string[],
    contentEncoding: string,
    contentType = '',
  ) {
    this.#form = codingOf(contentEncoding) === 'identity' ? FormFields.of(contentType) : undefined;
    this.body = new BodyCopy(budget, this.#form);
    this.#endpoint = endpoint;
    this.#secrets = secrets;
    this.#contentEncoding = contentEncoding;
  }

  /** Spares the reading what the caller has parsed already. */
  setParsed(value: unknown): void {
    this.#parsed = { value };
  }

  /** Reads the body, once it has passed; further calls do nothing. */
  read(): Promise<void> | undefined {
    if (this.#form !== undefined) {
      this.#takeFields(this.#form);
      return undefined;
    }
    if (this.facts !== undefined) return undefined;
    const { truncated } = this.body;
    const bytes = this.body.take();
    if (this.#parsed !== undefined || codingOf(this.#contentEncoding) === 'identity' || bytes.length === 0) {
      this.#take(bytes, truncated);
      return undefined;
    }
    return this.#decode(bytes, truncated);
  }

  /** Fields come one by one: what they say is read anew when there are more. */
  #takeFields(form: FormFields): void {
    if (this.facts !== undefined && form.size === this.#fieldsRead) return;
    this.#fieldsRead = form.size;
    if (form.size > 0) this.state = 'form';
    else this.state = this.body.sizeBytes === 0 ? 'empty' : 'not_json';
    const fields = Object.entries(form.toObject()).map(([name, text]) => [name, withoutSecrets(text, this.#secrets)]);
    this.facts = this.#endpoint.readRequest(form.size === 0 ? undefined : Object.fromEntries(fields));
  }

  async #decode(bytes: Buffer, truncated: boolean): Promise<void> {
    const coding = codingOf(this.#contentEncoding);
    const decoded: Buffer[] = [];
    if (coding !== 'unknown') {
      const decoder = new CopyDecoder(coding, (chunk) => decoded.push(chunk));
      await decoder.write(bytes);
      await decoder.end();
    }
    if (this.facts === undefined) this.#take(Buffer.concat(decoded), truncated);
  }

  #take(bytes: Buffer, truncated: boolean): void {
    let value: unknown = this.#parsed?.value ?? NOT_JSON;
    if (this.#parsed === undefined && bytes.length > 0 && !truncated) {
      value = parseJson(withoutSecrets(bytes.toString('utf8'), this.#secrets));
    }
    this.#parsed = undefined;
    if (value !== NOT_JSON) this.state = 'json';
    else this.state = truncated ? 'truncated' : this.body.sizeBytes === 0 ? 'empty' : 'not_json';
    this.facts = this.#endpoint.readRequest(value === NOT_JSON ? undefined : value);
  }
}
