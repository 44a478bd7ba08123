import type { RawSpan, SpanEvent, SpanKind, SpanLink, SpanOrigin, SpanStatusCode } from '@vedetta/model';
import { isSpanId, isTraceId, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { DecodeLimits } from '../limit/decode-limits.js';
import type { AttributeBag } from './attribute-bag.js';
import type { DecodeResult } from './decode-result.js';

/** A span as the wire has it, before anything about it was checked. */
export interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: number;
  startUnixNano: bigint;
  endUnixNano: bigint;
  statusCode: number;
  statusMessage: string;
  attributes: AttributeBag;
  events: SpanEvent[];
  links: SpanLink[];
}

const NO_PARENT = '0000000000000000';

/** Takes the spans of one body, rejects those that can never be stored, and counts what was cut. */
export class SpanCollector {
  readonly limits: DecodeLimits;
  readonly #spans: RawSpan[] = [];
  readonly #reasons = new Map<string, number>();
  readonly #latestUnixNano: bigint;
  #truncated = 0;
  #seen = 0;
  #overflow = 0;

  constructor(limits: DecodeLimits, nowUnixMs: number) {
    this.limits = limits;
    this.#latestUnixNano = BigInt(Math.trunc(nowUnixMs + limits.maxFutureMs)) * 1_000_000n;
  }

  /** False when the next span would be one too many, rejected ones included: it need not be read. */
  hasRoom(): boolean {
    return this.#seen < this.limits.maxSpans;
  }

  truncate(count = 1): void {
    this.#truncated += count;
  }

  reject(reason: string): void {
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  /** For a span that was not even read; cheap, since a hostile body has millions. */
  rejectOverflow(): void {
    this.#overflow++;
  }

  add(span: WireSpan, origin: SpanOrigin): void {
    this.#seen++;
    const problem = this.#problem(span);
    if (problem !== '') {
      this.reject(problem);
      return;
    }
    if (span.parentSpanId === NO_PARENT) span.parentSpanId = '';
    const { attributes } = span;
    if (span.endUnixNano === 0n) {
      if (attributes[VEDETTA_ATTRIBUTES.running] !== true) span.endUnixNano = span.startUnixNano;
    } else if (span.endUnixNano < span.startUnixNano) {
      // A sender whose clock went back is still worth showing; the flag says that the duration is no measurement.
      span.endUnixNano = span.startUnixNano;
      attributes['vedetta.end_clamped'] = true;
    }
    this.#spans.push({
      traceId: span.traceId,
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      kind: (span.kind >= 1 && span.kind <= 5 ? span.kind : 0) as SpanKind,
      startUnixNano: span.startUnixNano,
      endUnixNano: span.endUnixNano,
      statusCode: (span.statusCode === 1 || span.statusCode === 2 ? span.statusCode : 0) as SpanStatusCode,
      statusMessage: span.statusMessage,
      attributes,
      events: span.events.length === 0 ? NO_EVENTS : this.#checkEvents(span),
      links: span.links.length === 0 ? NO_LINKS : this.#checkLinks(span.links),
      origin,
    });
  }

  result(): DecodeResult {
    if (this.#overflow > 0) {
      this.#reasons.set(`over the limit of ${this.limits.maxSpans} spans in one request`, this.#overflow);
      this.#overflow = 0;
    }
    let rejected = 0;
    for (const count of this.#reasons.values()) rejected += count;
    const reasons = [...this.#reasons].map(([reason, count]) => `${count}: ${reason}`).join('; ');
    return {
      kind: 'ok',
      spans: this.#spans,
      rejected,
      rejectedReason: rejected === 0 ? '' : `rejected spans: ${reasons}`,
      truncated: this.#truncated,
    };
  }

  /** Why the span can never be stored; `''` when it can. */
  #problem(span: WireSpan): string {
    if (!isTraceId(span.traceId)) return 'trace id must be 32 hex digits that are not all zero';
    if (!isSpanId(span.spanId)) return 'span id must be 16 hex digits that are not all zero';
    const { parentSpanId } = span;
    if (parentSpanId !== '' && parentSpanId !== NO_PARENT && !isSpanId(parentSpanId)) {
      return 'parent span id must be empty or 16 hex digits';
    }
    if (span.startUnixNano <= 0n) return 'start time must not be 0';
    if (span.startUnixNano > this.#latestUnixNano) return 'start time lies too far in the future';
    if (span.endUnixNano > this.#latestUnixNano) return 'end time lies too far in the future';
    return '';
  }

  /** An event without a believable time happened while its span did; the span's start is the nearest true statement. */
  #checkEvents(span: WireSpan): SpanEvent[] {
    return span.events.map((event) =>
      event.timeUnixNano > 0n && event.timeUnixNano <= this.#latestUnixNano
        ? event
        : { ...event, timeUnixNano: span.startUnixNano },
    );
  }

  #checkLinks(links: SpanLink[]): SpanLink[] {
    const valid = links.filter((link) => isTraceId(link.traceId) && isSpanId(link.spanId));
    this.truncate(links.length - valid.length);
    return valid;
  }
}

const NO_EVENTS: readonly SpanEvent[] = Object.freeze([]);
const NO_LINKS: readonly SpanLink[] = Object.freeze([]);
