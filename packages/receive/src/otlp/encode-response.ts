import type { OtlpEncoding } from './decode-traces.js';

// A response over this many bytes must be shortened (OTLP 1.11 recommends 4 MiB as limit); a sentence needs far less.
const MAX_MESSAGE_LENGTH = 4096;

/**
 * Body of a 200 answer to `/v1/traces`: zero bytes or `{}` when everything was taken, else a partial success with the number
 * of rejected spans and why. `rejected: 0` with a message is a warning. The client must not send the batch again.
 */
export function encodeTraceResponse(encoding: OtlpEncoding, outcome: ResponseOutcome): Uint8Array {
  return encodeResponse(encoding, 'rejectedSpans', outcome);
}

/** As {@link encodeTraceResponse} for `/v1/metrics`, with the number of rejected data points. */
export function encodeMetricsResponse(encoding: OtlpEncoding, outcome: ResponseOutcome): Uint8Array {
  return encodeResponse(encoding, 'rejectedDataPoints', outcome);
}

interface ResponseOutcome {
  readonly rejected: number;
  readonly message: string;
}

function encodeResponse(
  encoding: OtlpEncoding,
  member: 'rejectedSpans' | 'rejectedDataPoints',
  outcome: ResponseOutcome,
): Uint8Array {
  const message = outcome.message.slice(0, MAX_MESSAGE_LENGTH);
  if (outcome.rejected === 0 && message === '') return encoding === 'json' ? utf8('{}') : new Uint8Array();
  if (encoding === 'json') {
    return utf8(JSON.stringify({ partialSuccess: { [member]: String(outcome.rejected), errorMessage: message } }));
  }
  const partial = Buffer.concat([varintField(1, outcome.rejected), bytesField(2, utf8(message))]);
  return bytesField(1, partial);
}

/**
 * Body of every 4xx and 5xx answer of an OTLP endpoint: a `google.rpc.Status` in the request's encoding. `code` is a gRPC
 * status code (3 is INVALID_ARGUMENT, 8 RESOURCE_EXHAUSTED, 14 UNAVAILABLE); clients act on the HTTP status.
 */
export function encodeStatus(
  encoding: OtlpEncoding,
  status: { readonly code?: number; readonly message: string },
): Uint8Array {
  const message = status.message.slice(0, MAX_MESSAGE_LENGTH);
  if (encoding === 'json') {
    return utf8(JSON.stringify(status.code === undefined ? { message } : { code: status.code, message }));
  }
  return Buffer.concat([varintField(1, status.code ?? 0), bytesField(2, utf8(message))]);
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

function varintField(field: number, value: number): Uint8Array {
  return value === 0 ? new Uint8Array() : Buffer.from([field << 3, ...varint(value)]);
}

function bytesField(field: number, value: Uint8Array): Uint8Array {
  return value.length === 0 ? value : Buffer.concat([Buffer.from([(field << 3) | 2, ...varint(value.length)]), value]);
}
