import type { OnEvent, StreamReader } from './stream-reader.js';
import { MAX_EVENT_BYTES } from './stream-reader.js';

const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
const STRING_TYPE = 7;
/** Sizes of the values of header types 0 to 9; -1: a length of two bytes stands before the value. */
const VALUE_BYTES = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16];

/**
 * Amazon's event stream encoding (`application/vnd.amazon.eventstream`), as Bedrock frames its streams: gives each message's
 * payload under its `:event-type`; a payload `{"bytes": "<base64>"}` is unwrapped. Checksums are not verified: the bytes are a copy.
 */
export class AwsEventReader implements StreamReader {
  readonly #onEvent: OnEvent;
  readonly #maxBytes: number;
  #held: Buffer = Buffer.alloc(0);
  #broken = false;
  cut = false;

  constructor(onEvent: OnEvent, maxBytes: number = MAX_EVENT_BYTES) {
    this.#onEvent = onEvent;
    this.#maxBytes = maxBytes;
  }

  push(chunk: Buffer): void {
    if (this.#broken) return;
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    while (this.#held.length >= PRELUDE_BYTES) {
      const total = this.#held.readUInt32BE(0);
      const headerBytes = this.#held.readUInt32BE(4);
      if (total > this.#maxBytes || total < PRELUDE_BYTES + CHECKSUM_BYTES + headerBytes) {
        this.#giveUp();
        return;
      }
      if (this.#held.length < total) return;
      const headers = this.#held.subarray(PRELUDE_BYTES, PRELUDE_BYTES + headerBytes);
      const payload = this.#held.subarray(PRELUDE_BYTES + headerBytes, total - CHECKSUM_BYTES);
      this.#onEvent(unwrap(payload.toString('utf8')), eventType(headers));
      this.#held = this.#held.subarray(total);
    }
  }

  end(): void {
    this.#held = Buffer.alloc(0);
  }

  /** After a length that cannot be, nothing that follows can be found. */
  #giveUp(): void {
    this.#broken = true;
    this.cut = true;
    this.end();
  }
}

function eventType(headers: Buffer): string {
  let at = 0;
  while (at < headers.length) {
    const nameEnd = at + 1 + (headers[at] ?? 0);
    const name = headers.toString('utf8', at + 1, nameEnd);
    const type = headers[nameEnd] ?? 0;
    const size = VALUE_BYTES[type];
    if (size === undefined) return '';
    at = nameEnd + 1;
    if (size === -1) {
      if (at + 2 > headers.length) return '';
      const length = headers.readUInt16BE(at);
      at += 2;
      if (name === ':event-type' && type === STRING_TYPE) return headers.toString('utf8', at, at + length);
      at += length;
    } else at += size;
  }
  return '';
}

function unwrap(payload: string): string {
  const inner = /^\{"bytes":"([A-Za-z0-9+/=]+)"/.exec(payload)?.[1];
  return inner === undefined ? payload : Buffer.from(inner, 'base64').toString('utf8');
}
