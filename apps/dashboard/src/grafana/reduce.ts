type Value = number | string | null;

/** One value out of many, or `null` where there is none. */
export type Reducer = (values: readonly Value[]) => Value;

const numbers = (values: readonly Value[]): readonly number[] =>
  values.filter((value): value is number => typeof value === 'number' && !Number.isNaN(value));
const of =
  (reduce: (values: readonly number[]) => number): Reducer =>
  (values) => {
    const known = numbers(values);
    return known.length === 0 ? null : reduce(known);
  };
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
const variance = (values: readonly number[]) => {
  const middle = mean(values);
  return sum(values.map((value) => (value - middle) ** 2)) / values.length;
};
const quantile =
  (q: number) =>
  (values: readonly number[]): number => {
    const sorted = values.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? sorted[0] ?? 0;
  };
const isKnown = (value: Value) => value !== null && !(typeof value === 'number' && Number.isNaN(value));

const REDUCERS: Readonly<Record<string, { readonly name: string; readonly reduce: Reducer }>> = {
  lastNotNull: { name: 'Last', reduce: (values) => values.findLast(isKnown) ?? null },
  last: { name: 'Last', reduce: (values) => values.at(-1) ?? null },
  firstNotNull: { name: 'First', reduce: (values) => values.find(isKnown) ?? null },
  first: { name: 'First', reduce: (values) => values[0] ?? null },
  mean: { name: 'Mean', reduce: of(mean) },
  sum: { name: 'Total', reduce: of(sum) },
  min: { name: 'Min', reduce: of(least) },
  max: { name: 'Max', reduce: of(most) },
  range: { name: 'Range', reduce: of((values) => most(values) - least(values)) },
  diff: { name: 'Difference', reduce: of((values) => (values.at(-1) ?? 0) - (values[0] ?? 0)) },
  diffperc: {
    name: 'Difference %',
    reduce: of((values) => (((values.at(-1) ?? 0) - (values[0] ?? 0)) / (values[0] ?? 0)) * 100),
  },
  delta: {
    name: 'Delta',
    reduce: of((values) =>
      values.reduce((total, value, i) => {
        const before = values[i - 1];
        return before === undefined ? total : total + (value >= before ? value - before : value);
      }, 0),
    ),
  },
  count: { name: 'Count', reduce: (values) => values.filter(isKnown).length },
  distinctCount: { name: 'Distinct', reduce: (values) => new Set(values).size },
  variance: { name: 'Variance', reduce: of(variance) },
  stdDev: { name: 'StdDev', reduce: of((values) => Math.sqrt(variance(values))) },
  median: { name: 'Median', reduce: of(quantile(0.5)) },
};

/** The calculation of a name, percentiles such as `p95` too; `undefined` for one that is not known. */
export function reducerOf(calc: string): { readonly name: string; readonly reduce: Reducer } | undefined {
  if (Object.hasOwn(REDUCERS, calc)) return REDUCERS[calc];
  const percentile = /^p(\d{1,2})$/.exec(calc)?.[1];
  return percentile === undefined ? undefined : { name: calc, reduce: of(quantile(Number(percentile) / 100)) };
}
