import type { NativeHistogram } from '@vedetta/model';
import { HistogramRows } from './histograms/histogram-rows.js';
import type { LogRecord } from './log-record.js';
import { SAMPLE_LOG_BYTES } from './log-record.js';
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
  /** Where in the last block the next record begins. */
  #from = 0;
  readonly #histograms = new HistogramRows();
  #records: LogRecord[] = [];
  #bytes = 0;

  /** What waits, in bytes of the log. */
  get bytes(): number {
    return this.#bytes;
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
    this.#bytes += SAMPLE_LOG_BYTES;
  }

  /** A native histogram; `undefined` is a marker of staleness. */
  pushHistogram(seriesId: number, timestampMs: number, histogram: NativeHistogram | undefined): void {
    if (this.#histograms.isFull) this.#endHistograms();
    const before = this.#histograms.length;
    this.#histograms.push(seriesId, timestampMs, histogram);
    this.#bytes += this.#histograms.length - before;
  }

  /**
   * What comes after stands behind what came before in the log. Otherwise numbers and histograms are in no order, which is of no
   * account as long as a series has one of the two.
   */
  seal(): void {
    this.#endBlock();
    this.#endHistograms();
  }

  /** All that waits, as records; `done` is to be called when they are written, their memory is used again then. */
  take(): { readonly records: readonly LogRecord[]; readonly bytes: number; done(): void } {
    this.seal();
    const [blocks, records, bytes] = [this.#blocks, this.#records, this.#bytes];
    this.#blocks = [];
    this.#records = [];
    this.#last = undefined;
    this.#from = 0;
    this.#bytes = 0;
    return {
      bytes,
      records,
      done: () => {
        for (const block of blocks) {
          block.rows = 0;
          if (this.#spare.length < MAX_SPARE) this.#spare.push(block);
        }
      },
    };
  }

  #next(): RowBlock {
    this.#endBlock();
    const block = this.#spare.pop() ?? createBlock();
    this.#blocks.push(block);
    this.#last = block;
    this.#from = 0;
    return block;
  }

  #endBlock(): void {
    const [block, from] = [this.#last, this.#from];
    if (block === undefined || block.rows === from) return;
    this.#from = block.rows;
    this.#records.push({
      kind: 'samples',
      seriesIds: block.seriesIds.subarray(from, block.rows),
      timestampsMs: block.timestampsMs.subarray(from, block.rows),
      values: block.values.subarray(from, block.rows),
    });
  }

  #endHistograms(): void {
    if (this.#histograms.length > 0) this.#records.push({ kind: 'histograms', rows: this.#histograms.take() });
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
