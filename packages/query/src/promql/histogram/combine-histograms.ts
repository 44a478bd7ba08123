import { bucketBound, CUSTOM_SCHEMA, coarserIndex } from './bucket-bounds.js';
import type { Buckets, NativeHistogram, ResetHint } from './native-histogram.js';
import { compactBuckets, equalNumbers, NO_BUCKETS, usesCustomBounds } from './native-histogram.js';

/** What came of two histograms. */
export interface Combined {
  /** `undefined` where one has listed boundaries and the other has not: there is no answer. */
  readonly histogram: NativeHistogram | undefined;
  /** One says that its counter began anew, the other that its did not. */
  readonly resetCollision: boolean;
  /** Their listed boundaries differ: those that both have are left. */
  readonly reconciled: boolean;
}

export function addHistograms(a: NativeHistogram, b: NativeHistogram): Combined {
  return combine(a, b, 1);
}

export function subtractHistograms(a: NativeHistogram, b: NativeHistogram): Combined {
  return combine(a, b, -1);
}

function combine(a: NativeHistogram, b: NativeHistogram, sign: 1 | -1): Combined {
  if (usesCustomBounds(a) !== usesCustomBounds(b))
    return { histogram: undefined, resetCollision: false, reconciled: false };
  const { hint, collision } = combinedHint(a.resetHint, b.resetHint);
  const totals = { count: a.count + sign * b.count, sum: a.sum + sign * b.sum, resetHint: hint };
  if (usesCustomBounds(a)) {
    const aBounds = a.customBounds ?? [];
    const bBounds = b.customBounds ?? [];
    if (equalNumbers(aBounds, bBounds)) {
      const positive = mergeBuckets(a.positive, b.positive, sign);
      return { histogram: { ...a, ...totals, positive }, resetCollision: collision, reconciled: false };
    }
    const bounds = commonBounds(aBounds, bBounds);
    const positive = mergeBuckets(
      mapToBounds(a.positive, aBounds, bounds),
      mapToBounds(b.positive, bBounds, bounds),
      sign,
    );
    return {
      histogram: { ...a, ...totals, positive, customBounds: bounds },
      resetCollision: collision,
      reconciled: true,
    };
  }
  const [left, right] = withEqualZeroBuckets(a, b);
  const schema = Math.min(a.schema, b.schema);
  const inSchema = (histogram: NativeHistogram, side: 'positive' | 'negative') =>
    coarser(histogram[side], histogram.schema, schema);
  const histogram: NativeHistogram = {
    ...left,
    ...totals,
    schema,
    zeroCount: left.zeroCount + sign * right.zeroCount,
    positive: mergeBuckets(inSchema(left, 'positive'), inSchema(right, 'positive'), sign),
    negative: mergeBuckets(inSchema(left, 'negative'), inSchema(right, 'negative'), sign),
  };
  return { histogram, resetCollision: collision, reconciled: false };
}

function combinedHint(a: ResetHint, b: ResetHint): { hint: ResetHint; collision: boolean } {
  if (a === b) return { hint: a, collision: false };
  if (a === 'gauge' || b === 'gauge') return { hint: 'gauge', collision: false };
  return { hint: 'unknown', collision: a !== 'unknown' && b !== 'unknown' };
}

/** The histogram in a schema of fewer buckets. */
export function toSchema(histogram: NativeHistogram, schema: number): NativeHistogram {
  if (histogram.schema === schema || usesCustomBounds(histogram)) return histogram;
  return {
    ...histogram,
    schema,
    positive: coarser(histogram.positive, histogram.schema, schema),
    negative: coarser(histogram.negative, histogram.schema, schema),
  };
}

export function coarser(buckets: Buckets, fromSchema: number, toSchema: number): Buckets {
  if (fromSchema === toSchema) return buckets;
  const indexes: number[] = [];
  const counts: number[] = [];
  for (const [i, fine] of buckets.indexes.entries()) {
    const index = coarserIndex(fine, fromSchema, toSchema);
    const last = indexes.length - 1;
    if (indexes[last] === index) counts[last] = counts[last]! + buckets.counts[i]!;
    else {
      indexes.push(index);
      counts.push(buckets.counts[i]!);
    }
  }
  return { indexes, counts };
}

export function mergeBuckets(a: Buckets, b: Buckets, sign: 1 | -1): Buckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.indexes.length || j < b.indexes.length) {
    const left = a.indexes[i] ?? Number.POSITIVE_INFINITY;
    const right = b.indexes[j] ?? Number.POSITIVE_INFINITY;
    let count = 0;
    if (left <= right) count += a.counts[i++]!;
    if (right <= left) count += sign * b.counts[j++]!;
    indexes.push(Math.min(left, right));
    counts.push(count);
  }
  return { indexes, counts };
}

