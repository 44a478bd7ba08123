import { randomFillSync } from 'node:crypto';

const NONE = -1;
/** Words of a page of texts: 1 MiB. A text that is longer has a page of its own. */
const PAGE_WORDS = 1 << 18;
/** Multipliers of a hash; texts with more words use them again. */
const MULTIPLIERS = 1 << 10;
const MASK = MULTIPLIERS - 1;
const FIRST_ENTRIES = 1 << 10;
/** Numbers of an entry in all columns, those of the hash table included. */
const ENTRY_BYTES = 28;

/**
 * Numbers texts by their bytes: the first is 0, and the same bytes have the same number. An object a text, or a map by strings, would
 * take ten times as long to look through: here are columns of numbers, and pages of bytes.
 *
 * Senders repeat themselves: what came behind a text the last time is looked at first, which mostly saves the hash. The hash is multilinear
 * with random multipliers over 16 bits at a time (Lemire and Kaser, "Strongly universal string hashing is fast"): which texts
 * collide is chance, whatever a sender chooses.
 */
export class ByteTable {
  readonly #multipliers = randomFillSync(new Int32Array(4 * MULTIPLIERS + 2));
  readonly #pages: Int32Array[] = [];
  /** Words taken of the last page. */
  #filled = PAGE_WORDS;
  #pageBytes = 0;
  #size = 0;
  /** By number: page and place of its words, its length in bytes, its hash, and what came behind it. */
  #pageOf = new Uint32Array(FIRST_ENTRIES);
  #places = new Uint32Array(FIRST_ENTRIES);
  #lengths = new Uint32Array(FIRST_ENTRIES);
  #hashes = new Int32Array(FIRST_ENTRIES);
  #followers = new Int32Array(FIRST_ENTRIES).fill(NONE);
  /** Numbers by hash, with open addressing. */
  #table = new Int32Array(FIRST_ENTRIES * 2).fill(NONE);
  #last = NONE;
  // What is being looked for.
  #words = new Int32Array(256);
  #wordCount = 0;
  #length = 0;
  #hash = 0;

  /** Texts that are there. */
  get size(): number {
    return this.#size;
  }

  /** Memory of it. */
  get sizeBytes(): number {
    return this.#pageBytes + this.#places.length * ENTRY_BYTES;
  }

  /** The number of the bytes from `from` to `to`; -1 when they are not there, and {@link add} would add them. */
  find(view: DataView, from: number, to: number): number {
    this.#load(view, from, to);
    const last = this.#last;
    if (last !== NONE) {
      const follower = this.#followers[last] as number;
      if (follower !== NONE && this.#holds(follower)) {
        this.#last = follower;
        return follower;
      }
    }
    const hash = this.#hashOf();
    this.#hash = hash;
    const mask = this.#table.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const entry = this.#table[place] as number;
      if (entry === NONE) return NONE;
      if (this.#hashes[entry] === hash && this.#holds(entry)) {
        this.#follow(entry);
        return entry;
      }
    }
  }

  /** Adds what {@link find} did not find just before. */
  add(): number {
    const entry = this.#size;
    if (entry === this.#places.length) this.#grow();
    if (this.#filled + this.#wordCount > PAGE_WORDS) {
      const words = Math.max(PAGE_WORDS, this.#wordCount);
      this.#pages.push(new Int32Array(words));
      this.#pageBytes += words * 4;
      this.#filled = 0;
    }
    const page = this.#pages.length - 1;
    const to = this.#pages[page] as Int32Array;
    for (let i = 0; i < this.#wordCount; i += 1) to[this.#filled + i] = this.#words[i] as number;
    this.#pageOf[entry] = page;
    this.#places[entry] = this.#filled;
    this.#filled += this.#wordCount;
    this.#lengths[entry] = this.#length;
    this.#hashes[entry] = this.#hash;
    this.#followers[entry] = NONE;
    this.#size = entry + 1;
    this.#put(entry);
    this.#follow(entry);
    return entry;
  }

  /** How many bytes a number has that was given. */
  lengthOf(entry: number): number {
    return this.#lengths[entry] as number;
  }

  /** The bytes of a number that was given. */
  bytesOf(entry: number): Buffer {
    const page = this.#pages[this.#pageOf[entry] as number] as Int32Array;
    const from = this.#places[entry] as number;
    const bytes = Buffer.alloc(this.#lengths[entry] as number);
    for (let i = 0; i < bytes.length; i += 1) {
      bytes[i] = (page[from + (i >>> 2)] as number) >>> ((i & 3) * 8);
    }
    return bytes;
  }

  #load(view: DataView, from: number, to: number): void {
    const length = to - from;
    const whole = length >>> 2;
    if (whole >= this.#words.length) this.#words = new Int32Array(whole * 2);
    const words = this.#words;
    for (let i = 0; i < whole; i += 1) words[i] = view.getInt32(from + i * 4, true);
    this.#length = length;
    this.#wordCount = whole;
    if ((length & 3) === 0) return;
    let word = 0;
    for (let i = 0; i < (length & 3); i += 1) word |= view.getUint8(from + whole * 4 + i) << (i * 8);
    words[whole] = word;
    this.#wordCount = whole + 1;
  }

  #holds(entry: number): boolean {
    if (this.#lengths[entry] !== this.#length) return false;
    const page = this.#pages[this.#pageOf[entry] as number] as Int32Array;
    const from = this.#places[entry] as number;
    const words = this.#words;
    // What differs stands at the end, mostly: labels begin with the same names.
    for (let i = this.#wordCount - 1; i >= 0; i -= 1) if (page[from + i] !== words[i]) return false;
    return true;
  }

  #follow(entry: number): void {
    if (this.#last !== NONE) this.#followers[this.#last] = entry;
    this.#last = entry;
  }

  /** Two halves of 16 sure bits each: the upper ones of a sum of products are uniform, the lower ones are not. */
  #hashOf(): number {
    const multipliers = this.#multipliers;
    const words = this.#words;
    let a = Math.imul(multipliers[4 * MULTIPLIERS] as number, this.#length & 0xffff);
    let b = Math.imul(multipliers[4 * MULTIPLIERS + 1] as number, this.#length & 0xffff);
    for (let i = 0; i < this.#wordCount; i += 1) {
      const word = words[i] as number;
      const low = word & 0xffff;
      const high = word >>> 16;
      const at = (i & MASK) * 4;
      a = (a + Math.imul(multipliers[at] as number, low) + Math.imul(multipliers[at + 1] as number, high)) | 0;
      b = (b + Math.imul(multipliers[at + 2] as number, low) + Math.imul(multipliers[at + 3] as number, high)) | 0;
    }
    return (a >>> 16) | (b & 0xffff0000) | 0;
  }

  #put(entry: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let place = (this.#hashes[entry] as number) & mask;
    while (table[place] !== NONE) place = (place + 1) & mask;
    table[place] = entry;
  }

  #grow(): void {
    const capacity = this.#places.length * 2;
    this.#pageOf = copy(this.#pageOf, new Uint32Array(capacity));
    this.#places = copy(this.#places, new Uint32Array(capacity));
    this.#lengths = copy(this.#lengths, new Uint32Array(capacity));
    this.#hashes = copy(this.#hashes, new Int32Array(capacity));
    this.#followers = copy(this.#followers, new Int32Array(capacity));
    this.#table = new Int32Array(capacity * 2).fill(NONE);
    for (let entry = 0; entry < this.#size; entry += 1) this.#put(entry);
  }
}

function copy<A extends Uint32Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
