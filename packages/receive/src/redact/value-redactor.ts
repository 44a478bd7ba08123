import type { Attributes, AttributeValue } from '@vedetta/model';
import { cutText, PREVIEW_CODE_POINTS } from '@vedetta/model';
import { classifyKey } from '../limit/content-key.js';
import type { AttributeBag } from '../otlp/attribute-bag.js';
import { createBag } from '../otlp/attribute-bag.js';
import type { ContentMode, ContentPolicy } from './content-policy.js';
import { IdentityMasker, isIdentityKey } from './identity-masker.js';
import { isNumbersKey } from './number-keys.js';
import { TextRedactor } from './text-redactor.js';

/** What stands in place of a value under a key that names a credential. */
const CREDENTIAL = '[redacted:credential]';

/** Applies a policy to values; counts what it cut and dropped. */
export class ValueRedactor {
  readonly mode: ContentMode;
  readonly text: TextRedactor;
  readonly #maxCodePoints: number;
  readonly #identities: IdentityMasker | undefined;
  cut = 0;
  dropped = 0;

  constructor(policy: ContentPolicy) {
    this.mode = policy.mode;
    this.text = new TextRedactor(policy.patterns);
    this.#maxCodePoints = policy.previewCodePoints ?? PREVIEW_CODE_POINTS;
    this.#identities = policy.identityKey === undefined ? undefined : new IdentityMasker(policy.identityKey);
  }

  /** True when content is kept, in full or in part. */
  get keepsContent(): boolean {
    return this.mode === 'preview' || this.mode === 'full';
  }

  /** Attributes as they may be stored; the same object when nothing had to change. */
  attributes(attributes: Attributes): Attributes {
    let changed: AttributeBag | undefined;
    for (const key in attributes) {
      const value = attributes[key];
      if (value === undefined || typeof value === 'number' || typeof value === 'boolean' || value === null) continue;
      const next = this.#attribute(key, value);
      if (next === value) continue;
      changed ??= copy(attributes);
      if (next === undefined) {
        delete changed[key];
        this.dropped++;
      } else changed[key] = next;
    }
    return changed ?? attributes;
  }

  /** The id of a user, a session or a conversation: masked like any text, but ids that differ stay different. */
  identity(id: string): string {
    const masked = this.text.redact(id);
    return masked === id || this.#identities === undefined ? masked : this.#identities.pseudonym(id, masked);
  }

  /** A text of a prompt or response: masked, and cut in mode `preview`. */
  content(text: string): string {
    if (this.mode === 'full') return this.text.redact(text);
    const result = this.text.redactAndCut(text, this.#maxCodePoints);
    if (result.endsWith('…') && result !== text) this.cut++;
    return result;
  }

  /** Structured content, such as a tool's arguments: its strings masked; in mode `preview` cut as JSON text when it is long. */
  contentTree(value: AttributeValue): AttributeValue {
    if (typeof value === 'string') return this.content(value);
    if (typeof value !== 'object' || value === null) return value;
    const clean = this.plain(value);
    if (this.mode === 'full') return clean;
    const json = JSON.stringify(clean);
    if (json.length <= this.#maxCodePoints) return clean;
    this.cut++;
    return cutText(json, this.#maxCodePoints);
  }

  /** Any other value: its strings masked. */
  plain(value: AttributeValue): AttributeValue {
    if (typeof value === 'string') return this.text.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.#list(value as readonly AttributeValue[]);
    return this.attributesOfTree(value as Attributes);
  }

  /** Members of a structured value; a member named like a credential is masked. */
  attributesOfTree(tree: Attributes): Attributes {
    let changed: AttributeBag | undefined;
    for (const key of Object.keys(tree)) {
      const value = tree[key] ?? null;
      const next = typeof value === 'string' && classifyKey(key) === 'secret' ? CREDENTIAL : this.plain(value);
      if (next === value) continue;
      changed ??= copy(tree);
      changed[key] = next;
    }
    return changed ?? tree;
  }

  #list(list: readonly AttributeValue[]): readonly AttributeValue[] {
    let changed: AttributeValue[] | undefined;
    list.forEach((value, i) => {
      const next = this.plain(value);
      if (next === value) return;
      changed ??= [...list];
      changed[i] = next;
    });
    return changed ?? list;
  }

  #attribute(key: string, value: AttributeValue): AttributeValue | undefined {
    const kind = classifyKey(key);
    if (kind === 'secret') return CREDENTIAL;
    if (typeof value === 'string' && isIdentityKey(key) && (this.mode !== 'numbers' || isNumbersKey(key))) {
      return this.identity(value);
    }
    if (this.mode === 'numbers') {
      if (!isNumbersKey(key) || (typeof value === 'object' && !Array.isArray(value))) return undefined;
      return this.plain(value);
    }
    if (kind === 'plain') return typeof value === 'string' ? this.text.redact(value) : this.plain(value);
    if (!this.keepsContent || (kind === 'vector' && this.mode !== 'full')) return undefined;
    return this.contentTree(value);
  }
}

function copy(attributes: Attributes): AttributeBag {
  const bag = createBag();
  for (const key of Object.keys(attributes)) bag[key] = attributes[key] ?? null;
  return bag;
}
