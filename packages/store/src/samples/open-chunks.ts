import { BLOCK_BYTES, BlockPool } from './block-pool.js';
import { CHUNK_HEADER_BYTES, writeChunkHeader } from './sample-chunk.js';
import { NO_WINDOW, SeriesColumns } from './series-columns.js';

/** A sample takes no more: 68 bits of time, 77 of its value, and those that wait for a whole byte. */
const MAX_SAMPLE_BYTES = 20;
const SCRATCH = new Uint8Array(MAX_SAMPLE_BYTES + 8);
const FLOAT = new DataView(new ArrayBuffer(8));

/** What is open of a series, for the log. */
export interface OpenChunkState {
  readonly count: number;
  readonly limit: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly delta: number;
  readonly high: number;
  readonly low: number;
  readonly leading: number;
  readonly trailing: number;
  readonly bits: number;
  readonly bytes: Uint8Array;
}

/**
 * The open chunks of all series, packed as `sample-chunk.ts` says, without an object a series: numbers in columns, bytes in a
 * pool. Appending a sample makes no garbage.
 */
export class OpenChunks {
  readonly columns = new SeriesColumns();
  readonly #pool = new BlockPool();
  // Bits that are being written: whole bytes in SCRATCH, the rest in the lowest positions.
  #at = 0;
  #pending = 0;
  #pendingBits = 0;

  /** Memory of what is packed. */
  get sizeBytes(): number {
    return this.#pool.used * BLOCK_BYTES;
  }

