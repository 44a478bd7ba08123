import type { SpanEvent, SpanLink } from '@vedetta/model';
import { InvalidBody } from './decode-result.js';
import type { JsonObject } from './json-values.js';
import { asArray, asObject, JsonValues } from './json-values.js';
import { readJsonBody } from './read-json-body.js';
import type { SpanCollector, WireSpan } from './span-collector.js';
import { createOrigin } from './span-origin.js';

const DECIMAL = /^\d{1,20}$/;
const MAX_UINT64 = (1n << 64n) - 1n;
/** Scopes and spans that are read in one go: some milliseconds. */
const SLICE_ITEMS = 512;

/**
 * Reads an OTLP/JSON `ExportTraceServiceRequest` into the collector: ids are hex in any case, 64-bit integers are numbers or
 * strings, unknown members are ignored. Throws `InvalidBody` when the body is not one. Yields between slices of the work, of
 * which the parsing of the text is one, however long that is.
 */
export function* readJsonTraces(body: Uint8Array, collector: SpanCollector): Generator<void, void> {
  const request = yield* readJsonBody(body);
  const reader = new JsonTraceReader(collector);
  for (const item of asArray(request.resourceSpans, 'resourceSpans'))
    yield* reader.resourceSpans(asObject(item, 'resourceSpans[]'));
}

class JsonTraceReader {
  readonly #collector: SpanCollector;
  readonly #values: JsonValues;
  #items = 0;

  constructor(collector: SpanCollector) {
    this.#collector = collector;
    this.#values = new JsonValues(collector);
  }

  *resourceSpans(item: JsonObject): Generator<void, void> {
    const { maxNameBytes } = this.#collector.limits;
    this.#values.refill();
    const resource = asObject(item.resource ?? {}, 'resource');
    const attributes = this.#values.attributes(resource.attributes, 'resource.attributes');
    for (const entry of asArray(item.scopeSpans, 'scopeSpans')) {
      if (this.#sliceDone()) yield;
      const scopeSpans = asObject(entry, 'scopeSpans[]');
      const scope = asObject(scopeSpans.scope ?? {}, 'scope');
      const origin = createOrigin(
        attributes,
        this.#values.text(scope.name, maxNameBytes, 'scope.name'),
        this.#values.text(scope.version, maxNameBytes, 'scope.version'),
      );
      for (const span of asArray(scopeSpans.spans, 'spans')) {
        if (this.#sliceDone()) yield;
        if (this.#collector.hasRoom()) this.#collector.add(this.#span(asObject(span, 'spans[]')), origin);
        else this.#collector.rejectOverflow();
      }
    }
  }

  #sliceDone(): boolean {
    this.#items++;
    return this.#items % SLICE_ITEMS === 0;
  }

  #span(span: JsonObject): WireSpan {
    const { limits } = this.#collector;
    this.#values.refill();
    const status = asObject(span.status ?? {}, 'status');
    return {
      traceId: toId(span.traceId),
      spanId: toId(span.spanId),
      parentSpanId: toId(span.parentSpanId),
      name: this.#values.text(span.name, limits.maxNameBytes, 'span.name'),
      kind: typeof span.kind === 'number' ? span.kind : 0,
      startUnixNano: toUnixNano(span.startTimeUnixNano, 'startTimeUnixNano'),
      endUnixNano: toUnixNano(span.endTimeUnixNano, 'endTimeUnixNano'),
      statusCode: typeof status.code === 'number' ? status.code : 0,
      statusMessage: this.#values.text(status.message, limits.maxValueBytes, 'status.message'),
      attributes: this.#values.attributes(span.attributes, 'span.attributes'),
      events: this.#some(span.events, limits.maxEvents, 'events', (event) => this.#event(event)),
      links: this.#some(span.links, limits.maxLinks, 'links', (link) => this.#link(link)),
    };
  }

  #some<T>(list: unknown, max: number, at: string, read: (item: JsonObject) => T): T[] {
    const items = asArray(list, at);
    if (items.length > max) this.#collector.truncate(items.length - max);
    return items.slice(0, max).map((item) => read(asObject(item, `${at}[]`)));
  }

  #event(event: JsonObject): SpanEvent {
    return {
      name: this.#values.text(event.name, this.#collector.limits.maxNameBytes, 'event.name'),
      timeUnixNano: toUnixNano(event.timeUnixNano, 'timeUnixNano'),
      attributes: this.#values.attributes(event.attributes, 'event.attributes'),
    };
  }

  #link(link: JsonObject): SpanLink {
    return {
      traceId: toId(link.traceId),
      spanId: toId(link.spanId),
      attributes: this.#values.attributes(link.attributes, 'link.attributes'),
    };
  }
}

/** An id in lower case; what is no string, or too long to be one, becomes an id that no check accepts. */
function toId(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' && value.length <= 32 ? value.toLowerCase() : 'invalid';
}

function toUnixNano(value: unknown, at: string): bigint {
  if (value === undefined || value === null || value === '') return 0n;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return clamp(BigInt(value));
  if (typeof value === 'string' && DECIMAL.test(value)) return clamp(BigInt(value));
  throw new InvalidBody(`${at} must be nanoseconds since the epoch, a whole number or its decimal digits`);
}

function clamp(value: bigint): bigint {
  return value > MAX_UINT64 ? MAX_UINT64 : value;
}
