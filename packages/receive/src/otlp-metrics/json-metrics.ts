import type { AttributeBag } from '../otlp/attribute-bag.js';
import { createBag } from '../otlp/attribute-bag.js';
import { InvalidBody } from '../otlp/decode-result.js';
import type { JsonObject } from '../otlp/json-values.js';
import { asArray, asObject, JsonValues } from '../otlp/json-values.js';
import { readJsonBody } from '../otlp/read-json-body.js';
import type { MetricCollector } from './metric-collector.js';
import type { Buckets, Point, PointExemplar, PointKind } from './point.js';
import { createPoint } from './point.js';

const DECIMAL = /^-?\d{1,20}$/;
const KINDS: readonly (readonly [member: string, kind: PointKind])[] = [
  ['gauge', 'gauge'],
  ['sum', 'sum'],
  ['histogram', 'histogram'],
  ['exponentialHistogram', 'exponential'],
  ['summary', 'summary'],
];

/** What is read in one go, some milliseconds: metrics and points, each bucket counted as a part of one. */
const SLICE_ITEMS = 1024;
const BUCKETS_AN_ITEM = 16;

/**
 * Reads an OTLP/JSON `ExportMetricsServiceRequest` into the collector. Throws `InvalidBody` when the body is not one. Yields between
 * slices of the work, of which the parsing of the text is one, however long that is.
 */
export function* readJsonMetrics(body: Uint8Array, collector: MetricCollector): Generator<void, void> {
  if (body.length === 0) return;
  const request = yield* readJsonBody(body);
  const reader = new JsonMetricReader(collector);
  for (const item of asArray(request.resourceMetrics, 'resourceMetrics')) {
    yield* reader.resourceMetrics(asObject(item, 'resourceMetrics[]'));
  }
}

class JsonMetricReader {
  readonly #collector: MetricCollector;
  readonly #values: JsonValues;
  readonly #exemplarValues: JsonValues;
  #items = 0;

  constructor(collector: MetricCollector) {
    this.#collector = collector;
    this.#values = new JsonValues(collector.cuts);
    this.#exemplarValues = new JsonValues(collector.exemplarCuts);
  }