/** Both with the same zero bucket: the wider one, widened further where it would cut a populated bucket. */
function withEqualZeroBuckets(a: NativeHistogram, b: NativeHistogram): [NativeHistogram, NativeHistogram] {
  let left = a;
  let right = b;
  while (left.zeroThreshold !== right.zeroThreshold) {
    if (left.zeroThreshold > right.zeroThreshold) right = widenZeroBucket(right, left.zeroThreshold);
    else left = widenZeroBucket(left, right.zeroThreshold);
  }
  return [left, right];
}

/** With a zero bucket at least so wide; wider where the threshold lies within a populated bucket. */
export function widenZeroBucket(histogram: NativeHistogram, wanted: number): NativeHistogram {
  const { schema, positive, negative } = histogram;
  if (histogram.zeroThreshold >= wanted) return histogram;
  let threshold = wanted;
  for (let before = Number.NaN; before !== threshold; ) {
    before = threshold;
    for (const buckets of [positive, negative]) {
      for (const [i, index] of buckets.indexes.entries()) {
        if (buckets.counts[i] === 0) continue;
        const upper = bucketBound(index, schema, undefined);
        if (bucketBound(index - 1, schema, undefined) < threshold && upper > threshold) threshold = upper;
      }
    }
  }
  let { zeroCount } = histogram;
  const outside = (buckets: Buckets): Buckets => {
    const indexes: number[] = [];
    const counts: number[] = [];
    for (const [i, index] of buckets.indexes.entries()) {
      if (bucketBound(index - 1, schema, undefined) < threshold) zeroCount += buckets.counts[i]!;
      else {
        indexes.push(index);
        counts.push(buckets.counts[i]!);
      }
    }
    return { indexes, counts };
  };
  const left = { positive: outside(positive), negative: outside(negative) };
  return { ...histogram, ...left, zeroCount, zeroThreshold: threshold };
}

/** The boundaries that two lists share. */
export function commonBounds(a: readonly number[], b: readonly number[]): readonly number[] {
  const known = new Set(b);
  return a.filter((bound) => known.has(bound));
}

/** Buckets under boundaries of which `bounds` are left: each goes into the one that contains it. */
export function mapToBounds(buckets: Buckets, from: readonly number[], bounds: readonly number[]): Buckets {
  if (buckets.indexes.length === 0) return NO_BUCKETS;
  const indexes: number[] = [];
  const counts: number[] = [];
  let target = 0;
  for (const [i, index] of buckets.indexes.entries()) {
    const upper = from[index] ?? Number.POSITIVE_INFINITY;
    while (target < bounds.length && bounds[target]! < upper) target += 1;
    const last = indexes.length - 1;
    if (indexes[last] === target) counts[last] = counts[last]! + buckets.counts[i]!;
    else {
      indexes.push(target);
      counts.push(buckets.counts[i]!);
    }
  }
  return { indexes, counts };
}

/** Whether the counter behind `current` began anew after `previous`. */
export function detectReset(current: NativeHistogram, previous: NativeHistogram): boolean {
  if (current.resetHint === 'reset') return true;
  if (current.resetHint === 'not_reset') return false;
  if (current.count < previous.count) return true;
  if (current.schema === CUSTOM_SCHEMA) {
    if (previous.schema !== CUSTOM_SCHEMA) return true;
    const now = current.customBounds ?? [];
    const then = previous.customBounds ?? [];
    if (equalNumbers(now, then)) return anyLess(current.positive, previous.positive);
    const bounds = commonBounds(now, then);
    return anyLess(mapToBounds(current.positive, now, bounds), mapToBounds(previous.positive, then, bounds));
  }
  if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold) return true;
  const widened = widenZeroBucket(previous, current.zeroThreshold);
  if (widened.zeroThreshold !== current.zeroThreshold || current.zeroCount < widened.zeroCount) return true;
  const before = toSchema(widened, current.schema);
  return anyLess(current.positive, before.positive) || anyLess(current.negative, before.negative);
}

/** Whether a bucket counts less than it did. */
function anyLess(current: Buckets, previous: Buckets): boolean {
  const now = compactBuckets(current);
  const then = compactBuckets(previous);
  let at = 0;
  for (const [i, index] of then.indexes.entries()) {
    while (at < now.indexes.length && now.indexes[at]! < index) {
      if (now.counts[at]! < 0) return true;
      at += 1;
    }
    const count = now.indexes[at] === index ? now.counts[at]! : 0;
    if (count < then.counts[i]!) return true;
  }
  return false;
}