  /** A sample that is later than the last of its slot. */
  append(slot: number, timestampMs: number, high: number, low: number): void {
    const { columns } = this;
    const count = columns.count[slot] as number;
    if (count === 0) {
      columns.firstMs[slot] = timestampMs;
      columns.delta[slot] = 0;
      columns.leading[slot] = NO_WINDOW;
      columns.bits[slot] = 0;
      const block = this.#pool.take();
      columns.firstBlock[slot] = block;
      columns.lastBlock[slot] = block;
      this.#begin(slot);
      this.#write(high, 32);
      this.#write(low, 32);
    } else {
      this.#begin(slot);
      const delta = timestampMs - (columns.lastMs[slot] as number);
      this.#writeDelta(delta - (columns.delta[slot] as number));
      columns.delta[slot] = delta;
      this.#writeValue(
        slot,
        (high ^ (columns.high[slot] as number)) >>> 0,
        (low ^ (columns.low[slot] as number)) >>> 0,
      );
    }
    this.#end(slot);
    columns.count[slot] = count + 1;
    columns.lastMs[slot] = timestampMs;
    columns.high[slot] = high;
    columns.low[slot] = low;
    columns.valueKnown[slot] = 1;
  }

  /** The open chunk of a slot as a chunk of its own; without samples when none is open. */
  toChunk(slot: number): Uint8Array {
    const { columns } = this;
    if (columns.count[slot] === 0) {
      const empty = new Uint8Array(CHUNK_HEADER_BYTES);
      writeChunkHeader(empty, 0, 0);
      return empty;
    }
    const length = this.#lengthOf(slot);
    const bytes = new Uint8Array(CHUNK_HEADER_BYTES + length);
    writeChunkHeader(bytes, columns.count[slot] as number, columns.firstMs[slot] as number);
    this.#pool.copy(columns.firstBlock[slot] as number, length, bytes, CHUNK_HEADER_BYTES);
    return bytes;
  }

  /** Lets go of the open chunk; what is known of the last sample stays. */
  drop(slot: number): void {
    const { columns } = this;
    if (columns.count[slot] === 0) return;
    this.#pool.release(columns.firstBlock[slot] as number);
    columns.count[slot] = 0;
  }

  stateOf(slot: number): OpenChunkState {
    const { columns } = this;
    const bytes = new Uint8Array(this.#lengthOf(slot));
    this.#pool.copy(columns.firstBlock[slot] as number, bytes.length, bytes, 0);
    return {
      count: columns.count[slot] as number,
      limit: columns.limit[slot] as number,
      firstMs: columns.firstMs[slot] as number,
      lastMs: columns.lastMs[slot] as number,
      delta: columns.delta[slot] as number,
      high: columns.high[slot] as number,
      low: columns.low[slot] as number,
      leading: columns.leading[slot] as number,
      trailing: columns.trailing[slot] as number,
      bits: columns.bits[slot] as number,
      bytes,
    };
  }

  /** Takes an open chunk as it was; the slot must have none. */
  restore(slot: number, state: OpenChunkState): void {
    const { columns } = this;
    columns.count[slot] = state.count;
    columns.limit[slot] = state.limit;
    columns.firstMs[slot] = state.firstMs;
    columns.lastMs[slot] = state.lastMs;
    columns.delta[slot] = state.delta;
    columns.high[slot] = state.high;
    columns.low[slot] = state.low;
    columns.valueKnown[slot] = 1;
    columns.leading[slot] = state.leading;
    columns.trailing[slot] = state.trailing;
    columns.bits[slot] = state.bits;
    const { first, last } = this.#pool.fill(state.bytes);
    columns.firstBlock[slot] = first;
    columns.lastBlock[slot] = last;
  }

  #lengthOf(slot: number): number {
    return ((this.columns.bits[slot] as number) + 7) >>> 3;
  }

  /** Takes up the byte that is not full. */
  #begin(slot: number): void {
    const bits = this.columns.bits[slot] as number;
    this.#at = 0;
    this.#pendingBits = bits & 7;
    this.#pending = 0;
    if (this.#pendingBits === 0) return;
    const block = this.columns.lastBlock[slot] as number;
    const byte = this.#pool.pageOf(block)[this.#pool.offsetOf(block) + ((bits >>> 3) % BLOCK_BYTES)] as number;
    this.#pending = byte >>> (8 - this.#pendingBits);
  }

  /** Puts what was written behind what the slot has. */
  #end(slot: number): void {
    const { columns } = this;
    const whole = this.#at;
    if (this.#pendingBits > 0) SCRATCH[this.#at++] = this.#pending << (8 - this.#pendingBits);
    let at = (columns.bits[slot] as number) >>> 3;
    let block = columns.lastBlock[slot] as number;
    let page = this.#pool.pageOf(block);
    let offset = this.#pool.offsetOf(block);
    for (let i = 0; i < this.#at; i += 1) {
      const within = at % BLOCK_BYTES;
      // A chain whose last block is full gets the next one only when a byte is there for it.
      if (within === 0 && at > 0 && (i > 0 || (columns.bits[slot] as number) % 8 === 0)) {
        block = this.#pool.extend(block);
        columns.lastBlock[slot] = block;
        page = this.#pool.pageOf(block);
        offset = this.#pool.offsetOf(block);
      }
      page[offset + within] = SCRATCH[i] as number;
      at += 1;
    }
    columns.bits[slot] = ((columns.bits[slot] as number) & ~7) + whole * 8 + this.#pendingBits;
  }

  #write(value: number, bits: number): void {
    let left = bits;
    while (left > 0) {
      const room = 8 - this.#pendingBits;
      const take = Math.min(left, room);
      left -= take;
      this.#pending = (this.#pending << take) | ((value >>> left) & ((1 << take) - 1));
      this.#pendingBits += take;
      if (this.#pendingBits === 8) {
        SCRATCH[this.#at++] = this.#pending;
        this.#pending = 0;
        this.#pendingBits = 0;
      }
    }
  }

  #writeDelta(change: number): void {
    if (change === 0) this.#write(0, 1);
    else if (change >= -0x2000 && change < 0x2000) {
      this.#write(0b10, 2);
      this.#write(change, 14);
    } else if (change >= -0x1_0000 && change < 0x1_0000) {
      this.#write(0b110, 3);
      this.#write(change, 17);
    } else if (change >= -0x8_0000 && change < 0x8_0000) {
      this.#write(0b1110, 4);
      this.#write(change, 20);
    } else {
      this.#write(0b1111, 4);
      FLOAT.setFloat64(0, change);
      this.#write(FLOAT.getUint32(0), 32);
      this.#write(FLOAT.getUint32(4), 32);
    }
  }

  #writeValue(slot: number, high: number, low: number): void {
    if (high === 0 && low === 0) {
      this.#write(0, 1);
      return;
    }
    const { columns } = this;
    const zeros = high === 0 ? 32 + Math.clz32(low) : Math.clz32(high);
    let leading = Math.min(31, zeros);
    let trailing = low === 0 ? 63 - Math.clz32(high & -high) : 31 - Math.clz32(low & -low);
    const hasWindow = columns.leading[slot] !== NO_WINDOW;
    if (hasWindow && leading >= (columns.leading[slot] as number) && trailing >= (columns.trailing[slot] as number)) {
      this.#write(0b10, 2);
      leading = columns.leading[slot] as number;
      trailing = columns.trailing[slot] as number;
    } else {
      columns.leading[slot] = leading;
      columns.trailing[slot] = trailing;
      this.#write(0b11, 2);
      this.#write(leading, 5);
      // 64 does not fit into six bits and 0 does not occur: it stands for 64.
      this.#write((64 - leading - trailing) & 63, 6);
    }
    const highBits = Math.min(32 - leading, 64 - leading - trailing);
    if (highBits > 0) this.#write(high >>> (trailing > 32 ? trailing - 32 : 0), highBits);
    // `leading` is 31 at most.
    const lowBits = 32 - trailing;
    if (lowBits > 0) this.#write(low >>> trailing, lowBits);
  }
}

/** An open chunk as a chunk of its own. */
export function toChunk({ count, firstMs, bytes }: OpenChunkState): Uint8Array {
  const chunk = new Uint8Array(CHUNK_HEADER_BYTES + bytes.length);
  writeChunkHeader(chunk, count, firstMs);
  chunk.set(bytes, CHUNK_HEADER_BYTES);
  return chunk;
}
