import type { OnEvent, StreamReader } from './stream-reader.js';
import { MAX_EVENT_BYTES } from './stream-reader.js';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/**
 * A JSON array that is sent piecemeal, as Gemini streams without `alt=sse`: gives each object of it as soon as it is whole. An
 * object that stands alone, as some errors do, is given too.
 */
export class JsonArrayReader implements StreamReader {
  readonly #onEvent: OnEvent;
  readonly #maxBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Braces and brackets open inside the current object; 0 between objects. */
  #depth = 0;
  #inString = false;
  #escaped = false;
  #overlong = false;
  cut = false;

  constructor(onEvent: OnEvent, maxBytes: number = MAX_EVENT_BYTES) {
    this.#onEvent = onEvent;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (this.#depth === 0) {
        if (byte !== OPEN_BRACE) continue;
        from = i;
        this.#depth = 1;
      } else if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
      } else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth += 1;
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        this.#depth -= 1;
        if (this.#depth === 0) {
          this.#hold(chunk.subarray(from, i + 1));
          this.#emit();
        }
      }
    }
    if (this.#depth > 0) this.#hold(chunk.subarray(from));
  }

  end(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #hold(piece: Buffer): void {
    if (this.#overlong) return;
    if (this.#heldBytes + piece.length > this.#maxBytes) {
      this.#overlong = true;
      this.cut = true;
      this.end();
      return;
    }
    this.#held.push(piece);
    this.#heldBytes += piece.length;
  }

  #emit(): void {
    const whole = this.#overlong ? undefined : Buffer.concat(this.#held).toString('utf8');
    this.#overlong = false;
    this.end();
    if (whole !== undefined) this.#onEvent(whole, '');
  }
}
