import type { SpanAttributeValue } from '../span-record.js';
import { SDK_VERSION } from '../version.js';
import type { ProtobufWriter } from './protobuf-writer.js';

// Field tags (`number << 3 | wire type`) of opentelemetry/proto/common/v1/common.proto.
const SCOPE_NAME = (1 << 3) | 2;
const SCOPE_VERSION = (2 << 3) | 2;
const KEY_VALUE_KEY = (1 << 3) | 2;
const KEY_VALUE_VALUE = (2 << 3) | 2;
const ANY_STRING = (1 << 3) | 2;
const ANY_BOOL = (2 << 3) | 0;
const ANY_INT = (3 << 3) | 0;
const ANY_DOUBLE = (4 << 3) | 1;
const ANY_ARRAY = (5 << 3) | 2;
const ARRAY_VALUES = (1 << 3) | 2;

/** Name of the instrumentation scope of everything that the SDK sends. */
export const SCOPE = '@vedetta/sdk';

/** The SDK as the `InstrumentationScope` in the field `tag`. */
export function writeScope(writer: ProtobufWriter, tag: number): void {
  const scope = writer.open(tag, 1);
  writer.string(SCOPE_NAME, SCOPE);
  writer.string(SCOPE_VERSION, SDK_VERSION);
  writer.close(scope, 1);
}

/** A `KeyValue` as the field `tag`. */
export function writeAttribute(writer: ProtobufWriter, tag: number, key: string, value: SpanAttributeValue): void {
  const attribute = writer.open(tag, 1);
  writer.string(KEY_VALUE_KEY, key);
  const any = writer.open(KEY_VALUE_VALUE, 1);
  writeAny(writer, value);
  writer.close(any, 1);
  writer.close(attribute, 1);
}

function writeAny(writer: ProtobufWriter, value: SpanAttributeValue): void {
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
