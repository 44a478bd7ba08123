import { ExpositionError } from './exposition.js';

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Walks over one line of a text format. The position only grows, so a line costs time in its length. */
export class LineScanner {
  readonly #text: string;
  readonly #end: number;
  #at: number;

  /** Scans `text` from `start` to `end`, which is where the line ends. */
  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** The code unit here, -1 at the end. */
  peek(): number {
    return this.#at < this.#end ? this.#text.charCodeAt(this.#at) : -1;
  }

  /** Passes over the character if it is here. */
  skip(character: string): boolean {
    if (this.#at >= this.#end || this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  expect(character: string, where: string): void {
    if (!this.skip(character))
      throw new ExpositionError(`expected ${JSON.stringify(character)} ${where}, found ${this.here()}`);
  }

  /** Passes over spaces and tabs; true when there were any. */
  blanks(): boolean {
    const from = this.#at;
    while (this.#at < this.#end && isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#at > from;
  }

  /** A metric's name: letters, digits, `_` and `:`, not a digit first. `''` when there is none. */
  metricName(): string {
    return this.#name(true);
  }

  /** A label's name: letters, digits and `_`, not a digit first. `''` when there is none. */
  labelName(): string {
    return this.#name(false);
  }

  /** What is left up to the next space or tab. */
  word(): string {
    const from = this.#at;
    while (this.#at < this.#end && !isBlank(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#text.slice(from, this.#at);
  }

  /** All that is left of the line. */
  rest(): string {
    const rest = this.#text.slice(this.#at, this.#end);
    this.#at = this.#end;
    return rest;
  }

  /** A text in double quotes with `\\`, `\"` and `\n` for what they stand for; other escapes stay as they are written. */
  quoted(what: string): string {
    if (this.peek() !== QUOTE) throw new ExpositionError(`expected ${what} in double quotes, found ${this.here()}`);
    this.#at += 1;
    const from = this.#at;
    let escaped = false;
    for (; this.#at < this.#end; this.#at += 1) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === QUOTE) {
        const raw = this.#text.slice(from, this.#at);
        this.#at += 1;
        return escaped ? undoEscapes(raw) : raw;
      }
      if (code === BACKSLASH) {
        escaped = true;
        this.#at += 1;
      }
    }
    throw new ExpositionError(`the quote of ${what} is not closed`);
  }

  /** What is here, for messages. */
  here(): string {
    return this.done
      ? 'the end of the line'
      : JSON.stringify(this.#text.slice(this.#at, Math.min(this.#end, this.#at + 20)));
  }

  #name(colons: boolean): string {
    const from = this.#at;
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      const digit = code >= 0x30 && code <= 0x39;
      if (digit ? this.#at === from : !isNameStart(code, colons)) break;
      this.#at += 1;
    }
    return this.#text.slice(from, this.#at);
  }
}

/** Undoes the escapes of label values and help texts. */
export function undoEscapes(raw: string): string {
  return raw.replace(/\\([\\n"])/g, (_all, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

function isNameStart(code: number, colons: boolean): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || (colons && code === 0x3a);
}
