import { InvalidBody } from '../otlp/decode-result.js';
import type { WireReader } from '../otlp/wire-reader.js';
import type { MetricCollector } from './metric-collector.js';
import type { Buckets, Point, PointKind } from './point.js';

const NANOS_A_MS = 1_000_000n;

/** Reads one field of a data point, its tag read already. False when it holds more values than may be taken. */
export function readPointField(
  reader: WireReader,
  tag: number,
  end: number,
  kind: PointKind,
  point: Point,
  collector: MetricCollector,
): boolean {
  if (tag === 17) point.startMs = readNanosAsMs(reader);
  else if (tag === 25) point.timeMs = readNanosAsMs(reader);
  else if (kind === 'gauge' || kind === 'sum') {
    if (tag === 33) point.value = reader.double();
    else if (tag === 49) point.value = Number(BigInt.asIntN(64, reader.fixed64()));
    else if (tag === 64) point.flags = reader.varint();
    else reader.skip(tag, end);
  } else if (tag === 33) point.count = Number(reader.fixed64());
  else if (tag === 41) point.sum = reader.double();
  else if (kind === 'histogram') return histogramField(reader, tag, end, point, collector);
  else if (kind === 'exponential') return exponentialField(reader, tag, end, point, collector);
  else if (tag === 50) {
    const stop = reader.end(end);
    if (!collector.takeValues(1)) return pass(reader, stop);
    point.quantiles = push(point.quantiles, quantile(reader, stop));
  } else if (tag === 64) point.flags = reader.varint();
  else reader.skip(tag, end);
  return true;
}

export function readNanosAsMs(reader: WireReader): number {
  return Number(reader.fixed64() / NANOS_A_MS);
}

function histogramField(r: WireReader, tag: number, end: number, point: Point, collector: MetricCollector): boolean {
  if (tag === 80) point.flags = r.varint();
  else if (tag === 50 || tag === 49) {
    const stop = tag === 50 ? r.end(end) : r.pos + 8;
    if (!collector.takeValues((stop - r.pos) / 8)) return pass(r, stop);
    while (r.pos < stop) point.counts = push(point.counts, Number(r.fixed64()));
  } else if (tag === 58 || tag === 57) {
    const stop = tag === 58 ? r.end(end) : r.pos + 8;
    if (!collector.takeValues((stop - r.pos) / 8)) return pass(r, stop);
    while (r.pos < stop) point.bounds = push(point.bounds, r.double());
  } else r.skip(tag, end);
  return true;
}

function exponentialField(r: WireReader, tag: number, end: number, point: Point, collector: MetricCollector): boolean {
  if (tag === 48) point.scale = sint32(r);
  else if (tag === 57) point.zeroCount = Number(r.fixed64());
  else if (tag === 80) point.flags = r.varint();
  else if (tag === 113) point.zeroThreshold = r.double();
  else if (tag === 66 || tag === 74) {
    const stop = r.end(end);
    const buckets = readBuckets(r, stop, collector);
    if (buckets === undefined) return pass(r, stop);
    if (tag === 66) point.positive = buckets;
    else point.negative = buckets;
  } else r.skip(tag, end);
  return true;
}

function readBuckets(r: WireReader, end: number, collector: MetricCollector): Buckets | undefined {
  let offset = 0;
  const counts: number[] = [];
  while (r.pos < end) {
    const tag = r.tag();
    if (tag === 8) offset = sint32(r);
    else if (tag === 18 || tag === 16) {
      const stop = tag === 18 ? r.end(end) : r.pos + 1;
      while (r.pos < stop) {
        if (!collector.takeValues(1) || counts.length >= collector.limits.maxValuesAPoint) return undefined;
        counts.push(r.varint());
      }
    } else r.skip(tag, end);
  }
  if (r.pos !== end) throw new InvalidBody('buckets are longer than what holds them');
  return { offset, counts };
}

function quantile(r: WireReader, end: number): readonly [number, number] {
  let [at, value] = [0, 0];
  while (r.pos < end) {
    const tag = r.tag();
    if (tag === 9) at = r.double();
    else if (tag === 17) value = r.double();
    else r.skip(tag, end);
  }
  return [at, value];
}

function sint32(r: WireReader): number {
  const zigzag = r.varint();
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
}

/** The list itself when it is the point's own: the one that every point begins with is shared and stays empty. */
function push<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  (list as T[]).push(item);
  return list;
}

function pass(r: WireReader, stop: number): false {
  if (stop > r.bytes.length) throw new InvalidBody('the body ends in the middle of a field');
  r.pos = stop;
  return false;
}
