import type { NativeHistogram } from './histogram/native-histogram.js';
import type { LabelPairs } from './labels/label-set.js';
import type { LabelMatcher } from './labels/matcher.js';

/**
 * Where the engine reads samples. Stores answer column by column; nothing here knows SQL or files, so that the engine runs
 * wherever columns can be had, in a browser too.
 */
export interface SampleReader {
  /**
   * Samples of all series that every matcher lets pass, with a time from `fromMs` to `toMs`, both inclusive. Series without
   * any may be left out. More than the limits allow is refused, not cut.
   */
  select(
    matchers: readonly LabelMatcher[],
    range: { readonly fromMs: number; readonly toMs: number },
    limits: SelectLimits,
    hints: SelectHints,
  ): Promise<SelectOutcome>;
}

/** Samples of one series in the order of time. */
export interface SampleSeries {
  /** Sorted by name, unique, without empty values. The same object for the same series saves work. */
  readonly labels: LabelPairs;
  /** Milliseconds since the epoch, strictly ascending. */
  readonly timestampsMs: Float64Array;
  /** Bit for bit: a marker of staleness is a NaN of its own bits. Where there is a histogram the value is not looked at. */
  readonly values: Float64Array;
  /** Native histograms, where the series has any: as long as `timestampsMs`, `undefined` where the sample is a number. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  /** When each sample's counter began, 0 where nobody knows; experimental. */
  readonly startTimestampsMs?: Float64Array;
}

/** How much may be read. */
export interface SelectLimits {
  readonly maxSeries: number;
  readonly maxSamples: number;
  readonly signal?: AbortSignal;
}

/** What the samples are for; a store may answer from coarser ones. */
export interface SelectHints {
  /** 0 for a query at one time. */
  readonly stepMs: number;
  /** Of a range selector, else 0. */
  readonly rangeMs: number;
  /** The function or aggregation around the selector, `''` where there is none. */
  readonly functionName: string;
  /**
   * The only times that are asked about, in whole milliseconds: at each the newest sample there is, or, where `rangeMs` is not 0, those
   * from so long before it on. A store may leave out all others. Absent where more is looked at.
   */
  readonly times?: { readonly firstMs: number; readonly stepMs: number; readonly count: number };
}

export type SelectOutcome =
  | { readonly kind: 'series'; readonly series: readonly SampleSeries[] }
  | { readonly kind: 'too_large'; readonly message: string };

/** The bits of the marker that ends a series: Prometheus' `StaleNaN`, 0x7ff0000000000002. */
const STALE_HIGH = 0x7ff00000;
const STALE_LOW = 0x00000002;
/** Where the words of a float64 are in a Uint32Array over it: it depends on the machine's byte order. */
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/** Writes a marker of staleness. A number cannot carry it reliably: engines may change the bits of a NaN. */
export function setStale(values: Float64Array, index: number): void {
  const words = new Uint32Array(values.buffer, values.byteOffset + index * 8, 2);
  words[HIGH_WORD] = STALE_HIGH;
  words[1 - HIGH_WORD] = STALE_LOW;
}

/** Which samples are markers of staleness, 1 each; `undefined` when none is. */
export function findStale(values: Float64Array): Uint8Array | undefined {
  let stale: Uint8Array | undefined;
  let words: Uint32Array | undefined;
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isNaN(values[i]!)) continue;
    words ??= new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
    if (words[i * 2 + HIGH_WORD] === STALE_HIGH && words[i * 2 + 1 - HIGH_WORD] === STALE_LOW) {
      stale ??= new Uint8Array(values.length);
      stale[i] = 1;
    }
  }
  return stale;
}
