import { randomFillSync } from 'node:crypto';
import type { Labels } from './labels.js';

const EMPTY = -1;
const REMOVED = -2;
/** Multipliers; labels longer than this use them again. */
const MULTIPLIERS = 1 << 12;
const MASK = MULTIPLIERS - 1;
const FIRST_CAPACITY = 1 << 10;

/**
 * Ids by labels: a hash table with open addressing in two arrays of numbers, since a map by texts would keep a text for each
 * series. The hash is multilinear with random multipliers (Lemire and Kaser, "Strongly universal string hashing is fast"): which
 * labels collide is chance, whatever a sender chooses.
 */
export class LabelsTable {
  readonly #labelsOf: (id: number) => Labels | undefined;
  readonly #multipliers = randomFillSync(new Int32Array(2 * MULTIPLIERS + 2));
  #ids = new Int32Array(FIRST_CAPACITY).fill(EMPTY);
  /** Of the entry at the same place: most others are told apart by it. */
  #hashes = new Int32Array(FIRST_CAPACITY);
  #size = 0;
  /** Places that are not empty, those of removed entries too. */
  #filled = 0;

  constructor(labelsOf: (id: number) => Labels | undefined) {
    this.#labelsOf = labelsOf;
  }

  find(labels: Labels): number | undefined {
    const place = this.#placeOf(labels, this.#hash(labels));
    return place === undefined ? undefined : this.#ids[place];
  }

  /** Labels that are not there yet. */
  add(labels: Labels, id: number): void {
    if ((this.#filled + 1) * 4 > this.#ids.length * 3) this.#rebuild();
    this.#put(this.#hash(labels), id);
    this.#size += 1;
    this.#filled += 1;
  }

  remove(labels: Labels, id: number): void {
    const place = this.#placeOf(labels, this.#hash(labels));
    if (place === undefined || this.#ids[place] !== id) return;
    this.#ids[place] = REMOVED;
    this.#size -= 1;
  }

  #placeOf(labels: Labels, hash: number): number | undefined {
    const mask = this.#ids.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const id = this.#ids[place] as number;
      if (id === EMPTY) return undefined;
      if (id !== REMOVED && this.#hashes[place] === hash && areEqual(this.#labelsOf(id), labels)) return place;
    }
  }

  #put(hash: number, id: number): void {
    const mask = this.#ids.length - 1;
    let place = hash & mask;
    while (this.#ids[place] !== EMPTY) place = (place + 1) & mask;
    this.#ids[place] = id;
    this.#hashes[place] = hash;
  }

  #rebuild(): void {
    const [ids, hashes] = [this.#ids, this.#hashes];
    let capacity = FIRST_CAPACITY;
    while (capacity < this.#size * 2 + 2) capacity *= 2;
    this.#ids = new Int32Array(capacity).fill(EMPTY);
    this.#hashes = new Int32Array(capacity);
    this.#filled = this.#size;
    for (let place = 0; place < ids.length; place += 1) {
      const id = ids[place] as number;
      if (id >= 0) this.#put(hashes[place] as number, id);
    }
  }

  /** Two halves of 16 sure bits each: the upper ones of a sum of products are uniform, the lower ones are not. */
  #hash(labels: Labels): number {
    const multipliers = this.#multipliers;
    let a = multipliers[2 * MULTIPLIERS] as number;
    let b = multipliers[2 * MULTIPLIERS + 1] as number;
    let at = 0;
    for (let i = 0; i < labels.length; i += 1) {
      const pair = labels[i] as readonly [string, string];
      for (let part = 0; part < 2; part += 1) {
        const text = pair[part] as string;
        const { length } = text;
        // The length stands between texts: without, `ab`, `c` would be `a`, `bc`.
        for (let k = -1; k < length; k += 1) {
          const unit = k < 0 ? length + 1 : text.charCodeAt(k);
          a = (a + Math.imul(multipliers[at & MASK] as number, unit)) | 0;
          b = (b + Math.imul(multipliers[(at & MASK) + MULTIPLIERS] as number, unit)) | 0;
          at += 1;
        }
      }
    }
    return (a >>> 16) | (b & 0xffff0000) | 0;
  }
}

function areEqual(a: Labels | undefined, b: Labels): boolean {
  if (a === b) return true;
  if (a === undefined || a.length !== b.length) return false;
  for (let i = 0; i < b.length; i += 1) {
    const [x, y] = [a[i] as readonly [string, string], b[i] as readonly [string, string]];
    if (x !== y && (x[1] !== y[1] || x[0] !== y[0])) return false;
  }
  return true;
}
