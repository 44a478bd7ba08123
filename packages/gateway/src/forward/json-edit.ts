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

/** The object that is JSON text without a member, all other bytes as they are; `undefined` when it has none of that name. The text must be valid JSON. */
export function withoutMember(json: Buffer, name: string): Buffer | undefined {
  const { member } = findMember(json, name);
  if (member === undefined) return undefined;
  // With the comma before it, else the one after it.
  const from = member.comma ?? member.key;
  const to = member.comma === undefined && member.next !== undefined ? member.next : member.to;
  return Buffer.concat([json.subarray(0, from), json.subarray(to)]);
}

function setMember(json: Buffer, name: string, value: Buffer): Buffer | undefined {
  const { member, end, empty } = findMember(json, name);
  if (end === undefined) return undefined;
  if (member !== undefined) return Buffer.concat([json.subarray(0, member.from), value, json.subarray(member.to)]);
  const key = Buffer.from(`${empty ? '' : ','}${JSON.stringify(name)}:`);
  return Buffer.concat([json.subarray(0, end), key, value, json.subarray(end)]);
}

/** Where a member stands: its key, its value from and to, the comma before it and the key after it. */
interface MemberPlace {
  readonly key: number;
  readonly from: number;
  readonly to: number;
  readonly comma: number | undefined;
  readonly next: number | undefined;
}

interface FoundMember {
  /** The last of several, which counts for the parsers of upstreams too. */
  readonly member: MemberPlace | undefined;
  /** Place of the closing brace; `undefined` when the text is no object. */
  readonly end: number | undefined;
  readonly empty: boolean;
}

function findMember(json: Buffer, name: string): FoundMember {
  const open = skipSpace(json, 0);
  if (json[open] !== OPEN_BRACE) return { member: undefined, end: undefined, empty: true };
  let at = skipSpace(json, open + 1);
  let member: MemberPlace | undefined;
  let comma: number | undefined;
  let empty = true;
  while (at < json.length && json[at] !== CLOSE_BRACE) {
    empty = false;
    const key = at;
    const keyEnd = skipValue(json, at);
    const from = skipSpace(json, skipSpace(json, keyEnd) + 1);
    const to = skipValue(json, from);
    at = skipSpace(json, to);
    const after = json[at] === COMMA ? at : undefined;
    if (after !== undefined) at = skipSpace(json, after + 1);
    if (readKey(json, key, keyEnd) === name)
      member = { key, from, to, comma, next: after === undefined ? undefined : at };
    comma = after;
  }
  return { member, end: at >= json.length ? undefined : at, empty };
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
