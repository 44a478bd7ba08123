import type { CollectedFamily } from '@vedetta/metrics';
import type { ResolvedPushOptions } from '../metrics/metrics-options.js';
import type { SinkStats } from '../sink.js';
import type { SpanAttribute } from '../span-record.js';
import { DeliveryQueue } from './delivery-queue.js';
import type { PointTimes } from './encode-metrics.js';
import { encodeMetrics } from './encode-metrics.js';
import { encodeMetricsJson } from './encode-metrics-json.js';
import { encodeResource } from './encode-spans.js';
import { nextInstanceId, resourceAttributes } from './resource.js';

/** Points in one call: encoding them takes some milliseconds. */
const MAX_BATCH_POINTS = 2000;
/** Of what may wait while the server is away; what is older than five minutes gives way in any case. */
const MAX_QUEUE_BYTES = 8 * 1024 * 1024;
/** Heap that a point takes, roughly; that of a histogram, its buckets besides. */
const POINT_BYTES = 200;
/** A server that has no such path may be a newer one later. */
const ASK_AGAIN_MS = 600_000;
const NO_SUCH_PATH: ReadonlySet<number | undefined> = new Set([404, 405, 501]);

/**
 * Sends points over OTLP/HTTP as they are collected: totals since the start, so that one that is lost takes nothing with it but
 * itself. Batches go one after the other, retried with growing pauses; the oldest give way when too many wait, counted.
 */
export class MetricsPush {
  readonly #options: ResolvedPushOptions;
  readonly #queue: DeliveryQueue;
  readonly #notice: (message: () => string) => void;
  readonly #attributes: readonly SpanAttribute[];
  readonly #resource: Uint8Array;
  #pausedUntilMs = 0;

  constructor(options: ResolvedPushOptions, serviceName: string, notice: (message: () => string) => void) {
    this.#options = options;
    this.#notice = notice;
    this.#attributes = [...resourceAttributes(serviceName), ['service.instance.id', nextInstanceId()]];
    this.#resource = encodeResource(this.#attributes);
    const { url, headers, timeoutMs, encoding } = options;
    this.#queue = new DeliveryQueue({
      url,
      headers,
      timeoutMs,
      contentType: encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      // In their order: a receiver may refuse points that are older than what it has.
      maxCalls: 1,
      unit: 'points of metrics',
      onRefused: (status) => this.#refused(status),
    });
    this.#queue.notice = notice;
    const { problem } = options;
    if (problem !== undefined) notice(() => problem);
  }

  /** Whether derived metrics are pushed too. */
  get derived(): boolean {
    return this.#options.derived;
  }

  /** Whether a push would go anywhere now. */
  get isOpen(): boolean {
    return !this.#queue.isClosed && performance.now() >= this.#pausedUntilMs;
  }

  /** Queues what was collected. */
  push(families: readonly CollectedFamily[], times: PointTimes): void {
    let batch: CollectedFamily[] = [];
    let points = 0;
    for (const family of families) {
      for (let i = 0; i < family.series.length; i += MAX_BATCH_POINTS) {
        const series = family.series.slice(i, i + MAX_BATCH_POINTS);
        if (points + series.length > MAX_BATCH_POINTS) {
          this.#add(batch, points, times);
          batch = [];
          points = 0;
        }
        batch.push({ ...family, series });
        points += series.length;
      }
    }
    if (points > 0) this.#add(batch, points, times);
  }

  flush(timeoutMs: number): Promise<void> {
    return this.#queue.flush(timeoutMs);
  }

  flushSync(timeoutMs: number): void {
    this.#queue.flushSync(timeoutMs);
  }

  close(): void {
    this.#queue.close();
  }

  stats(): SinkStats {
    return this.#queue.stats();
  }

  #add(families: readonly CollectedFamily[], count: number, times: PointTimes): void {
    const bytes = estimateBytes(families);
    this.#queue.offer(count, bytes);
    const { encoding } = this.#options;
    this.#queue.add({
      count,
      bytes,
      encode: () =>
        encoding === 'json'
          ? encodeMetricsJson(this.#attributes, families, times)
          : encodeMetrics(this.#resource, families, times),
    });
    while (this.#queue.waiting > 1 && this.#queue.queuedBytes > MAX_QUEUE_BYTES) {
      this.#queue.dropOldest('the queue is full');
    }
  }

  #refused(status: number | undefined): void {
    if (!NO_SUCH_PATH.has(status)) return;
    this.#pausedUntilMs = performance.now() + ASK_AGAIN_MS;
    this.#notice(() => `${this.#options.url} takes no metrics (${status}); it is asked again in 10 minutes`);
  }
}

function estimateBytes(families: readonly CollectedFamily[]): number {
  let bytes = 0;
  for (const { series, bounds = [] } of families) bytes += series.length * (POINT_BYTES + bounds.length * 8);
  return bytes;
}
