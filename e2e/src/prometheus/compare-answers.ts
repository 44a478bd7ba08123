/** What a server answered to a question of the HTTP API. */
export interface Answer {
  readonly httpStatus: number;
  readonly status: 'success' | 'error';
  readonly errorType?: string;
  readonly error?: string;
  readonly data?: {
    readonly resultType: 'scalar' | 'string' | 'vector' | 'matrix';
    readonly result: readonly ResultItem[] | readonly [time: number, value: string];
  };
}

type Point = readonly [time: number, value: string];
type HistogramPoint = readonly [time: number, histogram: HistogramJson];

interface HistogramJson {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [rule: number, from: string, to: string, count: string])[];
}

/** One series of an answer. */
export interface ResultItem {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
  readonly histogram?: HistogramPoint;
  readonly histograms?: readonly HistogramPoint[];
}

const TOLERANCE = 1e-6;

/**
 * How two answers differ, in a sentence; `undefined` when they are the same: the same series with samples at the same times,
 * values within 1e-6 of each other, errors of the same kind. The texts of errors are not compared. `ordered` compares the
 * order of values too; of equal ones any may come first.
 */
export function compareAnswers(expected: Answer, actual: Answer, ordered: boolean): string | undefined {
  if (expected.status !== actual.status) return `${describeAnswer(expected)}, but here ${describeAnswer(actual)}`;
  if (expected.status === 'error') {
    if (expected.httpStatus === actual.httpStatus && expected.errorType === actual.errorType) return undefined;
    return `${describeAnswer(expected)}, but here ${describeAnswer(actual)}`;
  }
  const [want, have] = [expected.data, actual.data];
  if (want === undefined || have === undefined) return 'there is no data';
  if (want.resultType !== have.resultType) return `${want.resultType}, but here ${have.resultType}`;
  if (want.resultType === 'scalar' || want.resultType === 'string') {
    return comparePoint(want.result as unknown as Point, have.result as unknown as Point, want.resultType === 'string');
  }
  return compareSeries(want.result as readonly ResultItem[], have.result as readonly ResultItem[], ordered);
}

function describeAnswer({ status, httpStatus, errorType, error, data }: Answer): string {
  if (status === 'error') return `error ${httpStatus} ${errorType} (${error})`;
  return `${data?.result.length} results`;
}

function compareSeries(
  expected: readonly ResultItem[],
  actual: readonly ResultItem[],
  ordered: boolean,
): string | undefined {
  const [want, have] = [expected.map(keyOf), actual.map(keyOf)];
  const byKey = new Map(actual.map((item, i) => [have[i], item]));
  if (byKey.size !== actual.length) return 'a series is there twice';
  const missing = want.filter((key) => !byKey.has(key));
  const known = new Set(want);
  const added = have.filter((key) => !known.has(key));
  if (missing.length + added.length > 0) {
    return `${missing.length} of ${want.length} series are missing (${missing[0] ?? ''}), ${added.length} are too many (${added[0] ?? ''})`;
  }
  if (ordered) {
    const values = [expected, actual].map((items) => items.map(({ value }) => value?.[1]?.replace(/^-0$/, '0')));
    const at = values[0]?.findIndex((value, i) => value !== values[1]?.[i]) ?? -1;
    if (at >= 0) return `value ${at} is ${values[0]?.[at]}, but here ${values[1]?.[at]}`;
  }
  for (const [i, item] of expected.entries()) {
    const other = byKey.get(want[i] ?? '');
    const difference =
      other === undefined
        ? 'missing'
        : (comparePoints(pointsOf(item), pointsOf(other)) ?? comparePoints(numbersOf(item), numbersOf(other)));
    if (difference !== undefined) return `${want[i]}: ${difference}`;
  }
  return undefined;
}

function comparePoints(expected: readonly Point[], actual: readonly Point[]): string | undefined {
  for (const [i, point] of expected.entries()) {
    const other = actual[i];
    const difference = other === undefined ? `nothing at ${point[0]}` : comparePoint(point, other, false);
    if (difference !== undefined) return difference;
  }
  return actual.length > expected.length
    ? `${actual.length} samples instead of ${expected.length}, at ${actual.at(-1)?.[0]}`
    : undefined;
}

function comparePoint(expected: Point, actual: Point, isText: boolean): string | undefined {
  const same = isText ? expected[1] === actual[1] : isNear(Number(toNumber(expected[1])), Number(toNumber(actual[1])));
  if (expected[0] === actual[0] && same) return undefined;
  return `${expected[1]} at ${expected[0]}, but here ${actual[1]} at ${actual[0]}`;
}

function toNumber(text: string): string {
  return text.replace('Inf', 'Infinity');
}

/** The same, or so close that only rounding differs. */
function isNear(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (Number.isNaN(a) || Number.isNaN(b)) return false;
  return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function pointsOf({ value, values }: ResultItem): readonly Point[] {
  return values ?? (value === undefined ? [] : [value]);
}

/** The numbers of native histograms, one point each, so that they are compared as others are. */
function numbersOf({ histogram, histograms }: ResultItem): readonly Point[] {
  const all = histograms ?? (histogram === undefined ? [] : [histogram]);
  return all.flatMap(([time, { count, sum, buckets = [] }]) =>
    [count, sum, ...buckets.flat().map(String)].map((text): Point => [time, text]),
  );
}

function keyOf({ metric }: ResultItem): string {
  return JSON.stringify(Object.entries(metric).sort(([a], [b]) => (a < b ? -1 : 1)));
}
