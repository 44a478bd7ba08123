import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costOfCall } from './call-cost.js';
import type { PriceEntry } from './price-list.js';

const ENTRY: PriceEntry = {
  input: 3,
  output: 15,
  cacheRead: 0.3,
  cacheWrite: 3.75,
  cacheWrite1h: 6,
  audioInput: 40,
  reasoning: 20,
  tiers: [{ above: 200_000, input: 6, output: 22.5 }],
  service: { batch: { input: 1.5, output: 7.5 } },
};
const M = 1_000_000;

describe('costOfCall', () => {
  test.each([
    ['plain', { inputTokens: 1000, outputTokens: 100 }, '', (1000 * 3 + 100 * 15) / M],
    [
      'cached',
      { inputTokens: 1000, cacheReadTokens: 600, cacheWriteTokens: 300, cacheWrite1hTokens: 100 },
      '',
      (100 * 3 + 600 * 0.3 + 200 * 3.75 + 100 * 6) / M,
    ],
    ['audio', { inputTokens: 1000, audioInputTokens: 400 }, '', (600 * 3 + 400 * 40) / M],
    ['reasoning', { outputTokens: 100, reasoningTokens: 40 }, '', (60 * 15 + 40 * 20) / M],
    ['at the step', { inputTokens: 200_000 }, '', (200_000 * 3) / M],
    ['past the step', { inputTokens: 200_001, outputTokens: 10 }, 'default', (200_001 * 6 + 10 * 22.5) / M],
    ['batch', { inputTokens: 1000, outputTokens: 100 }, 'batch', (1000 * 1.5 + 100 * 7.5) / M],
    ['parts past their total', { inputTokens: 10, cacheReadTokens: 1000 }, '', (10 * 0.3) / M],
  ])('%s', (_, usage, tier, expected) => {
    expect(costOfCall(ENTRY, { ...usage, source: 'reported' }, tier)).toBeCloseTo(expected, 12);
  });

  test('a tier without prices, tokens without a price and no tokens have no cost', () => {
    expect(costOfCall(ENTRY, { inputTokens: 1, source: 'reported' }, 'flex')).toBeUndefined();
    expect(costOfCall({ perSecondInput: 1 }, { inputTokens: 1, source: 'reported' })).toBeUndefined();
    expect(costOfCall({ input: 1 }, { outputTokens: 1, source: 'reported' })).toBeUndefined();
    expect(costOfCall(ENTRY, undefined)).toBeUndefined();
    expect(costOfCall({ perQuery: 0.002 }, undefined, '', 'rerank')).toBe(0.002);
  });

  const tokens = fc.integer({ min: 0, max: 10_000_000 });
  test('more tokens never cost less, and no cost is below 0 or no number', () => {
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        tokens,
        fc.integer({ min: 0, max: 1000 }),
        (input, output, read, write, more) => {
          const usage = {
            inputTokens: input,
            outputTokens: output,
            cacheReadTokens: read,
            cacheWriteTokens: write,
            source: 'reported' as const,
          };
          const usd = costOfCall(ENTRY, usage) as number;
          expect(usd).toBeGreaterThanOrEqual(0);
          expect(
            costOfCall(ENTRY, { ...usage, inputTokens: input + more, outputTokens: output + more }) as number,
          ).toBeGreaterThanOrEqual(usd);
        },
      ),
    );
  });

  test('costs below a step add up', () => {
    const few = fc.integer({ min: 0, max: 100_000 });
    fc.assert(
      fc.property(few, few, few, few, (a, b, c, d) => {
        const cost = (inputTokens: number, outputTokens: number) =>
          costOfCall(ENTRY, { inputTokens, outputTokens, source: 'reported' }) as number;
        expect(cost(a + b, c + d)).toBeCloseTo(cost(a, c) + cost(b, d), 9);
      }),
    );
  });

  test('no figure of a sender makes a cost that is no number', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), fc.double(), (inputTokens, outputTokens, cacheReadTokens) => {
        const usd = costOfCall(ENTRY, { inputTokens, outputTokens, cacheReadTokens, source: 'reported' });
        expect(usd === undefined || (Number.isFinite(usd) && usd >= 0)).toBe(true);
      }),
    );
  });
});
