import type { OtlpAnyValue, OtlpKeyValue, OtlpRequest, OtlpResourceSpans, OtlpSpan } from './otlp-request.js';

/**
 * The request as protobuf bytes, every field in the order of its number. Written for tests: plain, not fast. Checked against
 * protobufjs.
 */
export function encodeProtobufTraces(request: OtlpRequest): Uint8Array {
  return message(request.resourceSpans.map((item) => field(1, resourceSpans(item))));
}

type Bytes = Uint8Array;

function resourceSpans({ resource, scopeSpans }: OtlpResourceSpans): Bytes {
  return message([
    field(1, message(resource.attributes.map((pair) => field(1, keyValue(pair))))),
    ...scopeSpans.map(({ scope, spans }) =>
      field(
        2,
        message([
          field(1, message([text(1, scope.name), text(2, scope.version ?? '')])),
          ...spans.map((item) => field(2, span(item))),
        ]),
      ),
    ),
  ]);
}

function span(item: OtlpSpan): Bytes {
  return message([
    field(1, hex(item.traceId)),
    field(2, hex(item.spanId)),
    item.parentSpanId === undefined || item.parentSpanId === '' ? EMPTY : field(4, hex(item.parentSpanId)),
    text(5, item.name),
    number(6, BigInt(item.kind)),
    fixed64(7, item.startTimeUnixNano),
    fixed64(8, item.endTimeUnixNano),
    ...item.attributes.map((pair) => field(9, keyValue(pair))),
    ...(item.events ?? []).map((event) =>
      field(
        11,
        message([
          fixed64(1, event.timeUnixNano),
          text(2, event.name),
          ...event.attributes.map((pair) => field(3, keyValue(pair))),
        ]),
      ),
    ),
    ...(item.links ?? []).map((link) =>
      field(
        13,
        message([
          field(1, hex(link.traceId)),
          field(2, hex(link.spanId)),
          ...link.attributes.map((pair) => field(4, keyValue(pair))),
        ]),
      ),
    ),
    item.status === undefined
      ? EMPTY
      : field(15, message([text(2, item.status.message ?? ''), number(3, BigInt(item.status.code ?? 0))])),
  ]);
}

function keyValue({ key, value }: OtlpKeyValue): Bytes {
  return message([text(1, key), field(2, anyValue(value))]);
}

function anyValue(value: OtlpAnyValue): Bytes {
  // Members of a oneof are written even when they hold the default.
  if (value.stringValue !== undefined) return field(1, Buffer.from(value.stringValue));
  if (value.boolValue !== undefined) return message([varint(16n), varint(value.boolValue ? 1n : 0n)]);
  if (value.intValue !== undefined) return message([varint(24n), varint(BigInt(value.intValue))]);
  if (value.doubleValue !== undefined) {
    const bytes = Buffer.alloc(9);
    bytes[0] = (4 << 3) | 1;
    bytes.writeDoubleLE(value.doubleValue, 1);
    return bytes;
  }
  if (value.arrayValue !== undefined) {
    return field(5, message(value.arrayValue.values.map((item) => field(1, anyValue(item)))));
  }
  if (value.kvlistValue !== undefined) {
    return field(6, message(value.kvlistValue.values.map((pair) => field(1, keyValue(pair)))));
  }
  if (value.bytesValue !== undefined) return field(7, Buffer.from(value.bytesValue, 'base64'));
  return EMPTY;
}

const EMPTY: Bytes = new Uint8Array();

function message(fields: readonly Bytes[]): Bytes {
  return Buffer.concat(fields);
}

function field(id: number, bytes: Bytes): Bytes {
  return message([varint(BigInt((id << 3) | 2)), varint(BigInt(bytes.length)), bytes]);
}

function text(id: number, value: string): Bytes {
  return value === '' ? EMPTY : field(id, Buffer.from(value));
}

function number(id: number, value: bigint): Bytes {
  return value === 0n ? EMPTY : message([varint(BigInt(id << 3)), varint(value)]);
}

function fixed64(id: number, value: string): Bytes {
  const bytes = Buffer.alloc(9);
  bytes[0] = (id << 3) | 1;
  bytes.writeBigUInt64LE(BigInt(value), 1);
  return bytes;
}

function hex(value: string): Bytes {
  return Buffer.from(value, 'hex');
}

function varint(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
