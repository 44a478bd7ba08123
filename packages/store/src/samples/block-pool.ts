/** Bytes of a block: three or four hold what is open of a usual series. */
export const BLOCK_BYTES = 64;
/** Blocks of a page: 1 MiB. */
const PAGE_BLOCKS = 1 << 14;
const PAGE_SHIFT = 14;
const NONE = -1;

/**
 * Memory for very many short runs of bytes that grow: each is a chain of small blocks. A buffer a run would cost more than what
 * is in it, and the garbage collector would look at each.
 */
export class BlockPool {
  readonly #pages: Uint8Array[] = [];
  /** For each block the one behind it in its chain, or in the list of free ones. */
  #next = new Int32Array(0);
  #free = NONE;
  #used = 0;

  /** Blocks in use. */
  get used(): number {
    return this.#used;
  }

  /** A block that ends its chain. */
  take(): number {
    if (this.#free === NONE) this.#grow();
    const block = this.#free;
    this.#free = this.#next[block] as number;
    this.#next[block] = NONE;
    this.#used += 1;
    return block;
  }

  /** A new block behind the last of a chain. */
  extend(last: number): number {
    const block = this.take();
    this.#next[last] = block;
    return block;
  }

  /** Gives a chain back, from its first block on. */
  release(first: number): void {
    for (let block = first; block !== NONE; ) {
      const next = this.#next[block] as number;
      this.#next[block] = this.#free;
      this.#free = block;
      this.#used -= 1;
      block = next;
    }
  }

  pageOf(block: number): Uint8Array {
    return this.#pages[block >>> PAGE_SHIFT] as Uint8Array;
  }

  /** Where in its page a block begins. */
  offsetOf(block: number): number {
    return (block & (PAGE_BLOCKS - 1)) * BLOCK_BYTES;
  }

  /** Copies the first bytes of a chain. */
  copy(first: number, length: number, to: Uint8Array, at: number): void {
    let block = first;
    for (let done = 0; done < length; done += BLOCK_BYTES) {
      const from = this.offsetOf(block);
      to.set(this.pageOf(block).subarray(from, from + Math.min(BLOCK_BYTES, length - done)), at + done);
      block = this.#next[block] as number;
    }
  }

  /** A chain with the given bytes. */
  fill(bytes: Uint8Array): { readonly first: number; readonly last: number } {
    const first = this.take();
    let last = first;
    for (let done = 0; done < bytes.length; done += BLOCK_BYTES) {
      if (done > 0) last = this.extend(last);
      this.pageOf(last).set(bytes.subarray(done, done + BLOCK_BYTES), this.offsetOf(last));
    }
    return { first, last };
  }

  #grow(): void {
    const from = this.#pages.length * PAGE_BLOCKS;
    this.#pages.push(new Uint8Array(PAGE_BLOCKS * BLOCK_BYTES));
    if (this.#next.length < from + PAGE_BLOCKS) {
      const next = new Int32Array(Math.max(from + PAGE_BLOCKS, this.#next.length * 2));
      next.set(this.#next);
      this.#next = next;
    }
    for (let block = from; block < from + PAGE_BLOCKS; block += 1) this.#next[block] = block + 1;
    this.#next[from + PAGE_BLOCKS - 1] = this.#free;
    this.#free = from;
  }
}
