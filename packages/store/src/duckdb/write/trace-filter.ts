/** Traces of the first segment; each later one holds twice as many. */
const FIRST_CAPACITY = 65_536;
/** Bits and probes a trace: one false "maybe" in about 15,000 questions, so that a commit of new traces reads nothing. */
const BITS_PER_TRACE = 20;
const PROBES = 14;

interface Segment {
  readonly bits: Uint32Array;
  readonly bitCount: number;
  readonly capacity: number;
  used: number;
}

/**
 * Remembers which traces are stored, in 2.5 bytes each: a Bloom filter that grows by segments. "No" is certain, "maybe"
 * sends the writer to the store. Traces that retention deleted stay "maybe" until the next start.
 */
export class TraceFilter {
  readonly #segments: Segment[] = [newSegment(FIRST_CAPACITY)];

  add(traceId: string): void {
    this.#add(...hashes(traceId));
  }

  /** Adds trace ids as the engine's UUID vectors hold them: 16 bytes each, little-endian, the top bit flipped. */
  addVector(uuids: Uint8Array): void {
    const words = new DataView(uuids.buffer, uuids.byteOffset, uuids.byteLength);
    const word = (at: number): number => words.getInt32(at, true);
    for (let at = 0; at + 16 <= uuids.byteLength; at += 16) {
      this.#add(...hashWords(word(at + 12) ^ 0x8000_0000, word(at + 8), word(at + 4), word(at)));
    }
  }

  mayHave(traceId: string): boolean {
    const [a, b] = hashes(traceId);
    return this.#segments.some((segment) => hasAll(segment, a, b));
  }

  #add(a: number, b: number): void {
    if (this.#segments.some((each) => hasAll(each, a, b))) return;
    let segment = this.#segments.at(-1)!;
    if (segment.used >= segment.capacity) {
      segment = newSegment(segment.capacity * 2);
      this.#segments.push(segment);
    }
    for (let i = 0; i < PROBES; i++) {
      const bit = probe(a, b, i, segment.bitCount);
      segment.bits[bit >>> 5]! |= 1 << (bit & 31);
    }
    segment.used++;
  }
}

function newSegment(capacity: number): Segment {
  const bitCount = capacity * BITS_PER_TRACE;
  return { bits: new Uint32Array(bitCount / 32), bitCount, capacity, used: 0 };
}

function hasAll({ bits, bitCount }: Segment, a: number, b: number): boolean {
  for (let i = 0; i < PROBES; i++) {
    const bit = probe(a, b, i, bitCount);
    if (((bits[bit >>> 5]! >>> (bit & 31)) & 1) === 0) return false;
  }
  return true;
}

/** Double hashing. Multiplication by a double keeps the whole range of large segments, a modulo of 32 bits would not. */
function probe(a: number, b: number, i: number, bitCount: number): number {
  const mixed = Math.imul(a + Math.imul(i, b), 0x9e3779b1) >>> 0;
  return Math.floor(((mixed ^ (mixed >>> 15)) >>> 0) * (bitCount / 4294967296));
}

function hashes(traceId: string): [number, number] {
  const word = (at: number): number => Number.parseInt(traceId.slice(at, at + 8), 16) | 0;
  return hashWords(word(0), word(8), word(16), word(24));
}

/** Trace ids are random by specification, but some senders count: mix all four words well. */
function hashWords(...words: readonly [number, number, number, number]): [number, number] {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  for (const word of words) {
    a = mix(a ^ word);
    b = mix(b + Math.imul(word, 0xcc9e2d51));
  }
  return [a, b | 1];
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
