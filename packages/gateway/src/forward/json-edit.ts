import type { AttributeValue } from '@vedetta/model';

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Sets members of the object that is JSON text, all other bytes as they are: a member that stands there gets the new value in its
 * place, another is added before the closing brace. `undefined` when the text is no object. The text must be valid JSON.
 */
export function setMembers(json: Buffer, members: { readonly [name: string]: AttributeValue }): Buffer | undefined {
  let text = json;
  for (const [name, value] of Object.entries(members)) {
    const changed = setMember(text, name, Buffer.from(JSON.stringify(value)));
    if (changed === undefined) return undefined;
    text = changed;
  }
  return text;
}

function setMember(json: Buffer, name: string, value: Buffer): Buffer | undefined {
  const open = skipSpace(json, 0);
  if (json[open] !== OPEN_BRACE) return undefined;
  let at = skipSpace(json, open + 1);
  let found: { readonly from: number; readonly to: number } | undefined;
  let empty = true;
  while (at < json.length && json[at] !== CLOSE_BRACE) {
    empty = false;
    const keyEnd = skipValue(json, at);
    const from = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const to = skipValue(json, from);
    // The last of several counts, as it does for the parsers of upstreams.
    if (readKey(json, at, keyEnd) === name) found = { from, to };
    at = skipSpace(json, to);
    if (json[at] === COMMA) at = skipSpace(json, at + 1);
  }
  if (at >= json.length) return undefined;
  if (found !== undefined) return Buffer.concat([json.subarray(0, found.from), value, json.subarray(found.to)]);
  const key = Buffer.from(`${empty ? '' : ','}${JSON.stringify(name)}:`);
  return Buffer.concat([json.subarray(0, at), key, value, json.subarray(at)]);
}

function readKey(json: Buffer, from: number, to: number): string {
  try {
    return JSON.parse(json.toString('utf8', from, to)) as string;
  } catch {
    return '';
  }
}

/** The place after the value that begins at `from`. */
function skipValue(json: Buffer, from: number): number {
  const first = json[from];
  if (first === QUOTE) return skipString(json, from);
  let depth = 0;
  let at = from;
  for (; at < json.length; at++) {
    const byte = json[at] as number;
    if (byte === QUOTE) at = skipString(json, at) - 1;
    else if (byte === OPEN_BRACE || byte === 91) depth += 1;
    else if (byte === CLOSE_BRACE || byte === 93) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === COMMA || isSpace(byte))) return at;
  }
  return at;
}

function skipString(json: Buffer, from: number): number {
  for (let at = from + 1; at < json.length; at++) {
    if (json[at] === BACKSLASH) at += 1;
    else if (json[at] === QUOTE) return at + 1;
  }
  return json.length;
}

function skipSpace(json: Buffer, from: number): number {
  let at = from;
  while (at < json.length && isSpace(json[at] as number)) at += 1;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}
