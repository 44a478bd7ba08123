import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../limit/decode-limits.js';
import { normaliseSpans } from '../normalise/normalise-spans.js';
import { CONTENT_MODES } from '../redact/content-policy.js';
import { redactSpans } from '../redact/redact-spans.js';
import { checkDecodeResult, mutatedBodies } from '../testing/index.js';
import { decodeTraces } from './decode-traces.js';

const RUNS = 300_000;
const NOW_UNIX_MS = 1_790_000_000_000;
const policies = CONTENT_MODES.map((mode) => ({ mode }));

it(`${RUNS} damaged bodies go the whole path without a throw, and memory does not grow with them`, () => {
  let before = 0;
  for (let round = 0; round < 10; round++) {
    fc.assert(
      fc.property(mutatedBodies, fc.constantFrom(...policies), ({ body, encoding }, policy) => {
        const result = decodeTraces(body, encoding, DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
        checkDecodeResult(result, DEFAULT_DECODE_LIMITS);
        if (result.kind === 'ok') redactSpans(normaliseSpans(result.spans), policy);
      }),
      { numRuns: RUNS / 10 },
    );
    // What the first rounds leave are the bounded memories of keys, short strings and clean texts.
    if (round === 4) before = process.memoryUsage().heapUsed;
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 1024 * 1024);
});
