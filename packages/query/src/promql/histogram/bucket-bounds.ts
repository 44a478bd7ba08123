/** The schema of buckets whose boundaries are listed. */
export const CUSTOM_SCHEMA = -53;

/**
 * The upper boundary of a bucket: `2^(index * 2^-schema)` of an exponential schema, the listed one of a custom schema. The
 * topmost bucket of numbers that are no infinity ends at the largest of them.
 */
export function bucketBound(index: number, schema: number, customBounds: readonly number[] | undefined): number {
  if (schema === CUSTOM_SCHEMA) {
    if (index < 0) return Number.NEGATIVE_INFINITY;
    return customBounds?.[index] ?? Number.POSITIVE_INFINITY;
  }
  const exponent = index * 2 ** -schema;
  if (exponent === 1024) return Number.MAX_VALUE;
  // The whole part and the fraction apart: each is exact, or as exact as can be.
  const whole = Math.floor(exponent);
  return scaleByPower(2 ** (exponent - whole), whole);
}

/** The index that a bucket has in a coarser schema. */
export function coarserIndex(index: number, fromSchema: number, toSchema: number): number {
  return fromSchema === toSchema ? index : ((index - 1) >> (fromSchema - toSchema)) + 1;
}

function scaleByPower(mantissa: number, exponent: number): number {
  // Two steps where one would leave the range of powers.
  if (exponent > 1023) return mantissa * 2 ** 1023 * 2 ** (exponent - 1023);
  if (exponent < -1022) return mantissa * 2 ** -1022 * 2 ** Math.max(exponent + 1022, -60);
  return mantissa * 2 ** exponent;
}
