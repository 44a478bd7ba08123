import type { LogRecord } from './log-record.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';

/** Rows of a block: 320 KiB in the log. */
const ROWS = 16_384;
/** Blocks kept for use again; more are made when writes gather faster. */
const MAX_SPARE = 16;

/** Samples on their way to the log, in columns that are written as they are. */
interface RowBlock {
  readonly seriesIds: Uint32Array;
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
  /** The same bytes as `values`. */
  readonly words: Uint32Array;
  rows: number;
}

/** Gathers the samples of many writes. */
export class RowBlocks {
  readonly #spare: RowBlock[] = [];
  #blocks: RowBlock[] = [];
  #last: RowBlock | undefined;
  #rows = 0;

  /** Samples that wait. */
  get rows(): number {
    return this.#rows;
  }

  push(seriesId: number, timestampMs: number, high: number, low: number): void {
    let block = this.#last;
    if (block === undefined || block.rows === ROWS) block = this.#next();
    const { rows } = block;
    block.seriesIds[rows] = seriesId;
    block.timestampsMs[rows] = timestampMs;
    block.words[rows * 2 + HIGH_WORD] = high;
    block.words[rows * 2 + LOW_WORD] = low;
    block.rows = rows + 1;
    this.#rows += 1;
  }

  /** All that waits, as records; `done` is to be called when they are written, their memory is used again then. */
  take(): { readonly records: readonly LogRecord[]; readonly rows: number; done(): void } {
    const blocks = this.#blocks;
    const rows = this.#rows;
    this.#blocks = [];
    this.#last = undefined;
    this.#rows = 0;
    return {
      rows,
      records: blocks.map((block) => ({
        kind: 'samples',
        seriesIds: block.seriesIds.subarray(0, block.rows),
        timestampsMs: block.timestampsMs.subarray(0, block.rows),
        values: block.values.subarray(0, block.rows),
      })),
      done: () => {
        for (const block of blocks) {
          block.rows = 0;
          if (this.#spare.length < MAX_SPARE) this.#spare.push(block);
        }
      },
    };
  }

  #next(): RowBlock {
    const block = this.#spare.pop() ?? createBlock();
    this.#blocks.push(block);
    this.#last = block;
    return block;
  }
}

function createBlock(): RowBlock {
  const values = new Float64Array(ROWS);
  return {
    seriesIds: new Uint32Array(ROWS),
    timestampsMs: new Float64Array(ROWS),
    values,
    words: new Uint32Array(values.buffer),
    rows: 0,
  };
}
