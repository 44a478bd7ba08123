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
    if (this.mayHave(traceId)) return;
    let segment = this.#segments.at(-1)!;
    if (segment.used >= segment.capacity) {
      segment = newSegment(segment.capacity * 2);
      this.#segments.push(segment);
    }
    const [a, b] = hashes(traceId);
    for (let i = 0; i < PROBES; i++) {
      const bit = probe(a, b, i, segment.bitCount);
      segment.bits[bit >>> 5]! |= 1 << (bit & 31);
    }
    segment.used++;
  }

  mayHave(traceId: string): boolean {
    const [a, b] = hashes(traceId);
    return this.#segments.some((segment) => hasAll(segment, a, b));
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

/** Trace ids are random by specification, but some senders count: mix all four words well. */
function hashes(traceId: string): [number, number] {
  let a = 0x243f6a88;
  let b = 0x85a308d3;
  for (let i = 0; i < 32; i += 8) {
    const word = Number.parseInt(traceId.slice(i, i + 8), 16) | 0;
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
