import type { SpanEvent, SpanLink, SpanOrigin } from '@vedetta/model';
import type { AttributeBag } from './attribute-bag.js';
import { createBag } from './attribute-bag.js';
import { ProtobufValues } from './protobuf-values.js';
import { checkEnd, PAUSE, ReaderSlices } from './reader-slices.js';
import type { SpanCollector, WireSpan } from './span-collector.js';
import { createOrigin } from './span-origin.js';
import { WireReader } from './wire-reader.js';

// Tags are `field << 3 | wire type` of opentelemetry/proto/trace/v1/trace.proto; a known field with another wire type is
// an unknown field, as protobuf rules.

/**
 * Reads an `ExportTraceServiceRequest` into the collector, and yields between slices of the work. Throws `InvalidBody` when the
 * body is not one.
 */
export function readProtobufTraces(body: Uint8Array, collector: SpanCollector): Generator<void, void> {
  const reader = new WireReader(body);
  return new TraceReader(reader, collector).request(body.length);
}

class TraceReader {
  readonly #reader: WireReader;
  readonly #collector: SpanCollector;
  readonly #values: ProtobufValues;
  readonly #slices: ReaderSlices;

  constructor(reader: WireReader, collector: SpanCollector) {
    this.#reader = reader;
    this.#slices = new ReaderSlices(reader);
    this.#collector = collector;
    this.#values = new ProtobufValues(reader, collector);
  }

  *request(end: number): Generator<void, void> {
    for (const stop of this.#slices.fields(end, 10)) {
      if (stop === PAUSE) yield;
      else if (stop > this.#reader.pos) yield* this.#resourceSpans(stop);
    }
  }

  *#resourceSpans(end: number): Generator<void, void> {
    const start = this.#reader.pos;
    const resource = createBag();
    // Fields may come in any order and the spans need the resource: it is read first.
    for (const stop of this.#slices.fields(end, 10)) {
      if (stop === PAUSE) yield;
      else this.#attributesOf(stop, 10, resource);
    }
    this.#slices.jump(start);
    for (const stop of this.#slices.fields(end, 18)) {
      if (stop === PAUSE) yield;
      else yield* this.#scopeSpans(stop, resource);
    }
  }

  *#scopeSpans(end: number, resource: AttributeBag): Generator<void, void> {
    const reader = this.#reader;
    const start = reader.pos;
    let name = '';
    let version = '';
    for (const stop of this.#slices.fields(end, 10)) {
      if (stop === PAUSE) {
        yield;
        continue;
      }
      while (reader.pos < stop) {
        const tag = reader.tag();
        if (tag === 10) name = this.#name(stop);
        else if (tag === 18) version = this.#name(stop);
        else reader.skip(tag, stop);
      }
    }
    this.#slices.jump(start);
    const origin: SpanOrigin = createOrigin(resource, name, version);
    while (!this.#spans(end, origin)) yield;
  }

  /** Reads on to the end of the scope, which is true, or of the slice. A plain loop, since it runs once a span. */
  #spans(end: number, origin: SpanOrigin): boolean {
    const reader = this.#reader;
    const collector = this.#collector;
    while (reader.pos < end) {
      if (this.#slices.isDone()) return false;
      const tag = reader.tag();
      if (tag !== 18) {
        reader.skip(tag, end);
        continue;
      }
      const stop = reader.end(end);
      if (collector.hasRoom()) collector.add(this.#span(stop), origin);
      else {
        reader.pos = stop;
        collector.rejectOverflow();
      }
      this.#slices.countField();
    }
    checkEnd(this.#reader, end);
    return true;
  }

  #span(end: number): WireSpan {
    const reader = this.#reader;
    const values = this.#values;
    const { limits } = this.#collector;
    values.refill();
    const span = emptySpan();
    let attributes = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      switch (tag) {
        case 10:
          span.traceId = reader.hex(reader.end(end));
          break;
        case 18:
          span.spanId = reader.hex(reader.end(end));
          break;
        case 34:
          span.parentSpanId = reader.hex(reader.end(end));
          break;
        case 42:
          span.name = this.#name(end);
          break;
        case 48:
          span.kind = reader.varint();
          break;
        case 57:
          span.startUnixNano = reader.fixed64();
          break;
        case 65:
          span.endUnixNano = reader.fixed64();
          break;
        case 74: {
          values.keyValue(reader.end(end), span.attributes, attributes++);
          break;
        }
        case 90: {
          const stop = reader.end(end);
          if (span.events.length < limits.maxEvents) span.events.push(this.#event(stop));
          else this.#cut(stop);
          break;
        }
        case 106: {
          const stop = reader.end(end);
          if (span.links.length < limits.maxLinks) span.links.push(this.#link(stop));
          else this.#cut(stop);
          break;
        }
        case 122:
          this.#status(reader.end(end), span);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    checkEnd(this.#reader, end);
    return span;
  }

  #event(end: number): SpanEvent {
    const reader = this.#reader;
    const attributes = createBag();
    let name = '';
    let timeUnixNano = 0n;
    let count = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 9) timeUnixNano = reader.fixed64();
      else if (tag === 18) name = this.#name(end);
      else if (tag === 26) this.#values.keyValue(reader.end(end), attributes, count++);
      else reader.skip(tag, end);
    }
    checkEnd(this.#reader, end);
    return { name, timeUnixNano, attributes };
  }

  #link(end: number): SpanLink {
    const reader = this.#reader;
    const attributes = createBag();
    let traceId = '';
    let spanId = '';
    let count = 0;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 10) traceId = reader.hex(reader.end(end));
      else if (tag === 18) spanId = reader.hex(reader.end(end));
      else if (tag === 34) this.#values.keyValue(reader.end(end), attributes, count++);
      else reader.skip(tag, end);
    }
    checkEnd(this.#reader, end);
    return { traceId, spanId, attributes };
  }

  #status(end: number, span: WireSpan): void {
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === 18) span.statusMessage = this.#values.text(reader.end(end), this.#collector.limits.maxValueBytes);
      else if (tag === 24) span.statusCode = reader.varint();
      else reader.skip(tag, end);
    }
    checkEnd(this.#reader, end);
  }

  #attributesOf(end: number, wanted: number, bag: AttributeBag): void {
    this.#values.refill();
    let count = 0;
    this.#each(end, wanted, (stop) => this.#values.keyValue(stop, bag, count++));
  }

  #name(end: number): string {
    return this.#values.text(this.#reader.end(end), this.#collector.limits.maxNameBytes);
  }

  #cut(end: number): void {
    this.#reader.pos = end;
    this.#collector.truncate();
  }

  /** Calls `read` for every length-delimited field of a message with the wanted tag and passes over the others. */
  #each(end: number, wanted: number, read: (stop: number) => void): void {
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag !== wanted) {
        reader.skip(tag, end);
        continue;
      }
      const stop = reader.end(end);
      read(stop);
      checkEnd(this.#reader, stop);
    }
    checkEnd(this.#reader, end);
  }
}

function emptySpan(): WireSpan {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    name: '',
    kind: 0,
    startUnixNano: 0n,
    endUnixNano: 0n,
    statusCode: 0,
    statusMessage: '',
    attributes: createBag(),
    events: [],
    links: [],
  };
}
