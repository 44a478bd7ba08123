import type { HistogramBuckets, HistogramResetHint, NativeHistogram } from '@vedetta/model';
import { CUSTOM_BUCKETS_SCHEMA, MAX_EXPONENTIAL_SCHEMA } from '@vedetta/model';
import { InvalidBody } from '../otlp/decode-result.js';
import type { WireReader } from '../otlp/wire-reader.js';

/** What a histogram of remote write is. */
export type ReadHistogram =
  | { readonly kind: 'histogram'; readonly timeMs: number; readonly histogram: NativeHistogram }
  /** Its sum is the marker that ends a series. */
  | { readonly kind: 'stale'; readonly timeMs: number }
  /** It can never be stored. */
  | { readonly kind: 'refused'; readonly reason: string };

const HINTS: readonly HistogramResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];
const NO_BUCKETS: HistogramBuckets = { indexes: [], counts: [] };
/** Reserved for exponential schemas that are finer than those in use: they are made coarser, as Prometheus does. */
const MAX_RESERVED_SCHEMA = 52;
/** The bits of the marker that ends a series. */
const STALE_HIGH = 0x7ff0_0000;
const STALE_LOW = 2;

/** Buckets of one sign as they stand on the wire. */
interface WireBuckets {
  /** Gap before a run of buckets and its length, in turn. */
  readonly spans: number[];
  /** Of an integer histogram, each after the one before. */
  readonly deltas: number[];
  /** Of a float histogram. */
  readonly counts: number[];
}

/**
 * Reads a `Histogram` of remote write, which is the same in 1.0 and 2.0. Checks what only the wire's form can tell; the rest is
 * checked where it is stored. Throws `InvalidBody` for what is no such message.
 */
export function readHistogram(reader: WireReader, limit: number): ReadHistogram {
  const positive: WireBuckets = { spans: [], deltas: [], counts: [] };
  const negative: WireBuckets = { spans: [], deltas: [], counts: [] };
  const customBounds: number[] = [];
  let [count, zeroCount, sum, schema, zeroThreshold, hint, timeMs] = [0, 0, 0, 0, 0, 0, 0];
  let [isFloat, isStale] = [false, false];
  while (reader.pos < limit) {
    const tag = reader.tag();
    const isPositive = tag > 88;
    switch (tag) {
      case 8:
        count = reader.varint();
        break;
      case 17:
        count = reader.double();
        isFloat = true;
        break;
      case 25:
        sum = reader.double();
        isStale =
          reader.view.getUint32(reader.pos - 4, true) === STALE_HIGH &&
          reader.view.getUint32(reader.pos - 8, true) === STALE_LOW;
        break;
      case 32:
        schema = zigzag(reader.varint());
        break;
      case 41:
        zeroThreshold = reader.double();
        break;
      case 48:
        zeroCount = reader.varint();
        break;
      case 57:
        zeroCount = reader.double();
        break;
      case 66:
      case 90:
        readSpan(reader, reader.end(limit), (isPositive ? positive : negative).spans);
        break;
      case 72:
      case 96:
        (isPositive ? positive : negative).deltas.push(zigzag(reader.varint()));
        break;
      case 74:
      case 98: {
        const { deltas } = isPositive ? positive : negative;
        for (const end = reader.end(limit); reader.pos < end; ) deltas.push(zigzag(reader.varint()));
        break;
      }
      case 81:
      case 105:
        (isPositive ? positive : negative).counts.push(reader.double());
        break;
      case 82:
      case 106:
        readDoubles(reader, reader.end(limit), (isPositive ? positive : negative).counts);
        break;
      case 112:
        hint = reader.varint();
        break;
      case 120:
        timeMs = Number(reader.int64());
        break;
      case 129:
        customBounds.push(reader.double());
        break;
      case 130:
        readDoubles(reader, reader.end(limit), customBounds);
        break;
      default:
        reader.skip(tag, limit);
    }
  }
  if (reader.pos > limit) throw new InvalidBody('a histogram is cut short');
  if (isStale) return { kind: 'stale', timeMs };
  const sides = [toBuckets(positive, isFloat), toBuckets(negative, isFloat)] as const;
  for (const side of sides) if (typeof side === 'string') return { kind: 'refused', reason: side };
  const histogram: NativeHistogram = {
    schema,
    zeroThreshold,
    zeroCount,
    count,
    sum,
    positive: sides[0] as HistogramBuckets,
    negative: sides[1] as HistogramBuckets,
    customBounds: schema === CUSTOM_BUCKETS_SCHEMA || customBounds.length > 0 ? customBounds : undefined,
    resetHint: HINTS[hint] ?? 'unknown',
  };
  const reason = isFloat ? '' : problemOfCounts(histogram);
  return reason === '' ? { kind: 'histogram', timeMs, histogram: inUse(histogram) } : { kind: 'refused', reason };
}

