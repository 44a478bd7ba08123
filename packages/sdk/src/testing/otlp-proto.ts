import protobuf from 'protobufjs';

/** The part of OTLP's own .proto files that traces and metrics need: an oracle that shares no code with the encoder. */
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
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message Metric {
  string name = 1; string description = 2; string unit = 3;
  oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
}
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Histogram { repeated HistogramDataPoint data_points = 1; int32 aggregation_temporality = 2; }
message NumberDataPoint {
  repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
  oneof value { double as_double = 4; sfixed64 as_int = 6; } repeated Exemplar exemplars = 5; uint32 flags = 8;
}
message HistogramDataPoint {
  repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3; fixed64 count = 4;
  optional double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7;
  repeated Exemplar exemplars = 8; uint32 flags = 10; optional double min = 11; optional double max = 12;
}
message Exemplar {
  repeated KeyValue filtered_attributes = 7; fixed64 time_unix_nano = 2;
  oneof value { double as_double = 3; sfixed64 as_int = 6; } bytes span_id = 4; bytes trace_id = 5;
}
message ExportTraceServiceResponse { PartialSuccess partial_success = 1; }
message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
`;

const root = protobuf.parse(PROTO).root;
const requestType = root.lookupType('ExportTraceServiceRequest');
const metricsType = root.lookupType('ExportMetricsServiceRequest');
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

/** An export of metrics in the shape of OTLP's JSON, whichever encoding it came in: 64-bit numbers as text, ids in hex. */
export interface WireMetrics {
  readonly resource: { readonly [key: string]: unknown };
  readonly scopeName: string;
  readonly metrics: readonly WireMetric[];
}

/** One metric as it came over the wire. */
export interface WireMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  readonly temporality: number;
  readonly isMonotonic: boolean;
  readonly points: readonly WirePoint[];
}

/** One point as it came over the wire. */
export interface WirePoint {
  readonly labels: { readonly [key: string]: unknown };
  readonly startUnixNano: bigint;
  readonly timeUnixNano: bigint;
  readonly value: number | undefined;
  readonly count: number | undefined;
  readonly sum: number | undefined;
  readonly bucketCounts: readonly number[];
  readonly bounds: readonly number[];
  readonly exemplars: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly value: number;
    readonly timeUnixNano: bigint;
  }[];
}

/** Decodes an export of metrics with one resource and one scope. Throws on what is no valid protobuf. */
export function decodeMetrics(body: Uint8Array): WireMetrics {
  const options = { defaults: true, longs: String, bytes: Array, oneofs: true };
  return readMetrics(metricsType.toObject(metricsType.decode(body), options));
}

/** The same from OTLP's JSON. */
export function decodeMetricsJson(body: Uint8Array): WireMetrics {
  return readMetrics(JSON.parse(Buffer.from(body).toString('utf8')));
}

interface RawExemplar {
  readonly traceId: string | readonly number[];
  readonly spanId: string | readonly number[];
  readonly asDouble: number;
  readonly timeUnixNano: string;
}
interface RawPoint {
  readonly attributes: readonly RawPair[];
  readonly startTimeUnixNano?: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number | string;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number | string;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly exemplars: readonly RawExemplar[];
}
interface RawMetric {
  readonly name: string;
  readonly description: string;
  readonly unit?: string;
  readonly [kind: string]: unknown;
}

function readMetrics(message: { readonly [name: string]: unknown }): WireMetrics {
  const [resourceMetrics] = message.resourceMetrics as [
    { resource: { attributes: RawPair[] }; scopeMetrics: [{ scope: { name: string }; metrics: RawMetric[] }] },
  ];
  const [scopeMetrics] = resourceMetrics.scopeMetrics;
  return {
    resource: toObject(resourceMetrics.resource.attributes),
    scopeName: scopeMetrics.scope.name,
    metrics: scopeMetrics.metrics.map(readMetric),
  };
}

function readMetric(metric: RawMetric): WireMetric {
  const kind = (['gauge', 'sum', 'histogram'] as const).find((name) => metric[name] !== undefined) ?? 'gauge';
  const data = metric[kind] as {
    readonly dataPoints: readonly RawPoint[];
    readonly aggregationTemporality?: number;
    readonly isMonotonic?: boolean;
  };
  return {
    name: metric.name,
    description: metric.description,
    unit: metric.unit ?? '',
    kind,
    temporality: data.aggregationTemporality ?? 0,
    isMonotonic: data.isMonotonic ?? false,
    points: data.dataPoints.map(readPoint),
  };
}

function readPoint(point: RawPoint): WirePoint {
  const value = point.asDouble ?? point.asInt;
  return {
    labels: toObject(point.attributes),
    startUnixNano: BigInt(point.startTimeUnixNano ?? 0),
    timeUnixNano: BigInt(point.timeUnixNano),
    value: value === undefined ? undefined : Number(value),
    count: point.count === undefined ? undefined : Number(point.count),
    sum: point.sum === undefined ? undefined : Number(point.sum),
    bucketCounts: (point.bucketCounts ?? []).map(Number),
    bounds: point.explicitBounds ?? [],
    exemplars: point.exemplars.map(({ traceId, spanId, asDouble, timeUnixNano }) => ({
      traceId: toHex(traceId),
      spanId: toHex(spanId),
      value: asDouble,
      timeUnixNano: BigInt(timeUnixNano),
    })),
  };
}

function toHex(id: string | readonly number[]): string {
  return typeof id === 'string' ? id : Buffer.from(id).toString('hex');
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
