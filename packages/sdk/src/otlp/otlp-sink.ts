import type { SdkEnvironment } from '../environment.js';
import { readEnvironment } from '../environment.js';
import type { Sink, SinkContext, SinkStats } from '../sink.js';
import type { SpanRecord } from '../span-record.js';
import { DeliveryQueue } from './delivery-queue.js';
import { encodeResource, encodeSpans } from './encode-spans.js';
import type { OtlpSinkOptions, ResolvedOtlpOptions } from './otlp-options.js';
import { resolveOtlpOptions } from './otlp-options.js';
import { resourceAttributes } from './resource.js';

/** Calls at a time while the server answers; one while it does not. */
const MAX_CALLS = 4;
/** Heap that a span record takes beside its texts, roughly. */
const RECORD_BYTES = 400;

/**
 * Sends spans over OTLP/HTTP in protobuf: batched, compressed, retried with growing pauses. The queue is bounded; what does not
 * fit is dropped, whole requests at a time, and counted. Nothing is encoded in the application's call stack.
 */
export function otlpSink(options: OtlpSinkOptions = {}): Sink {
  return createOtlpSink(options, readEnvironment());
}

/** The same with an environment that was read already. */
export function createOtlpSink(options: OtlpSinkOptions, environment: SdkEnvironment): Sink {
  return new OtlpSink(resolveOtlpOptions(options, environment));
}

class OtlpSink implements Sink {
  readonly name = 'otlp';
  readonly announcements: boolean;
  readonly #options: ResolvedOtlpOptions;
  readonly #queue: DeliveryQueue;
  #resource: Uint8Array = new Uint8Array();
  #current: SpanRecord[] = [];
  #currentBytes = 0;
  #sealTimer: NodeJS.Timeout | undefined;

  constructor(options: ResolvedOtlpOptions) {
    this.#options = options;
    this.announcements = options.announcements;
    const { url, headers, timeoutMs } = options;
    this.#queue = new DeliveryQueue({
      url,
      headers,
      timeoutMs,
      contentType: 'application/x-protobuf',
      maxCalls: MAX_CALLS,
      unit: 'spans',
    });
    this.#encodeResource('unknown_service:node');
  }

  open(context: SinkContext): void {
    this.#queue.notice = (message) => context.notice(message);
    this.#encodeResource(context.serviceName);
    const { problem } = this.#options;
    if (problem !== undefined) context.notice(() => problem);
  }

  write(spans: readonly SpanRecord[]): void {
    const { maxQueueSpans, maxQueueBytes, batchSpans, flushIntervalMs } = this.#options;
    const queue = this.#queue;
    const bytes = estimateBytes(spans);
    if (queue.isClosed || queue.queued + spans.length > maxQueueSpans || queue.queuedBytes + bytes > maxQueueBytes) {
      queue.refuse(spans.length, 'the queue is full');
      return;
    }
    queue.offer(spans.length, bytes);
    this.#currentBytes += bytes;
    for (const span of spans) this.#current.push(span);
    if (this.#current.length >= batchSpans) this.#seal();
    else this.#sealTimer ??= setTimeout(() => this.#seal(), flushIntervalMs).unref();
  }

  flush(timeoutMs: number): Promise<void> {
    this.#seal();
    return this.#queue.flush(timeoutMs);
  }

  flushSync(timeoutMs: number): void {
    this.#seal();
    this.#queue.flushSync(timeoutMs);
  }

  async close(): Promise<void> {
    this.#seal();
    this.#queue.close();
  }

  stats(): SinkStats {
    return this.#queue.stats();
  }

  #seal(): void {
    clearTimeout(this.#sealTimer);
    this.#sealTimer = undefined;
    if (this.#current.length === 0) return;
    const spans = this.#current;
    const bytes = this.#currentBytes;
    this.#current = [];
    this.#currentBytes = 0;
    this.#queue.add({ count: spans.length, bytes, encode: () => encodeSpans(this.#resource, spans) });
  }

  #encodeResource(serviceName: string): void {
    this.#resource = encodeResource(resourceAttributes(this.#options.serviceName ?? serviceName));
  }
}

/** Roughly what the records hold in memory; exact enough to bound it. */
function estimateBytes(spans: readonly SpanRecord[]): number {
  let bytes = spans.length * RECORD_BYTES;
  for (const span of spans) {
    bytes += span.data.length + span.errorMessage.length;
    for (const [, value] of span.attributes) bytes += typeof value === 'string' ? value.length : 8;
  }
  return bytes;
}
