import type { Buckets, NativeHistogram } from '@vedetta/query';

const HINTS = { unknown: 0, reset: 1, not_reset: 2, gauge: 3 } as const;

/** The message `Histogram` of remote write, in whole numbers where all counts are, else in fractions. */
export function encodeHistogram(timestampMs: number, histogram: NativeHistogram): Uint8Array {
  const { schema, zeroThreshold, zeroCount, count, sum, positive, negative, customBounds = [], resetHint } = histogram;
  const isWhole = [count, zeroCount, ...positive.counts, ...negative.counts].every(Number.isSafeInteger);
  return Buffer.concat([
    isWhole ? varintField(1, count) : doubleField(2, count),
    doubleField(3, sum),
    varintField(4, zigzag(schema)),
    doubleField(5, zeroThreshold),
    isWhole ? varintField(6, zeroCount) : doubleField(7, zeroCount),
    ...buckets(8, negative, isWhole),
    ...buckets(11, positive, isWhole),
    varintField(14, HINTS[resetHint]),
    varintField(15, timestampMs),
    bytesField(16, doubles(customBounds)),
  ]);
}

/** The end of histograms: one whose sum is the marker of staleness. */
export function encodeHistogramEnd(timestampMs: number): Uint8Array {
  const sum = Uint8Array.of(2, 0, 0, 0, 0, 0, 0xf0, 0x7f);
  return Buffer.concat([varintField(1, 0), varint(3 * 8 + 1), sum, varintField(15, timestampMs)]);
}

/** Spans, then whole numbers as steps or fractions as they are, in the three fields from `first` on. */
function buckets(first: number, { indexes, counts }: Buckets, isWhole: boolean): Uint8Array[] {
  const fields: Uint8Array[] = [];
  for (let from = 0, to = 0; from < indexes.length; from = to) {
    do to += 1;
    while (indexes[to] === (indexes[to - 1] as number) + 1);
    const offset = (indexes[from] as number) - (from === 0 ? 0 : (indexes[from - 1] as number) + 1);
    fields.push(bytesField(first, Buffer.concat([varintField(1, zigzag(offset)), varintField(2, to - from)])));
  }
  const steps = counts.map((count, i) => varint(zigzag(count - (counts[i - 1] ?? 0))));
  fields.push(isWhole ? bytesField(first + 1, Buffer.concat(steps)) : bytesField(first + 2, doubles(counts)));
  return fields;
}

function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

function doubles(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

function doubleField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number * 8 + 1), doubles([value])]);
}

function varintField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? bytes : Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Uint8Array.of(...bytes, rest);
}
