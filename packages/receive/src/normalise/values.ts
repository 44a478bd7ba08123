import type { AttributeValue } from '@vedetta/model';

// JSON that nests deeper stays text: whoever walks the structure later does so on the call stack.
const MAX_JSON_DEPTH = 64;

/** A value that is an object with members. */
export type Tree = { readonly [key: string]: AttributeValue };

// Text longer than this is not parsed: a limit of the decoder's can be raised, the time for one span should not be.
const MAX_JSON_LENGTH = 4 * 1024 * 1024;

/** Text that says something, else `undefined`. */
export function toText(value: AttributeValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Text of a string, a number or a boolean: ids come as any of them. */
export function toLabel(value: AttributeValue | undefined): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return toText(value);
}

/** A finite number; text that is one counts. */
export function toNumber(value: AttributeValue | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.length > 40 || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A count: a whole number from 0; doubles and text are coerced, a negative one is nothing. */
export function toCount(value: AttributeValue | undefined): number | undefined {
  const number = toNumber(value);
  return number !== undefined && number >= 0 && number <= Number.MAX_SAFE_INTEGER ? Math.round(number) : undefined;
}

/** A number of at least 0, such as a cost or a time. */
export function toAmount(value: AttributeValue | undefined): number | undefined {
  const number = toNumber(value);
  return number !== undefined && number >= 0 ? number : undefined;
}

/** True or false; text that says so counts. */
export function toFlag(value: AttributeValue | undefined): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true') return true;
  return value === 'false' ? false : undefined;
}

/** Structure out of text: JSON when the text is an object or an array, else the value as it is. */
export function toTree(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value !== 'string' || value.length > MAX_JSON_LENGTH) return value;
  const first = firstCharacter(value);
  if (first !== '{' && first !== '[') return value;
  try {
    const tree = JSON.parse(value) as AttributeValue;
    return nestsDeeperThan(tree, MAX_JSON_DEPTH) ? value : tree;
  } catch {
    return value;
  }
}

/** Text that a sender wrote as a JSON string, without its quotes; any other value as it is. */
export function unquote(value: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof value !== 'string' || value.length < 2 || !value.startsWith('"') || !value.endsWith('"')) return value;
  try {
    return JSON.parse(value) as AttributeValue;
  } catch {
    return value;
  }
}

/** An object, or text that holds one. */
export function toObject(value: AttributeValue | undefined): Tree | undefined {
  const tree = toTree(value);
  return isTree(tree) ? tree : undefined;
}

/** A list, or text that holds one. */
export function toList(value: AttributeValue | undefined): readonly AttributeValue[] | undefined {
  const tree = toTree(value);
  return Array.isArray(tree) ? (tree as readonly AttributeValue[]) : undefined;
}

/** The strings of a list, of a JSON list, or of a text alone; `undefined` when there is none. */
export function toTexts(value: AttributeValue | undefined): readonly string[] | undefined {
  const tree = toTree(value);
  if (typeof tree === 'string') return tree === '' ? undefined : [tree];
  if (!Array.isArray(tree)) return undefined;
  const texts = tree.filter((item): item is string => typeof item === 'string' && item !== '');
  return texts.length === 0 ? undefined : texts;
}

/** True for an object that is no list. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nestsDeeperThan(value: AttributeValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((member: AttributeValue) => nestsDeeperThan(member, levels - 1));
  for (const key of Object.keys(value)) {
    if (nestsDeeperThan((value as Tree)[key] ?? null, levels - 1)) return true;
  }
  return false;
}

function firstCharacter(text: string): string {
  for (let i = 0; i < text.length && i < 64; i++) {
    const character = text.charAt(i);
    if (character !== ' ' && character !== '\n' && character !== '\r' && character !== '\t') return character;
  }
  return '';
}
