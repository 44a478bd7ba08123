import { InvalidBody } from './decode-result.js';
import { checkJsonDensity } from './json-density.js';
import type { JsonObject } from './json-values.js';
import { asObject } from './json-values.js';

/** Looking through and parsing more than this takes some milliseconds each. */
const LONG_BYTES = 512 * 1024;

/**
 * Reads the text of an OTLP/JSON request. Throws `InvalidBody` when it is none, or one that would become far larger in memory. Other
 * work may go between the two steps of a long body; the parsing itself is one, however long it is.
 */
export function* readJsonBody(body: Uint8Array): Generator<void, JsonObject> {
  const isLong = body.length > LONG_BYTES;
  checkJsonDensity(body);
  if (isLong) yield;
  const request = asObject(parse(body), 'the body');
  if (isLong) yield;
  return request;
}

function parse(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    // The engine's message quotes the body, which may hold a prompt.
    throw new InvalidBody('the body is not valid JSON');
  }
}
