/** Numbers of many series, a column each, by slot. Grows as slots are taken; slots that are given back are used again. */
export class SeriesColumns {
  /** Of the last sample; -Infinity while there is none. */
  lastMs = new Float64Array(0);
  /** Bits of the last value, which are known while {@link valueKnown} is 1. */
  high = new Uint32Array(0);
  low = new Uint32Array(0);
  valueKnown = new Uint8Array(0);
  /** What the latest sample is: one of {@link KIND}. */
  kind = new Uint8Array(0);
  /** Samples in the open chunk; 0 when none is open, and the rest has no meaning then. */
  count = new Uint32Array(0);
  /** At so many samples the open chunk is closed. */
  limit = new Uint16Array(0);
  firstMs = new Float64Array(0);
  /** Between the last two timestamps. */
  delta = new Float64Array(0);
  /** Zero bits before and after the window of the last value that had one; `leading` is {@link NO_WINDOW} before the first. */
  leading = new Uint8Array(0);
  trailing = new Uint8Array(0);
  /** Length of the packed samples. */
  bits = new Uint32Array(0);
  firstBlock = new Int32Array(0);
  lastBlock = new Int32Array(0);
  #capacity = 0;
  #taken = 0;
  readonly #free: number[] = [];

  /** Slots that were ever taken. */
  get length(): number {
    return this.#taken;
  }

  /** A slot without samples. */
  take(): number {
    const slot = this.#free.pop() ?? this.#taken++;
    if (slot >= this.#capacity) this.#grow();
    this.lastMs[slot] = Number.NEGATIVE_INFINITY;
    this.valueKnown[slot] = 0;
    this.kind[slot] = KIND.none;
    this.count[slot] = 0;
    return slot;
  }

  giveBack(slot: number): void {
    this.lastMs[slot] = Number.NEGATIVE_INFINITY;
    this.count[slot] = 0;
    this.#free.push(slot);
  }

  #grow(): void {
    const capacity = Math.max(1024, this.#capacity * 2);
    this.#capacity = capacity;
    this.lastMs = copy(this.lastMs, new Float64Array(capacity));
    this.high = copy(this.high, new Uint32Array(capacity));
    this.low = copy(this.low, new Uint32Array(capacity));
    this.valueKnown = copy(this.valueKnown, new Uint8Array(capacity));
    this.kind = copy(this.kind, new Uint8Array(capacity));
    this.count = copy(this.count, new Uint32Array(capacity));
    this.limit = copy(this.limit, new Uint16Array(capacity));
    this.firstMs = copy(this.firstMs, new Float64Array(capacity));
    this.delta = copy(this.delta, new Float64Array(capacity));
    this.leading = copy(this.leading, new Uint8Array(capacity));
    this.trailing = copy(this.trailing, new Uint8Array(capacity));
    this.bits = copy(this.bits, new Uint32Array(capacity));
    this.firstBlock = copy(this.firstBlock, new Int32Array(capacity));
    this.lastBlock = copy(this.lastBlock, new Int32Array(capacity));
  }
}

/** What samples are; a series has `none` until its first since the start. */
export const KIND = { none: 0, number: 1, histogram: 2 } as const;

/** {@link SeriesColumns.leading} before a value had a window. */
export const NO_WINDOW = 255;

type NumberArray = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

function copy<A extends NumberArray>(from: A, to: A): A {
  to.set(from);
  return to;
}
