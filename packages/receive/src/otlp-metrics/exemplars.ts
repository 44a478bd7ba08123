import { isSpanId, isTraceId } from '@vedetta/model';
import type { Point, PointExemplar, PointKind } from './point.js';
import type { SeriesLabels } from './series-cache.js';
import { attributeLabels, sortLabels } from './series-cache.js';
import type { PushedExemplar } from './translated.js';

/** Of names and values together, in code points: OpenMetrics 1.0, "Exemplars". */
const MAX_CODE_POINTS = 128;

/** The series that a point became: those of its buckets in their order, and the one that has the metric's own name. */
export class PointSeries {
  readonly #buckets: SeriesLabels[] = [];
  #own: SeriesLabels | undefined;

  add(suffix: string, labels: SeriesLabels): void {
    if (suffix === '_bucket') this.#buckets.push(labels);
    else if (suffix === '') this.#own = labels;
  }

  /** Where an observation is counted: of a classic histogram the bucket with the least bound that is not below it. */
  of(value: number, kind: PointKind, { bounds }: Point): SeriesLabels | undefined {
    if (kind !== 'histogram') return this.#own;
    // In no bucket.
    if (Number.isNaN(value)) return undefined;
    let [low, high] = [0, bounds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((bounds[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return this.#buckets[Math.min(low, this.#buckets.length - 1)];
  }
}

/** An exemplar under the series that counts it; `undefined` when no series does. */
export function toPushed(
  exemplar: PointExemplar,
  kind: PointKind,
  point: Point,
  series: PointSeries,
): PushedExemplar | undefined {
  const { value, timeMs } = exemplar;
  const of = value === undefined ? undefined : series.of(value, kind, point);
  if (value === undefined || of === undefined) return undefined;
  const time = timeMs > 0 ? { timestampMs: timeMs } : { timestampMs: point.timeMs, borrowedTime: true };
  return { series: of, labels: exemplarLabels(exemplar), value, ...time };
}

/** Ids, and the attributes that are not the point's unless all together are too long: as Prometheus' own translation. */
function exemplarLabels({ traceId, spanId, attributes }: PointExemplar): SeriesLabels {
  const ids: [string, string][] = [];
  if (isSpanId(spanId)) ids.push(['span_id', spanId]);
  if (isTraceId(traceId)) ids.push(['trace_id', traceId]);
  const rest = attributeLabels(attributes);
  if (rest.size === 0) return ids;
  const labels = sortLabels(new Map([...rest, ...ids]));
  let codePoints = 0;
  for (const [name, value] of labels) codePoints += [...name].length + [...value].length;
  return codePoints > MAX_CODE_POINTS ? ids : labels;
}
