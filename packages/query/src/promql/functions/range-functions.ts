import * as changes from './changes.js';
import * as overTime from './over-time.js';
import type { RangeFunction } from './range-window.js';
import * as rates from './rate.js';
import * as trend from './trend.js';

interface RangeFunctionEntry {
  readonly apply: RangeFunction;
  /** The samples are still what the name says. */
  readonly keepsName?: boolean;
}

/** Functions of one range, by name. */
export const RANGE_FUNCTIONS: Readonly<Record<string, RangeFunctionEntry>> = {
  avg_over_time: { apply: overTime.avgOverTime },
  changes: { apply: changes.changes },
  count_over_time: { apply: overTime.countOverTime },
  delta: { apply: rates.delta },
  deriv: { apply: trend.deriv },
  double_exponential_smoothing: { apply: trend.doubleExponentialSmoothing },
  first_over_time: { apply: overTime.firstOverTime, keepsName: true },
  idelta: { apply: rates.idelta },
  increase: { apply: rates.increase },
  irate: { apply: rates.irate },
  last_over_time: { apply: overTime.lastOverTime, keepsName: true },
  mad_over_time: { apply: overTime.madOverTime },
  max_over_time: { apply: overTime.maxOverTime },
  min_over_time: { apply: overTime.minOverTime },
  predict_linear: { apply: trend.predictLinear },
  present_over_time: { apply: overTime.presentOverTime },
  quantile_over_time: { apply: overTime.quantileOverTime },
  rate: { apply: rates.rate },
  resets: { apply: changes.resets },
  stddev_over_time: { apply: overTime.stddevOverTime },
  stdvar_over_time: { apply: overTime.stdvarOverTime },
  sum_over_time: { apply: overTime.sumOverTime },
  ts_of_first_over_time: { apply: overTime.tsOfFirstOverTime },
  ts_of_last_over_time: { apply: overTime.tsOfLastOverTime },
  ts_of_max_over_time: { apply: overTime.tsOfMaxOverTime },
  ts_of_min_over_time: { apply: overTime.tsOfMinOverTime },
};
