import type { AttributeValue } from '@vedetta/model';

/** An `ExportTraceServiceRequest` in OTLP/JSON: what a test sends, and what the protobuf writer turns into bytes. */
export interface OtlpRequest {
  readonly resourceSpans: readonly OtlpResourceSpans[];
}

export interface OtlpResourceSpans {
  readonly resource: { readonly attributes: readonly OtlpKeyValue[] };
  readonly scopeSpans: readonly {
    readonly scope: { readonly name: string; readonly version?: string };
    readonly spans: readonly OtlpSpan[];
  }[];
}

export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpKeyValue[];
  readonly events?: readonly {
    readonly name: string;
    readonly timeUnixNano: string;
    readonly attributes: readonly OtlpKeyValue[];
  }[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: readonly OtlpKeyValue[];
  }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

export interface OtlpKeyValue {
  readonly key: string;
  readonly value: OtlpAnyValue;
}

/** One member at most is set. */
export interface OtlpAnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly OtlpAnyValue[] };
  readonly kvlistValue?: { readonly values: readonly OtlpKeyValue[] };
  readonly bytesValue?: string;
}

/** Attributes as OTLP/JSON writes them: whole numbers as ints, others as doubles. */
export function toKeyValues(attributes: { readonly [key: string]: AttributeValue }): OtlpKeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toAnyValue(value) }));
}

/** One value as OTLP/JSON writes it. */
function toAnyValue(value: AttributeValue): OtlpAnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: (value as readonly AttributeValue[]).map(toAnyValue) } };
  return { kvlistValue: { values: toKeyValues(value as { readonly [key: string]: AttributeValue }) } };
}

/** The request as the body of a JSON post. */
export function encodeJsonTraces(request: OtlpRequest): Uint8Array {
  return Buffer.from(JSON.stringify(request), 'utf8');
}
