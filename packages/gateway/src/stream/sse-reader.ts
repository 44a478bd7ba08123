import { LineSplitter } from './line-splitter.js';
import type { OnEvent, StreamReader } from './stream-reader.js';
import { MAX_EVENT_BYTES } from './stream-reader.js';

/**
 * Server-sent events (WHATWG HTML, section 9.2): comments are left out, `data` lines are joined with LF, one space after the
 * colon belongs to the syntax. Unlike a browser it also gives the last event when its blank line is missing.
 */
export class SseReader implements StreamReader {
  readonly #lines: LineSplitter;
  readonly #onEvent: OnEvent;
  #data: string | undefined;
  #name = '';
  #first = true;
  #overlong = false;
  #cut = false;

  constructor(onEvent: OnEvent, maxBytes: number = MAX_EVENT_BYTES) {
    this.#onEvent = onEvent;
    this.#lines = new LineSplitter(maxBytes, (line) => this.#take(line, maxBytes));
  }

  get cut(): boolean {
    return this.#cut || this.#lines.cut;
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
    this.#dispatch();
  }

  #take(text: string, maxBytes: number): void {
    const line = this.#first && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    this.#first = false;
    if (line === '') this.#dispatch();
    else if (line.startsWith('data:')) {
      const value = line.slice(line.charCodeAt(5) === 32 ? 6 : 5);
      if (this.#data === undefined) this.#data = value;
      else if (this.#data.length + value.length < maxBytes) this.#data += `\n${value}`;
      else this.#overlong = true;
    } else if (line.startsWith('event:')) {
      this.#name = line.slice(line.charCodeAt(6) === 32 ? 7 : 6);
    } else if (line === 'data') this.#data = this.#data === undefined ? '' : `${this.#data}\n`;
  }

  #dispatch(): void {
    const data = this.#data;
    const name = this.#name;
    this.#data = undefined;
    this.#name = '';
    if (this.#overlong) {
      this.#overlong = false;
      this.#cut = true;
    } else if (data !== undefined) this.#onEvent(data, name);
  }
}
