import type { AttributeBag } from '../otlp/attribute-bag.js';
import { createBag } from '../otlp/attribute-bag.js';
import { ProtobufValues } from '../otlp/protobuf-values.js';
import { checkEnd, PAUSE, ReaderSlices } from '../otlp/reader-slices.js';
import { WireReader } from '../otlp/wire-reader.js';
import type { MetricCollector } from './metric-collector.js';
import type { Point, PointExemplar, PointKind } from './point.js';
import { createPoint } from './point.js';
import { readNanosAsMs, readPointField } from './protobuf-point.js';

const KINDS: { readonly [tag: number]: PointKind } = {
  42: 'gauge',
  58: 'sum',
  74: 'histogram',
  82: 'exponential',
  90: 'summary',
};
const ATTRIBUTES_TAG: { readonly [kind in PointKind]: number } = {
  gauge: 58,
  sum: 58,
  histogram: 74,
  exponential: 10,
  summary: 58,
};
const EXEMPLARS_TAG: { readonly [kind in PointKind]: number | undefined } = {
  gauge: 42,
  sum: 42,
  histogram: 66,
  exponential: 90,
  summary: undefined,
};

/**
 * Reads an `ExportMetricsServiceRequest` into the collector, and yields between slices of the work. Throws `InvalidBody` when the
 * body is not one.
 */
export function readProtobufMetrics(body: Uint8Array, collector: MetricCollector): Generator<void, void> {
  return new MetricsReader(body, collector).request(body.length);
}

/** What the data of a metric holds; filled while it is read. */
interface MetricData {
  readonly points: Point[];
  temporality: number;
  monotonic: boolean;
}

class MetricsReader {
  readonly #reader: WireReader;
  readonly #values: ProtobufValues;
  readonly #exemplarValues: ProtobufValues;
  readonly #collector: MetricCollector;
  readonly #slices: ReaderSlices;

  constructor(body: Uint8Array, collector: MetricCollector) {
    this.#reader = new WireReader(body);
    this.#slices = new ReaderSlices(this.#reader);
    this.#collector = collector;
    this.#values = new ProtobufValues(this.#reader, collector.cuts);
    this.#exemplarValues = new ProtobufValues(this.#reader, collector.exemplarCuts);
  }

  *request(end: number): Generator<void, void> {
    for (const stop of this.#slices.fields(end, 10)) {
      if (stop === PAUSE) yield;
      else yield* this.#resourceMetrics(stop);
    }
  }

  /** Twice over the fields: an encoder may write the resource after what belongs to it. */
  *#resourceMetrics(end: number): Generator<void, void> {
    const start = this.#reader.pos;
    const resource = createBag();
    this.#values.refill();
    let count = 0;
    for (const stop of this.#slices.fields(end, 10)) {
      if (stop === PAUSE) {
        yield;
        continue;
      }
      for (const pairEnd of this.#slices.fields(stop, 10)) {
        if (pairEnd === PAUSE) yield;
        else this.#values.keyValue(pairEnd, resource, count++);
      }
    }
    this.#slices.jump(start);
    for (const stop of this.#slices.fields(end, 18)) {
      if (stop === PAUSE) {
        yield;
        continue;
      }
      for (const metricEnd of this.#slices.fields(stop, 18)) {
        if (metricEnd === PAUSE) yield;
        else yield* this.#metric(metricEnd, resource);
      }
    }
  }

  *#metric(end: number, resource: AttributeBag): Generator<void, void> {
    const reader = this.#reader;
    let [name, description, unit] = ['', '', ''];
    let kind: PointKind | undefined;
    let [dataStart, dataEnd] = [0, 0];
    const { maxNameBytes } = this.#collector.cuts.limits;
    while (reader.pos < end) {
      if (this.#slices.isDone()) yield;
      const tag = reader.tag();
      if (tag === 10) name = this.#values.text(reader.end(end), maxNameBytes);
      else if (tag === 18) description = this.#values.text(reader.end(end), maxNameBytes);
      else if (tag === 26) unit = this.#values.text(reader.end(end), maxNameBytes);
      else if (KINDS[tag] !== undefined) {
        kind = KINDS[tag];
        dataEnd = reader.end(end);
        dataStart = reader.pos;
        this.#slices.jump(dataEnd);
      } else reader.skip(tag, end);
      this.#slices.countField();
    }
    checkEnd(reader, end);
    if (kind === undefined) return;
    this.#slices.jump(dataStart);
    const data: MetricData = { points: [], temporality: 0, monotonic: false };
    while (!this.#data(dataEnd, kind, data)) yield;
    this.#slices.jump(end);
    if (data.points.length > 0) {
      this.#collector.metrics.push({ resource, name, description, unit, kind, ...data });
    }
  }

  /** Reads on to the end of the data, which is true, or of the slice. A plain loop, since it runs once a point. */
  #data(end: number, kind: PointKind, data: MetricData): boolean {
    const reader = this.#reader;
    while (reader.pos < end) {
      if (this.#slices.isDone()) return false;
      const tag = reader.tag();
      if (tag === 10) {
        const stop = reader.end(end);
        if (this.#collector.hasRoom()) this.#point(stop, kind, data.points);
        else reader.pos = stop;
      } else if (tag === 16) data.temporality = reader.varint();
      else if (tag === 24) data.monotonic = reader.varint() !== 0;
      else reader.skip(tag, end);
      this.#slices.countField();
    }
    checkEnd(reader, end);
    return true;
  }

  #point(end: number, kind: PointKind, points: Point[]): void {
    const reader = this.#reader;
    const point = createPoint(createBag());
    const cutsBefore = this.#collector.cuts.count;
    this.#values.refill();
    let attributes = 0;
    let fits = true;
    const exemplars: PointExemplar[] = [];
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === ATTRIBUTES_TAG[kind]) this.#values.keyValue(reader.end(end), point.attributes, attributes++);
      else if (tag === EXEMPLARS_TAG[kind]) {
        const stop = reader.end(end);
        if (this.#collector.takeExemplar()) exemplars.push(this.#exemplar(stop));
        else reader.pos = stop;
      } else if (!readPointField(reader, tag, end, kind, point, this.#collector)) fits = false;
    }
    checkEnd(reader, end);
    if (exemplars.length > 0) point.exemplars = exemplars;
    this.#collector.keep(points, point, cutsBefore, !fits);
  }

  #exemplar(end: number): PointExemplar {
    const reader = this.#reader;
    const exemplar: PointExemplar = { traceId: '', spanId: '', timeMs: 0, value: undefined, attributes: createBag() };
    const cutsBefore = this.#collector.exemplarCuts.count;
    this.#exemplarValues.refill();
    let attributes = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 17) exemplar.timeMs = readNanosAsMs(reader);
      else if (tag === 25) exemplar.value = reader.double();
      else if (tag === 49) exemplar.value = Number(BigInt.asIntN(64, reader.fixed64()));
      else if (tag === 34) exemplar.spanId = reader.hex(reader.end(end));
      else if (tag === 42) exemplar.traceId = reader.hex(reader.end(end));
      else if (tag === 58) this.#exemplarValues.keyValue(reader.end(end), exemplar.attributes, attributes++);
      else reader.skip(tag, end);
    }
    checkEnd(reader, end);
    // What had to be cut is over the length of an exemplar's labels.
    if (this.#collector.exemplarCuts.count > cutsBefore) exemplar.attributes = createBag();
    return exemplar;
  }
}
