import type { AttributeValue } from '@vedetta/model';

/** Attributes while they are being read. */
export type AttributeBag = { [key: string]: AttributeValue };

// Objects of this constructor have nothing above them but an empty prototype, so that a sender's key `__proto__` or
// `constructor` is a key like any other; they stay in V8's fast mode, which `Object.create(null)` does not.
const Bag = function Bag() {} as unknown as { new (): AttributeBag; prototype: object };
Bag.prototype = Object.freeze(Object.create(null)) as object;

/** An empty set of attributes that is safe from prototype keys. */
export function createBag(): AttributeBag {
  return new Bag();
}
