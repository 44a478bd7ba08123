import type { FieldConfig } from '../../grafana/model.js';

/** Grafana's units in the words of the chart of time series, with what values are multiplied by first. */
const UNITS: Readonly<Record<string, readonly [unit: string, factor: number]>> = {
  none: ['short', 1],
  short: ['short', 1],
  s: ['seconds', 1],
  ms: ['ms', 1],
  µs: ['seconds', 1e-6],
  us: ['seconds', 1e-6],
  ns: ['seconds', 1e-9],
  m: ['seconds', 60],
  h: ['seconds', 3600],
  d: ['seconds', 86_400],
  dtdurations: ['seconds', 1],
  percent: ['percent', 1],
  percentunit: ['percentunit', 1],
  bytes: ['bytes', 1],
  decbytes: ['bytes', 1],
  kbytes: ['bytes', 1024],
  mbytes: ['bytes', 1024 ** 2],
  Bps: ['bytes/s', 1],
  binBps: ['bytes/s', 1],
  currencyUSD: ['usd', 1],
  reqps: ['req/s', 1],
  ops: ['ops/s', 1],
  iops: ['io/s', 1],
  rps: ['reads/s', 1],
  wps: ['writes/s', 1],
  cps: ['/s', 1],
  pps: ['p/s', 1],
  eps: ['events/s', 1],
  bps: ['bit/s', 1],
  cpm: ['/min', 1],
  opm: ['ops/min', 1],
  reqpm: ['req/min', 1],
  hertz: ['Hz', 1],
  celsius: ['°C', 1],
  currencyEUR: ['€', 1],
};

/** How the chart writes the values of a field. A unit that it does not know stands behind them. */
export function chartUnit({ unit = 'short' }: FieldConfig): { readonly unit: string; readonly factor: number } {
  const [name, factor] = (Object.hasOwn(UNITS, unit) ? UNITS[unit] : undefined) ?? [
    unit.replace(/^(?:suffix|count|si):/, '').slice(0, 30),
    1,
  ];
  return { unit: name, factor };
}
