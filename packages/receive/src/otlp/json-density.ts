import { InvalidBody } from './decode-result.js';

// A body below this size cannot cost much, whatever it holds.
const MIN_BYTES = 256 * 1024;

// The densest real OTLP/JSON opens an object about every 15 bytes. Empty ones every three bytes would take twenty times
// their size of memory, and seconds to collect.
const MIN_BYTES_A_VALUE = 8;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const OPEN_BRACE = 0x7b;

/** Throws `InvalidBody` for a large JSON text made of little more than brackets, before it is parsed. */
export function checkJsonDensity(body: Uint8Array): void {
  if (body.length < MIN_BYTES) return;
  const max = body.length / MIN_BYTES_A_VALUE;
  let opened = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i];
    if (byte === QUOTE) {
      i = endOfString(body, i + 1);
    } else if ((byte === OPEN_BRACE || byte === OPEN_BRACKET) && ++opened > max) {
      throw new InvalidBody('the body holds too many objects and lists for its size');
    }
  }
}

/** Where the closing quote of a string is, or the body's end. */
function endOfString(body: Uint8Array, start: number): number {
  let quote = body.indexOf(QUOTE, start);
  while (quote >= 0) {
    let slashes = 0;
    while (quote - 1 - slashes >= start && body[quote - 1 - slashes] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote;
    quote = body.indexOf(QUOTE, quote + 1);
  }
  return body.length;
}
