import { DEFAULT_DECODE_LIMITS } from '../limit/decode-limits.js';
import { SpanCollector } from '../otlp/span-collector.js';
import type { Metric, Point } from './point.js';

/** How much of one body is taken. What is over a limit is rejected while it is read, before memory is taken for it. */
export interface MetricLimits {
  /** Data points of one body. */
  readonly maxPoints: number;
  /** Buckets and quantiles of one body, all points together. */
  readonly maxValues: number;
  /** Buckets or quantiles of one point. */
  readonly maxValuesAPoint: number;
  /** Attributes of a point or resource. */
  readonly maxAttributes: number;
  /** Exemplars of one body; more are dropped, their points are not. */
  readonly maxExemplars: number;
}

/** The limits used where the configuration names none. */
export const DEFAULT_METRIC_LIMITS: MetricLimits = {
  maxPoints: 100_000,
  maxValues: 1_000_000,
  maxValuesAPoint: 4096,
  maxAttributes: 128,
  maxExemplars: 50_000,
};

const MAX_VALUE_BYTES = 4096;
/** Labels of an exemplar are 128 code points at most, of four bytes each. */
const MAX_EXEMPLAR_BYTES = 512;
const MAX_EXEMPLAR_ATTRIBUTES = 64;

/** Takes the points of one body and counts those that can never be stored. */
export class MetricCollector {
  readonly limits: MetricLimits;
  readonly metrics: Metric[] = [];
  readonly rejected = new Map<string, number>();
  /** For the readers of attributes, which report to it what they cut. */
  readonly cuts: CutCounter;
  /** The same for the attributes of exemplars. */
  readonly exemplarCuts = new CutCounter(MAX_EXEMPLAR_ATTRIBUTES, MAX_EXEMPLAR_BYTES);
  /** Exemplars of points that were taken, without those. */
  droppedExemplars = 0;
  #points = 0;
  #values = 0;
  #exemplars = 0;

  constructor(limits: MetricLimits) {
    this.limits = limits;
    this.cuts = new CutCounter(limits.maxAttributes, MAX_VALUE_BYTES);
  }

  /** False when the next point is one too many: it is counted and need not be read. */
  hasRoom(): boolean {
    if (this.#points < this.limits.maxPoints) {
      this.#points += 1;
      return true;
    }
    this.reject(`a body may hold ${this.limits.maxPoints} data points`);
    return false;
  }

  /** True when a point may hold that many values more. */
  takeValues(count: number): boolean {
    if (count > this.limits.maxValuesAPoint || this.#values + count > this.limits.maxValues) return false;
    this.#values += count;
    return true;
  }

  /** False when the next exemplar is one too many: it is counted and need not be read. */
  takeExemplar(): boolean {
    if (this.#exemplars < this.limits.maxExemplars) {
      this.#exemplars += 1;
      return true;
    }
    this.droppedExemplars += 1;
    return false;
  }

  reject(reason: string): void {
    this.rejected.set(reason, (this.rejected.get(reason) ?? 0) + 1);
  }

  /** Keeps the point unless it was cut, since what is cut may be what tells two series apart. */
  keep(points: Point[], point: Point, cutsBefore: number, tooManyValues: boolean): void {
    if (tooManyValues) this.reject('a data point has too many buckets or quantiles');
    else if (this.cuts.count > cutsBefore) this.reject('a data point has too many attributes, or too long ones');
    else points.push(point);
  }
}

class CutCounter extends SpanCollector {
  count = 0;

  constructor(maxAttributes: number, maxValueBytes: number) {
    super(
      {
        ...DEFAULT_DECODE_LIMITS,
        maxAttributes,
        maxValueBytes,
        maxContentBytes: maxValueBytes,
        maxValueNodes: 1024,
      },
      0,
    );
  }

  override truncate(count = 1): void {
    this.count += count;
  }
}
