import { types } from 'node:util';

/** More names than a text of 64 KiB has room for, so that nothing is missing from it that would have fitted. */
const MAX_REMEMBERED = 10_000;

/**
 * V8 has no way to read the first few names of an object without listing them all, and of a very large object that takes as long
 * as everything else the SDK does in a second. So it is done once: afterwards the first names are known.
 */
const remembered = new WeakMap<object, readonly string[]>();
let anyRemembered = false;

/**
 * Names of the own enumerable members of an object, in their order; of an object with more than ten thousand, which is listed
 * once in its life, the first ten thousand it had then. Of a Proxy all own names, enumerable or not: asking it about each is for
 * the caller, who stops early. Throws what a Proxy throws.
 */
export function ownNames(value: object, isProxy = types.isProxy(value)): readonly string[] {
  const known = anyRemembered ? remembered.get(value) : undefined;
  if (known !== undefined) return known;
  const names = isProxy ? Reflect.ownKeys(value).filter((key) => typeof key === 'string') : Object.keys(value);
  if (names.length <= MAX_REMEMBERED) return names;
  const first = names.slice(0, MAX_REMEMBERED);
  remembered.set(value, first);
  anyRemembered = true;
  return first;
}

/** Makes the next {@link ownNames} list the object anew. */
export function forgetNames(value: object): void {
  remembered.delete(value);
}
