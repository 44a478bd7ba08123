import type { SpanAttributeValue, SpanRecord, SpanRecordKind } from '../span-record.js';
import { visitAttributes } from '../span-record.js';
import { SDK_VERSION } from '../version.js';
import { ProtobufWriter } from './protobuf-writer.js';

// Field tags (`number << 3 | wire type`) of opentelemetry/proto/trace/v1/trace.proto and common/v1/common.proto.
const REQUEST_RESOURCE_SPANS = (1 << 3) | 2;
const RESOURCE_SPANS_RESOURCE = (1 << 3) | 2;
const RESOURCE_SPANS_SCOPE_SPANS = (2 << 3) | 2;
const RESOURCE_ATTRIBUTES = (1 << 3) | 2;
const SCOPE_SPANS_SCOPE = (1 << 3) | 2;
const SCOPE_SPANS_SPANS = (2 << 3) | 2;
const SCOPE_NAME = (1 << 3) | 2;
const SCOPE_VERSION = (2 << 3) | 2;
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
const KEY_VALUE_KEY = (1 << 3) | 2;
const KEY_VALUE_VALUE = (2 << 3) | 2;
const ANY_STRING = (1 << 3) | 2;
const ANY_BOOL = (2 << 3) | 0;
const ANY_INT = (3 << 3) | 0;
const ANY_DOUBLE = (4 << 3) | 1;
const ANY_ARRAY = (5 << 3) | 2;
const ARRAY_VALUES = (1 << 3) | 2;

const STATUS_ERROR = 2;
/** SpanKind on the wire: 1 internal, 2 server, 3 client. */
const WIRE_KIND: { readonly [K in SpanRecordKind]: number } = { request: 2, phase: 1, llm: 3, event: 1, score: 1 };

/** One for all batches: encoding is synchronous, so nobody else is in the middle of it. */
const writer = new ProtobufWriter();

/** Attributes of the process, encoded once: they stand before every batch. */
export function encodeResource(attributes: readonly (readonly [string, SpanAttributeValue])[]): Uint8Array {
  const resource = writer.open(RESOURCE_SPANS_RESOURCE, 2);
  for (const [key, value] of attributes) writeAttribute(RESOURCE_ATTRIBUTES, key, value);
  writer.close(resource, 2);
  return writer.take();
}

/** An `ExportTraceServiceRequest` in protobuf (OTLP 1.x) with one resource and one scope. */
export function encodeSpans(resource: Uint8Array, spans: readonly SpanRecord[]): Buffer {
  const resourceSpans = writer.open(REQUEST_RESOURCE_SPANS, 3);
  writer.raw(resource);
  const scopeSpans = writer.open(RESOURCE_SPANS_SCOPE_SPANS, 3);
  const scope = writer.open(SCOPE_SPANS_SCOPE, 1);
  writer.string(SCOPE_NAME, '@vedetta/sdk');
  writer.string(SCOPE_VERSION, SDK_VERSION);
  writer.close(scope, 1);
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
  writeAttribute(SPAN_ATTRIBUTES, key, value);
}

function writeAttribute(tag: number, key: string, value: SpanAttributeValue): void {
  const attribute = writer.open(tag, 1);
  writer.string(KEY_VALUE_KEY, key);
  const any = writer.open(KEY_VALUE_VALUE, 1);
  writeAny(value);
  writer.close(any, 1);
  writer.close(attribute, 1);
}

function writeAny(value: SpanAttributeValue): void {
  if (typeof value === 'string') writer.string(ANY_STRING, value);
  else if (typeof value === 'boolean') writer.varint(ANY_BOOL, value ? 1 : 0);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.varint(ANY_INT, value);
    else writer.double(ANY_DOUBLE, value);
  } else {
    const list = writer.open(ANY_ARRAY, 1);
    for (const item of value) {
      const any = writer.open(ARRAY_VALUES, 1);
      writer.string(ANY_STRING, item);
      writer.close(any, 1);
    }
    writer.close(list, 1);
  }
}
