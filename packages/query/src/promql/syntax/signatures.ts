import type { ValueType } from './ast.js';

/** What a function takes and gives. */
export interface Signature {
  readonly args: readonly ValueType[];
  /** How many of the last arguments may be left out. */
  readonly optional: number;
  /** How often the last argument may come again. */
  readonly repeated: number;
  readonly returns: ValueType;
  /** Prometheus hides it behind a flag. */
  readonly experimental: boolean;
}

const V = 'vector';
const M = 'matrix';
const S = 'scalar';
const T = 'string';

interface Extras {
  readonly optional?: number;
  readonly repeated?: number;
  readonly returns?: ValueType;
  readonly experimental?: boolean;
}

function signature(args: readonly ValueType[], extras: Extras = {}): Signature {
  return { args, optional: 0, repeated: 0, returns: V, experimental: false, ...extras };
}

const experimental = true;
const overVector = signature([V]);
const overRange = signature([M]);
const ofTime = signature([V], { optional: 1 });
const newOverRange = signature([M], { experimental });
const ofQuery = signature([], { returns: S, experimental });

/** Every function of the language. */
export const SIGNATURES = {
  abs: overVector,
  absent: overVector,
  absent_over_time: overRange,
  acos: overVector,
  acosh: overVector,
  asin: overVector,
  asinh: overVector,
  atan: overVector,
  atanh: overVector,
  avg_over_time: overRange,
  ceil: overVector,
  changes: overRange,
  clamp: signature([V, S, S]),
  clamp_max: signature([V, S]),
  clamp_min: signature([V, S]),
  cos: overVector,
  cosh: overVector,
  count_over_time: overRange,
  day_of_month: ofTime,
  day_of_week: ofTime,
  day_of_year: ofTime,
  days_in_month: ofTime,
  deg: overVector,
  delta: overRange,
  deriv: overRange,
  double_exponential_smoothing: signature([M, S, S], { experimental }),
  end: ofQuery,
  exp: overVector,
  first_over_time: overRange,
  floor: overVector,
  histogram_avg: overVector,
  histogram_count: overVector,
  histogram_fraction: signature([S, S, V]),
  histogram_quantile: signature([S, V]),
  histogram_quantiles: signature([V, T, S], { repeated: 9, experimental }),
  histogram_stddev: overVector,
  histogram_stdvar: overVector,
  histogram_sum: overVector,
  hour: ofTime,
  idelta: overRange,
  increase: overRange,
  info: signature([V, V], { optional: 1, experimental }),
  irate: overRange,
  label_join: signature([V, T, T, T], { optional: 1, repeated: Number.POSITIVE_INFINITY }),
  label_replace: signature([V, T, T, T, T]),
  last_over_time: overRange,
  ln: overVector,
  log10: overVector,
  log2: overVector,
  mad_over_time: newOverRange,
  max_of: signature([S, S], { returns: S, experimental }),
  max_over_time: overRange,
  min_of: signature([S, S], { returns: S, experimental }),
  min_over_time: overRange,
  minute: ofTime,
  month: ofTime,
  pi: signature([], { returns: S }),
  predict_linear: signature([M, S]),
  present_over_time: overRange,
  quantile_over_time: signature([S, M]),
  rad: overVector,
  range: ofQuery,
  rate: overRange,
  resets: overRange,
  round: signature([V, S], { optional: 1 }),
  scalar: signature([V], { returns: S }),
  sgn: overVector,
  sin: overVector,
  sinh: overVector,
  sort: overVector,
  sort_by_label: signature([V, T], { optional: 1, repeated: Number.POSITIVE_INFINITY, experimental }),
  sort_by_label_desc: signature([V, T], { optional: 1, repeated: Number.POSITIVE_INFINITY, experimental }),
  sort_desc: overVector,
  sqrt: overVector,
  start: ofQuery,
  start_timestamp: signature([V], { experimental }),
  stddev_over_time: overRange,
  stdvar_over_time: overRange,
  step: ofQuery,
  sum_over_time: overRange,
  tan: overVector,
  tanh: overVector,
  time: signature([], { returns: S }),
  timestamp: overVector,
  ts_of_first_over_time: newOverRange,
  ts_of_last_over_time: newOverRange,
  ts_of_max_over_time: newOverRange,
  ts_of_min_over_time: newOverRange,
  vector: signature([S]),
  year: ofTime,
} as const satisfies Readonly<Record<string, Signature>>;

export type FunctionName = keyof typeof SIGNATURES;

export function signatureOf(name: string): Signature | undefined {
  return Object.hasOwn(SIGNATURES, name) ? SIGNATURES[name as FunctionName] : undefined;
}
