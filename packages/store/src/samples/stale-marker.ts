import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';

/** The bits of Prometheus' marker of staleness. */
export const STALE_HIGH = 0x7ff0_0000;
export const STALE_LOW = 2;

/** Whether a value is a marker of staleness. */
export function staleOf(values: Float64Array): (i: number) => boolean {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  return (i) => words[i * 2 + HIGH_WORD] === STALE_HIGH && words[i * 2 + LOW_WORD] === STALE_LOW;
}

/** Puts a value into a column by its bits. */
export function setWords(values: Float64Array, i: number, high: number, low: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset + i * 8, 2);
  words[HIGH_WORD] = high;
  words[LOW_WORD] = low;
}
