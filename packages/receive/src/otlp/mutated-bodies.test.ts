import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../limit/decode-limits.js';
import { normaliseSpans } from '../normalise/normalise-spans.js';
import { CONTENT_MODES } from '../redact/content-policy.js';
import { redactSpans } from '../redact/redact-spans.js';
import {
  checkDecodeResult,
  encodeJsonTraces,
  encodeProtobufTraces,
  mutatedBodies,
  otlpRequests,
} from '../testing/index.js';
import { decodeTraces } from './decode-traces.js';

const NOW_UNIX_MS = 1_790_000_000_000;
const policies = CONTENT_MODES.map((mode) => ({ mode }));

describe('any body', () => {
  it('gives a valid result through the whole path and never throws', () => {
    fc.assert(
      fc.property(mutatedBodies, fc.constantFrom(...policies), ({ body, encoding }, policy) => {
        const result = decodeTraces(body, encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
        checkDecodeResult(result, DEFAULT_DECODE_LIMITS);
        if (result.kind !== 'ok') return;
        const spans = normaliseSpans(result.spans);
        redactSpans(spans, policy);
        for (const span of spans) {
          for (const count of Object.values(span.genAi?.usage ?? {})) {
            if (typeof count === 'number' && !(count >= 0)) throw new Error(`usage of ${count}`);
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('random bytes never throw', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom('protobuf' as const, 'json' as const),
        (body, encoding) => {
          checkDecodeResult(decodeTraces(body, encoding), DEFAULT_DECODE_LIMITS);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('undamaged, says the same in protobuf and JSON', () => {
    fc.assert(
      fc.property(otlpRequests, (request) => {
        const fromProtobuf = decodeTraces(
          encodeProtobufTraces(request),
          'protobuf',
          DEFAULT_DECODE_LIMITS,
          NOW_UNIX_MS,
        );
        const fromJson = decodeTraces(encodeJsonTraces(request), 'json', DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
        expect(fromProtobuf).toEqual(fromJson);
      }),
      { numRuns: 300 },
    );
  });
});