function readSpan(reader: WireReader, end: number, spans: number[]): void {
  let [offset, length] = [0, 0];
  while (reader.pos < end) {
    const tag = reader.tag();
    if (tag === 8) offset = zigzag(reader.varint());
    else if (tag === 16) length = reader.varint();
    else reader.skip(tag, end);
  }
  if (reader.pos !== end) throw new InvalidBody('a histogram is cut short');
  spans.push(offset, length);
}

function readDoubles(reader: WireReader, end: number, into: number[]): void {
  while (reader.pos < end) into.push(reader.double());
  if (reader.pos !== end) throw new InvalidBody('a histogram is cut short');
}

function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** A sentence where they are none. The lengths of all spans are checked first: no more memory is taken than was sent. */
function toBuckets({ spans, deltas, counts }: WireBuckets, isFloat: boolean): HistogramBuckets | string {
  const given = isFloat ? counts : deltas;
  let total = 0;
  for (let i = 0; i < spans.length; i += 2) {
    if (i > 0 && (spans[i] as number) < 0) return 'a histogram has spans that overlap';
    total += spans[i + 1] as number;
  }
  if (total !== given.length) return `a histogram has spans for ${total} buckets and ${given.length} counts`;
  if (total === 0) return NO_BUCKETS;
  const indexes: number[] = [];
  let index = 0;
  for (let i = 0; i < spans.length; i += 2) {
    index += spans[i] as number;
    for (let left = spans[i + 1] as number; left > 0; left -= 1) indexes.push(index++);
  }
  if (isFloat) return { indexes, counts };
  let count = 0;
  return { indexes, counts: deltas.map((delta) => (count += delta)) };
}

/** Of integer histograms, whose counts add up exactly. */
function problemOfCounts({ count, zeroCount, sum, positive, negative }: NativeHistogram): string {
  let total = zeroCount;
  let isExact = Number.isSafeInteger(count) && Number.isSafeInteger(zeroCount);
  for (const { counts } of [positive, negative]) {
    for (const each of counts) {
      isExact &&= Number.isSafeInteger(each);
      total += each;
    }
  }
  if (!isExact) return 'a histogram counts more than 2^53 observations';
  // An observation that is NaN is counted, and in no bucket.
  if (total === count || (Number.isNaN(sum) && total < count)) return '';
  return `the buckets of a histogram hold ${total} observations, its count is ${count}`;
}

/** In the finest schema that is in use. */
function inUse(histogram: NativeHistogram): NativeHistogram {
  const { schema } = histogram;
  if (!(schema > MAX_EXPONENTIAL_SCHEMA && schema <= MAX_RESERVED_SCHEMA)) return histogram;
  const steps = schema - MAX_EXPONENTIAL_SCHEMA;
  return {
    ...histogram,
    schema: MAX_EXPONENTIAL_SCHEMA,
    positive: coarser(histogram.positive, steps),
    negative: coarser(histogram.negative, steps),
  };
}

function coarser({ indexes, counts }: HistogramBuckets, steps: number): HistogramBuckets {
  const merged = { indexes: [] as number[], counts: [] as number[] };
  for (const [i, fine] of indexes.entries()) {
    const index = Math.floor((fine - 1) / 2 ** steps) + 1;
    const last = merged.indexes.length - 1;
    if (merged.indexes[last] === index) merged.counts[last] = (merged.counts[last] as number) + (counts[i] as number);
    else {
      merged.indexes.push(index);
      merged.counts.push(counts[i] as number);
    }
  }
  return merged;
}
