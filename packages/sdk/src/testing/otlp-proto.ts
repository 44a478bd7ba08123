import protobuf from 'protobufjs';

/** The part of OTLP's own .proto files that traces need: an oracle that shares no code with the encoder. */
const PROTO = `
syntax = "proto3";
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message Scope { string name = 1; string version = 2; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; Status status = 15;
}
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value {
  string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; } }
message ArrayValue { repeated AnyValue values = 1; }
message ExportTraceServiceResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
`;

const root = protobuf.parse(PROTO).root;
const requestType = root.lookupType('ExportTraceServiceRequest');
const responseType = root.lookupType('ExportTraceServiceResponse');

/** A span as it came over the wire. */
export interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly attributes: { readonly [key: string]: unknown };
  readonly statusCode: number;
  readonly statusMessage: string;
}

/** One export as it came over the wire. */
export interface WireExport {
  readonly resource: { readonly [key: string]: unknown };
  readonly scopeName: string;
  readonly spans: readonly WireSpan[];
}

interface RawAny {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly RawAny[] };
}
interface RawPair {
  readonly key: string;
  readonly value: RawAny;
}
interface RawSpan {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly RawPair[];
  readonly status: { readonly code: number; readonly message: string } | null;
}

/** Decodes an export with one resource and one scope. Throws on what is no valid protobuf. */
export function decodeExport(body: Uint8Array): WireExport {
  const message = requestType.toObject(requestType.decode(body), { defaults: true, longs: String, bytes: Array });
  const [resourceSpans] = message.resourceSpans;
  const [scopeSpans] = resourceSpans.scopeSpans;
  return {
    resource: toObject(resourceSpans.resource.attributes),
    scopeName: scopeSpans.scope.name,
    spans: (scopeSpans.spans as RawSpan[]).map((span) => ({
      traceId: Buffer.from(span.traceId).toString('hex'),
      spanId: Buffer.from(span.spanId).toString('hex'),
      parentSpanId: Buffer.from(span.parentSpanId).toString('hex'),
      name: span.name,
      kind: span.kind,
      startUnixNano: BigInt(span.startTimeUnixNano),
      endUnixNano: BigInt(span.endTimeUnixNano),
      attributes: toObject(span.attributes),
      statusCode: span.status?.code ?? 0,
      statusMessage: span.status?.message ?? '',
    })),
  };
}

/** The answer that rejects some of the spans. */
export function encodePartialSuccess(rejectedSpans: number, errorMessage: string): Uint8Array {
  return responseType.encode(responseType.create({ partialSuccess: { rejectedSpans, errorMessage } })).finish();
}

function toObject(pairs: readonly RawPair[]): { [key: string]: unknown } {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, toValue(value)]));
}

function toValue(any: RawAny): unknown {
  if (any.arrayValue) return any.arrayValue.values.map(toValue);
  if (any.intValue !== undefined) return Number(any.intValue);
  return any.stringValue ?? any.boolValue ?? any.doubleValue;
}
