import type { AttributeValue, GenericPart } from '@vedetta/model';
import { MAX_JSON_DEPTH, nestsDeeperThan } from '@vedetta/model';

/** Characters of an answer that are kept: text, reasoning and tool arguments of all choices together. */
export const MAX_KEPT_CHARACTERS = 1024 * 1024;
// Deltas are a few characters each and cost several times that on the heap: so many are joined into one string.
const JOIN_EVERY = 1024;

/** What one answer may still keep, shared by all its texts: a stream without end must not grow the process without end. */
export class TextBudget {
  #left = MAX_KEPT_CHARACTERS;
  #dropped = 0;

  /** The head of a text that still fits. */
  take(text: string): string {
    if (text.length <= this.#left) {
      this.#left -= text.length;
      return text;
    }
    const head = text.slice(0, this.#left);
    this.#left = 0;
    this.#dropped += text.length - head.length;
    return head;
  }

  /** A note of what was left out, to stand behind the parts that were kept; `undefined` when nothing was. */
  get note(): GenericPart | undefined {
    return this.#dropped === 0 ? undefined : { type: 'omitted', reason: 'limit', characters: this.#dropped };
  }
}

/** A text that comes in pieces: appending is cheap, and the whole is put together when it is asked for. */
export class KeptText {
  readonly #budget: TextBudget;
  #flat: string[] = [];
  #recent: string[] = [];

  constructor(budget: TextBudget) {
    this.#budget = budget;
  }

  append(piece: string): void {
    const kept = this.#budget.take(piece);
    if (kept === '') return;
    this.#recent.push(kept);
    if (this.#recent.length >= JOIN_EVERY) {
      this.#flat.push(this.#recent.join(''));
      this.#recent = [];
    }
  }

  /** Replaces what was kept: some providers repeat the whole at the end. */
  replace(text: string): void {
    this.#flat = [];
    this.#recent = [];
    this.append(text);
  }

  get isEmpty(): boolean {
    return this.#flat.length === 0 && this.#recent.length === 0;
  }

  toString(): string {
    return this.#flat.join('') + this.#recent.join('');
  }
}

/** Arguments of a tool call: the JSON they are, else the text as it came (cut short, or not JSON). */
export function parseArguments(text: string): AttributeValue {
  const first = text.trimStart().charAt(0);
  if ((first !== '{' && first !== '[') || nestsDeeperThan(text, MAX_JSON_DEPTH)) return text;
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return text;
  }
}
