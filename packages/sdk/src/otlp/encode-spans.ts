import type { SpanAttributeValue, SpanRecord, SpanRecordKind } from '../span-record.js';
import { visitAttributes } from '../span-record.js';
import { ProtobufWriter } from './protobuf-writer.js';
import { writeAttribute, writeScope } from './write-attribute.js';

// Field tags (`number << 3 | wire type`) of opentelemetry/proto/trace/v1/trace.proto.
const REQUEST_RESOURCE_SPANS = (1 << 3) | 2;
const RESOURCE_SPANS_RESOURCE = (1 << 3) | 2;
const RESOURCE_SPANS_SCOPE_SPANS = (2 << 3) | 2;
const RESOURCE_ATTRIBUTES = (1 << 3) | 2;
const SCOPE_SPANS_SCOPE = (1 << 3) | 2;
const SCOPE_SPANS_SPANS = (2 << 3) | 2;
const SPAN_TRACE_ID = (1 << 3) | 2;
const SPAN_SPAN_ID = (2 << 3) | 2;
const SPAN_PARENT_SPAN_ID = (4 << 3) | 2;
const SPAN_NAME = (5 << 3) | 2;
const SPAN_KIND = (6 << 3) | 0;
const SPAN_START = (7 << 3) | 1;
const SPAN_END = (8 << 3) | 1;
const SPAN_ATTRIBUTES = (9 << 3) | 2;
const SPAN_STATUS = (15 << 3) | 2;
const STATUS_MESSAGE = (2 << 3) | 2;
const STATUS_CODE = (3 << 3) | 0;

const STATUS_ERROR = 2;
/** SpanKind on the wire: 1 internal, 2 server, 3 client. */
const WIRE_KIND: { readonly [K in SpanRecordKind]: number } = { request: 2, phase: 1, llm: 3, event: 1, score: 1 };

/** One for all batches: encoding is synchronous, so nobody else is in the middle of it. */
const writer = new ProtobufWriter();

/** Attributes of the process, encoded once: they stand before every batch. */
export function encodeResource(attributes: readonly (readonly [string, SpanAttributeValue])[]): Uint8Array {
  const resource = writer.open(RESOURCE_SPANS_RESOURCE, 2);
  for (const [key, value] of attributes) writeAttribute(writer, RESOURCE_ATTRIBUTES, key, value);
  writer.close(resource, 2);
  return writer.take();
}

/** An `ExportTraceServiceRequest` in protobuf (OTLP 1.x) with one resource and one scope. */
export function encodeSpans(resource: Uint8Array, spans: readonly SpanRecord[]): Buffer {
  const resourceSpans = writer.open(REQUEST_RESOURCE_SPANS, 3);
  writer.raw(resource);
  const scopeSpans = writer.open(RESOURCE_SPANS_SCOPE_SPANS, 3);
  writeScope(writer, SCOPE_SPANS_SCOPE);
  for (const span of spans) writeSpan(span);
  writer.close(scopeSpans, 3);
  writer.close(resourceSpans, 3);
  return writer.take();
}

function writeSpan(span: SpanRecord): void {
  const start = writer.open(SCOPE_SPANS_SPANS, 2);
  writer.hex(SPAN_TRACE_ID, span.traceId);
  writer.hex(SPAN_SPAN_ID, span.spanId);
  if (span.parentSpanId !== '') writer.hex(SPAN_PARENT_SPAN_ID, span.parentSpanId);
  writer.string(SPAN_NAME, span.name);
  writer.varint(SPAN_KIND, WIRE_KIND[span.kind]);
  writer.unixNano(SPAN_START, span.startUnixMs);
  // Zero is the default of proto3 and stays out: the span still runs.
  if (span.endUnixMs !== 0) writer.unixNano(SPAN_END, span.endUnixMs);
  visitAttributes(span, writeSpanAttribute);
  if (!span.success) {
    const status = writer.open(SPAN_STATUS, 1);
    if (span.errorMessage !== '') writer.string(STATUS_MESSAGE, span.errorMessage);
    writer.varint(STATUS_CODE, STATUS_ERROR);
    writer.close(status, 1);
  }
  writer.close(start, 2);
}

function writeSpanAttribute(key: string, value: SpanAttributeValue): void {
  writeAttribute(writer, SPAN_ATTRIBUTES, key, value);
}
