import type { TextRange } from '../syntax/ast.js';
import { lineAndColumn } from '../syntax/promql-error.js';

// A query over many metrics would say the same about each of them; Prometheus' API shows ten of a kind.
const MAX_NOTES = 100;

/** Warnings and hints that come with an answer, each once, in the words of Prometheus. */
export class Notes {
  readonly #query: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();

  constructor(query: string) {
    this.#query = query;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get infos(): readonly string[] {
    return [...this.#infos];
  }

  warn(message: string, range: TextRange): void {
    if (this.#warnings.size < MAX_NOTES)
      this.#warnings.add(`PromQL warning: ${message} (${lineAndColumn(this.#query, range.from)})`);
  }

  info(message: string, range: TextRange): void {
    if (this.#infos.size < MAX_NOTES)
      this.#infos.add(`PromQL info: ${message} (${lineAndColumn(this.#query, range.from)})`);
  }

  invalidQuantile(quantile: number, range: TextRange): void {
    this.warn(`quantile value should be between 0 and 1, got ${formatFloat(quantile)}`, range);
  }

  mixedTypes(metric: string, range: TextRange): void {
    this.warn(`encountered a mix of histograms and floats${forMetric(metric)}`, range);
  }

  mixedSchemas(metric: string, range: TextRange): void {
    this.warn(
      `vector contains a mix of histograms with exponential and custom buckets schemas${forMetric(metric)}`,
      range,
    );
  }

  notCounter(metric: string, range: TextRange): void {
    this.warn(`this native histogram metric is not a counter: "${metric}"`, range);
  }

  notGauge(metric: string, range: TextRange): void {
    this.warn(`this native histogram metric is not a gauge: "${metric}"`, range);
  }

  resetCollision(operation: string, range: TextRange): void {
    this.warn(`conflicting counter resets during histogram ${operation}`, range);
  }

  boundsReconciled(operation: string, range: TextRange): void {
    this.info(`mismatched custom buckets were reconciled during ${operation}`, range);
  }

  histogramIgnoredInRange(metric: string, range: TextRange): void {
    this.info(`ignored histograms in a range containing both floats and histograms${forMetric(metric)}`, range);
  }

  histogramIgnoredInAggregation(aggregation: string, range: TextRange): void {
    this.info(`ignored histogram in ${aggregation} aggregation`, range);
  }

  incompatibleTypes(left: string, operator: string, right: string, range: TextRange): void {
    this.info(
      `incompatible sample types encountered for binary operator "${operator}": ${left} ${operator} ${right}`,
      range,
    );
  }
}

export function forMetric(metric: string): string {
  return metric === '' ? '' : ` for metric name "${metric}"`;
}

/** A number as Go prints it with `%g`. */
export function formatFloat(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  return String(value);
}

/** A number in digits alone, however large or small it is: `0.0000001`. */
export function formatDecimal(value: number): string {
  const text = formatFloat(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, first, rest = '', exponent] = match;
  const digits = `${first}${rest}`;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}