  *resourceMetrics({ resource, scopeMetrics }: JsonObject): Generator<void, void> {
    this.#values.refill();
    const bag = this.#values.attributes(asObject(resource ?? {}, 'resource').attributes, 'resource.attributes');
    if (this.#sliceDone()) yield;
    for (const scope of asArray(scopeMetrics, 'scopeMetrics')) {
      if (this.#sliceDone()) yield;
      for (const metric of asArray(asObject(scope, 'scopeMetrics[]').metrics, 'metrics')) {
        yield* this.#metric(asObject(metric, 'metrics[]'), bag);
      }
    }
  }

  *#metric(item: JsonObject, resource: AttributeBag): Generator<void, void> {
    if (this.#sliceDone()) yield;
    const found = KINDS.find(([member]) => item[member] !== undefined && item[member] !== null);
    if (found === undefined) return;
    const [member, kind] = found;
    const data = asObject(item[member], member);
    const points: Point[] = [];
    for (const entry of asArray(data.dataPoints, `${member}.dataPoints`)) {
      if (this.#sliceDone()) yield;
      const source = asObject(entry, 'dataPoints[]');
      if (this.#collector.hasRoom()) this.#point(source, kind, points);
    }
    if (points.length === 0) return;
    const { maxNameBytes } = this.#collector.cuts.limits;
    this.#collector.metrics.push({
      resource,
      name: this.#values.text(item.name, maxNameBytes, 'name'),
      description: this.#values.text(item.description, maxNameBytes, 'description'),
      unit: this.#values.text(item.unit, maxNameBytes, 'unit'),
      kind,
      temporality: number(data.aggregationTemporality ?? 0, 'aggregationTemporality'),
      monotonic: data.isMonotonic === true,
      points,
    });
  }

  #point(source: JsonObject, kind: PointKind, points: Point[]): void {
    const collector = this.#collector;
    const cutsBefore = collector.cuts.count;
    this.#values.refill();
    const point = createPoint(this.#values.attributes(source.attributes, 'attributes'));
    const count = valueCount(source, kind);
    const fits = collector.takeValues(count);
    if (fits) {
      this.#items += count / BUCKETS_AN_ITEM;
      readPoint(source, kind, point);
      if (source.exemplars !== undefined) {
        point.exemplars = readExemplars(source.exemplars, this.#exemplarValues, collector);
        this.#items += point.exemplars.length;
      }
    }
    collector.keep(points, point, cutsBefore, !fits);
  }

  /** Counts one item; true once when the work of a slice is done. */
  #sliceDone(): boolean {
    this.#items += 1;
    if (this.#items < SLICE_ITEMS) return false;
    this.#items = 0;
    return true;
  }
}

function valueCount(source: JsonObject, kind: PointKind): number {
  if (kind === 'summary') return asArray(source.quantileValues, 'quantileValues').length;
  if (kind === 'histogram') {
    return (
      asArray(source.bucketCounts, 'bucketCounts').length + asArray(source.explicitBounds, 'explicitBounds').length
    );
  }
  if (kind !== 'exponential') return 0;
  const lengthOf = (side: unknown) => asArray(asObject(side ?? {}, 'buckets').bucketCounts, 'bucketCounts').length;
  return lengthOf(source.positive) + lengthOf(source.negative);
}

function readPoint(source: JsonObject, kind: PointKind, point: Point): void {
  point.startMs = millis(source.startTimeUnixNano, 'startTimeUnixNano');
  point.timeMs = millis(source.timeUnixNano, 'timeUnixNano');
  point.flags = number(source.flags ?? 0, 'flags');
  if (source.asDouble !== undefined) point.value = number(source.asDouble, 'asDouble');
  else if (source.asInt !== undefined) point.value = number(source.asInt, 'asInt');
  if (kind === 'gauge' || kind === 'sum') return;
  point.count = number(source.count ?? 0, 'count');
  if (source.sum !== undefined && source.sum !== null) point.sum = number(source.sum, 'sum');
  if (kind === 'histogram') {
    point.counts = numbers(source.bucketCounts, 'bucketCounts');
    point.bounds = numbers(source.explicitBounds, 'explicitBounds');
  } else if (kind === 'exponential') {
    point.scale = number(source.scale ?? 0, 'scale');
    point.zeroCount = number(source.zeroCount ?? 0, 'zeroCount');
    point.zeroThreshold = number(source.zeroThreshold ?? 0, 'zeroThreshold');
    point.positive = buckets(source.positive);
    point.negative = buckets(source.negative);
  } else {
    point.quantiles = asArray(source.quantileValues, 'quantileValues').map((entry) => {
      const { quantile, value } = asObject(entry, 'quantileValues[]');
      return [number(quantile ?? 0, 'quantile'), number(value ?? 0, 'value')] as const;
    });
  }
}

function readExemplars(list: unknown, values: JsonValues, collector: MetricCollector): readonly PointExemplar[] {
  const exemplars: PointExemplar[] = [];
  for (const entry of asArray(list, 'exemplars')) {
    if (!collector.takeExemplar()) continue;
    const source = asObject(entry, 'exemplars[]');
    const { asDouble, asInt } = source;
    const cutsBefore = collector.exemplarCuts.count;
    values.refill();
    const attributes = values.attributes(source.filteredAttributes, 'filteredAttributes');
    exemplars.push({
      traceId: id(source.traceId),
      spanId: id(source.spanId),
      timeMs: millis(source.timeUnixNano, 'timeUnixNano'),
      value:
        asDouble !== undefined ? number(asDouble, 'asDouble') : asInt === undefined ? asInt : number(asInt, 'asInt'),
      // What had to be cut is over the length of an exemplar's labels.
      attributes: collector.exemplarCuts.count > cutsBefore ? createBag() : attributes,
    });
  }
  return exemplars;
}

/** Hex in any case; what cannot be an id becomes `''`. */
function id(value: unknown): string {
  return typeof value === 'string' && value.length <= 32 ? value.toLowerCase() : '';
}

function buckets(source: unknown): Buckets {
  const { offset, bucketCounts } = asObject(source ?? {}, 'buckets');
  return { offset: number(offset ?? 0, 'offset'), counts: numbers(bucketCounts, 'bucketCounts') };
}

function numbers(list: unknown, at: string): number[] {
  return asArray(list, at).map((entry) => number(entry, at));
}

function number(value: unknown, at: string): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  throw new InvalidBody(`${at} must be a number`);
}

function millis(value: unknown, at: string): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return Math.floor(value / 1e6);
  if (typeof value === 'string' && DECIMAL.test(value) && !value.startsWith('-'))
    return Number(BigInt(value) / 1_000_000n);
  throw new InvalidBody(`${at} must be nanoseconds since the epoch`);
}
