import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../limit/decode-limits.js';
import type { OtlpRequest } from '../testing/index.js';
import { encodeJsonTraces, encodeProtobufTraces, toKeyValues } from '../testing/index.js';
import { decodeTraces, decodeTracesInSlices } from './decode-traces.js';

const NOW_UNIX_MS = 1_700_000_100_000;

/** Resources of different sizes, so that slices end inside each level of the message. */
function requestOf(spanCount: number): OtlpRequest {
  return {
    resourceSpans: [1, 2, 3].map((resource) => ({
      resource: { attributes: toKeyValues({ 'service.name': `service ${resource}` }) },
      scopeSpans: ['a', 'b'].map((name, scope) => ({
        scope: { name, version: '1' },
        spans: Array.from({ length: Math.ceil((spanCount * resource) / 12) }, (_, i) => ({
          traceId: '0af7651916cd43dd8448eb211c80319c',
          spanId: (1 + i + resource * 1e6 + scope * 1e7).toString(16).padStart(16, '0'),
          name: 'chat',
          kind: 3,
          startTimeUnixNano: '1700000000000000001',
          endTimeUnixNano: '1700000000500000002',
          attributes: toKeyValues({ note: 'x'.repeat(400) }),
        })),
      })),
    })),
  };
}

function inSlices(...args: Parameters<typeof decodeTracesInSlices>) {
  const slices = decodeTracesInSlices(...args);
  for (let pauses = 0; ; pauses++) {
    const step = slices.next();
    if (step.done) return { result: step.value, pauses };
  }
}

describe.each([
  ['protobuf', encodeProtobufTraces],
  ['json', encodeJsonTraces],
] as const)('a long %s body', (encoding, encode) => {
  const body = encode(requestOf(6_000));

  it('is the same in slices as at once', () => {
    const { result, pauses } = inSlices(body, encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
    expect(result).toEqual(decodeTraces(body, encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS));
    expect(result.kind === 'ok' && result.spans.length).toBe(6_000);
    expect(pauses).toBeGreaterThanOrEqual(10);
  });

  it('is refused when its end is missing, and can be given up', () => {
    const { result } = inSlices(body.subarray(0, body.length - 1), encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
    expect(result.kind).toBe('invalid');
    const slices = decodeTracesInSlices(body, encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
    slices.next();
    slices.return({ kind: 'invalid', message: 'given up' });
    expect(slices.next().done).toBe(true);
  });

  it('that is over the limit of spans still pauses', () => {
    const limits = { ...DEFAULT_DECODE_LIMITS, maxSpans: 10 };
    const { result, pauses } = inSlices(body, encoding, limits, NOW_UNIX_MS);
    expect(result).toMatchObject({ kind: 'ok', rejected: 5_990 });
    expect(pauses).toBeGreaterThanOrEqual(10);
  });

  it('that is short is done at once', () => {
    expect(inSlices(encode(requestOf(12)), encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS).pauses).toBe(0);
  });
});

it('pauses in bodies that hold no spans', () => {
  // Two million empty resources.
  const body = Buffer.alloc(4_000_000, Uint8Array.of(10, 0));
  const { result, pauses } = inSlices(body, 'protobuf', DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
  expect(result).toMatchObject({ kind: 'ok', spans: [] });
  expect(pauses).toBeGreaterThanOrEqual(10);
});
