import { addHistograms, subtractHistograms } from '../histogram/combine-histograms.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import { compact, equalHistograms, scale } from '../histogram/native-histogram.js';
import { trimBuckets } from '../histogram/trim-buckets.js';
import type { BinaryOperator, TextRange } from '../syntax/ast.js';
import type { Notes } from './notes.js';

/** Operators on two numbers; a comparison answers 1 or 0. */
export const SCALAR_OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '^': power,
  atan2: Math.atan2,
  '==': (left, right) => (left === right ? 1 : 0),
  '!=': (left, right) => (left !== right ? 1 : 0),
  '<=': (left, right) => (left <= right ? 1 : 0),
  '<': (left, right) => (left < right ? 1 : 0),
  '>=': (left, right) => (left >= right ? 1 : 0),
  '>': (left, right) => (left > right ? 1 : 0),
};

export function isComparison(operator: BinaryOperator): boolean {
  return operator in COMPARISONS;
}

/** Operators that take buckets off a histogram; what is left is still what its name says. */
export function isTrim(operator: BinaryOperator): boolean {
  return operator === '</' || operator === '>/';
}

/** A sample: a number, or a histogram. */
export type SampleValue = number | NativeHistogram;

/** What an operator makes of two samples: of a comparison that holds its left side, `undefined` where there is no answer. */
export function operate(
  operator: BinaryOperator,
  left: SampleValue,
  right: SampleValue,
  notes: Notes,
  range: TextRange,
): SampleValue | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const apply = SCALAR_OPERATORS[operator];
    if (apply === undefined) return mismatch(operator, left, right, notes, range);
    const value = apply(left, right);
    return operator in COMPARISONS ? (value === 1 ? left : undefined) : value;
  }
  if (typeof left === 'number') {
    if (operator === '*' && typeof right !== 'number') return compact(scale(right, left));
    return mismatch(operator, left, right, notes, range);
  }
  if (typeof right === 'number') {
    switch (operator) {
      case '*':
        return compact(scale(left, right));
      case '/':
        return compact(divideHistogram(left, right));
      case '</':
        return trimBuckets(left, right, true);
      case '>/':
        return trimBuckets(left, right, false);
      default:
        return mismatch(operator, left, right, notes, range);
    }
  }
  return operateOnHistograms(operator, left, right, notes, range);
}

function operateOnHistograms(
  operator: BinaryOperator,
  left: NativeHistogram,
  right: NativeHistogram,
  notes: Notes,
  range: TextRange,
): NativeHistogram | undefined {
  if (operator === '==') return equalHistograms(left, right) ? left : undefined;
  if (operator === '!=') return equalHistograms(left, right) ? undefined : left;
  if (operator !== '+' && operator !== '-') return mismatch(operator, left, right, notes, range);
  const combined = operator === '+' ? addHistograms(left, right) : subtractHistograms(left, right);
  const name = operator === '+' ? 'addition' : 'subtraction';
  if (combined.resetCollision) notes.resetCollision(name, range);
  if (combined.reconciled) notes.boundsReconciled(name, range);
  if (combined.histogram === undefined) {
    notes.mixedSchemas('', range);
    return undefined;
  }
  const result = compact(combined.histogram);
  return operator === '+' ? result : { ...result, resetHint: 'gauge' };
}

/** Division by zero leaves no buckets. */
export function divideHistogram(histogram: NativeHistogram, by: number): NativeHistogram {
  const divided = {
    ...histogram,
    zeroCount: histogram.zeroCount / by,
    count: histogram.count / by,
    sum: histogram.sum / by,
    resetHint: by < 0 ? ('gauge' as const) : histogram.resetHint,
  };
  const side = ({ indexes, counts }: NativeHistogram['positive']) =>
    by === 0 ? { indexes: [], counts: [] } : { indexes, counts: counts.map((count) => count / by) };
  return { ...divided, positive: side(histogram.positive), negative: side(histogram.negative) };
}

function mismatch(
  operator: BinaryOperator,
  left: SampleValue,
  right: SampleValue,
  notes: Notes,
  range: TextRange,
): undefined {
  const kind = (value: SampleValue) => (typeof value === 'number' ? 'float' : 'histogram');
  notes.incompatibleTypes(kind(left), operator, kind(right), range);
  return undefined;
}

/** As IEEE 754 and Go have it: 1 to the power of anything is 1. */
function power(base: number, exponent: number): number {
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  return base ** exponent;
}

const COMPARISONS: Readonly<Record<string, true>> = {
  '==': true,
  '!=': true,
  '<=': true,
  '<': true,
  '>=': true,
  '>': true,
};
