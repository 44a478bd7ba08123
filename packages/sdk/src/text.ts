import { withoutHalfWord } from '@vedetta/model';

/** String methods of ES2024 that Node 20 has and the ES2023 library does not declare. */
interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Items of a list that make its text: `String` would read all of it, a second for some ten million. */
const MAX_ITEMS = 32;

/**
 * Text of anything at most `maxChars` long: never throws, whatever the value's own `toString` does, and takes no longer for a
 * long list or many bytes. Lone surrogates become U+FFFD, because no encoding of text can carry them.
 */
export function toText(value: unknown, maxChars: number): string {
  if (typeof value === 'string') return cutText(value, maxChars);
  if (value === undefined || value === null) return '';
  if (typeof value === 'bigint') return bigintText(value);
  try {
    if (Array.isArray(value)) return listText(value, maxChars);
    if (ArrayBuffer.isView(value)) return '[binary]';
    return cutText(String(value), maxChars);
  } catch {
    return `[${typeof value}]`;
  }
}

function listText(list: readonly unknown[], maxChars: number): string {
  const items: string[] = [];
  for (let i = 0; i < list.length && i < MAX_ITEMS; i += 1) {
    const item = list[i];
    items.push(typeof item === 'object' && item !== null ? '[object]' : toText(item, maxChars));
  }
  return cutText(items.join(), maxChars);
}

/**
 * Characters past which a text is not looked at. One that was put together from parts is laid out in memory when its first
 * character is read, all of it, at some 10 ms for ten million; nothing tells such a text from another.
 */
const MAX_READ_CHARS = 2 * 1024 * 1024;

/** Whether reading the text may take long. */
export function isOverlong(text: string): boolean {
  return text.length > MAX_READ_CHARS;
}

/**
 * The string itself when it is short and well formed, else a repaired copy, cut before a word, that ends in an ellipsis; of
 * more than two million characters only their number.
 */
export function cutText(text: string, maxChars: number): string {
  if (isOverlong(text)) return `[${text.length} characters]`.slice(0, maxChars);
  const cut = text.length > maxChars ? `${withoutHalfWord(text.slice(0, maxChars - 1))}…` : text;
  const checked = cut as unknown as WellFormed;
  return checked.isWellFormed() ? cut : checked.toWellFormed();
}

/** Digits of a big integer. Past 256 bits a placeholder: printing takes time quadratic in the length. */
export function bigintText(value: bigint): string {
  return BigInt.asIntN(256, value) === value ? value.toString() : '[BigInt]';
}

/** What an error says about itself. */
export interface ErrorText {
  readonly type: string;
  readonly message: string;
}

const MAX_TYPE_CHARS = 200;
const MAX_MESSAGE_CHARS = 4096;

/** Type and message of anything that can be thrown; the getters of a hostile object may throw in turn. */
export function describeError(error: unknown): ErrorText {
  try {
    if (typeof error === 'object' && error !== null) {
      const { name, message, code } = error as { name?: unknown; message?: unknown; code?: unknown };
      const named = typeof name === 'string' && name !== '' ? name : 'Error';
      const type = named === 'Error' && typeof code === 'string' && code !== '' ? code : named;
      return { type: cutText(type, MAX_TYPE_CHARS), message: toText(message ?? '', MAX_MESSAGE_CHARS) };
    }
    return { type: typeof error, message: toText(error, MAX_MESSAGE_CHARS) };
  } catch {
    return { type: 'Error', message: '[unreadable error]' };
  }
}
