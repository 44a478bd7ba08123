import { describe, expect, it } from 'vitest';
import { explainRequestCost, formatCallCost, formatRequestCost } from './cost.js';

const request = { cost_usd: 0.5, cost_estimated: false, unpriced_calls: 0 };

describe('the cost of a request', () => {
  it.each([
    [request, '$0.5', ''],
    [{ ...request, cost_estimated: true }, '~$0.5', 'rests on estimated tokens'],
    [{ ...request, unpriced_calls: 2 }, '$0.5+', '2 calls without a known price'],
    [{ ...request, cost_usd: null, unpriced_calls: 1 }, '–', '1 call without a known price'],
    [{ ...request, cost_usd: 0 }, '$0', ''],
  ])('of %o is %s', (of, text, why) => {
    expect(formatRequestCost(of)).toBe(text);
    expect(explainRequestCost(of)).toBe(why);
  });
});

describe('the cost of a call', () => {
  it.each([
    [null, false, 'unknown'],
    [0, false, '$0'],
    [0.5, true, '~$0.5'],
  ])('of %s, estimated %s, is %s', (cost_usd, cost_estimated, text) => {
    expect(formatCallCost({ cost_usd, cost_estimated, cost_source: null })).toBe(text);
  });
});
