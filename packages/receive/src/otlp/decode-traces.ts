import type { DecodeLimits } from '../limit/decode-limits.js';
import { DEFAULT_DECODE_LIMITS } from '../limit/decode-limits.js';
import type { DecodeResult } from './decode-result.js';
import { InvalidBody } from './decode-result.js';
import { readJsonTraces } from './json-traces.js';
import { readProtobufTraces } from './protobuf-traces.js';
import { SpanCollector } from './span-collector.js';

/** Encodings of an OTLP/HTTP body: `application/x-protobuf` and `application/json`. */
export type OtlpEncoding = 'protobuf' | 'json';

/**
 * Decodes the body of `POST /v1/traces` (OTLP 1.11, an `ExportTraceServiceRequest`). Never throws for bad input.
 *
 * - An empty body or empty envelopes: `ok` with no spans.
 * - Spans with bad ids, a start of 0 or a time more than `maxFutureMs` ahead of `nowUnixMs` are rejected one by one.
 *   However old a span is, it is accepted: retention decides about it.
 * - An end before the start becomes the start and the span gets the attribute `vedetta.end_clamped`; an end of 0 stays only
 *   when the span is announced as running (`vedetta.running`), else it becomes the start.
 * - Order is kept. Duplicates are kept: the store knows a span by its ids.
 */
export function decodeTraces(
  body: Uint8Array,
  encoding: OtlpEncoding,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
  nowUnixMs: number = Date.now(),
): DecodeResult {
  const slices = decodeTracesInSlices(body, encoding, limits, nowUnixMs);
  for (;;) {
    const step = slices.next();
    if (step.done) return step.value;
  }
}

/**
 * {@link decodeTraces} a few milliseconds at a time, for bodies so large that whole they would keep a server from answering
 * anyone else: go on with `next()` in a later turn of the event loop until it is `done`; the `value` is then the result. A
 * body of up to 256 KiB is done at once. The parsing of JSON text is the one step that can't be divided. It may be given up at
 * any point. The body must not be changed meanwhile.
 */
export function* decodeTracesInSlices(
  body: Uint8Array,
  encoding: OtlpEncoding,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
  nowUnixMs: number = Date.now(),
): Generator<void, DecodeResult> {
  const collector = new SpanCollector(limits, nowUnixMs);
  try {
    yield* encoding === 'protobuf' ? readProtobufTraces(body, collector) : readJsonTraces(body, collector);
  } catch (error) {
    if (error instanceof InvalidBody) return { kind: 'invalid', message: error.message };
    throw error;
  }
  return collector.result();
}
