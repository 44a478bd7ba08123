import type { Usage } from '@vedetta/model';
import { describe, expect, test } from 'vitest';
import { costOfCall } from './call-cost.js';
import { importPriceList } from './import/import-price-list.js';
import { comparePrices } from './merge.js';
import { entryAt, indexPrices } from './price-index.js';
import { shippedPrices } from './shipped.js';
import { sharedText } from './testing/shared-data.js';

const REFERENCE = sharedText('cost-and-token-reference/cost-reference.jsonl');
const LITELLM = sharedText('model-prices/litellm_model_prices.json.gz');
const MODELS_DEV = sharedText('model-prices/models.dev.json.gz');

interface Row {
  readonly source: string;
  readonly provider: string;
  readonly model: string;
  readonly tokens: { input_total: number; cache_read: number; cache_write: number; output: number };
  readonly expected_usd: number;
}

const name = REFERENCE === undefined ? 'skipped: no shared data' : 'recorded calls';
describe.skipIf(REFERENCE === undefined)(name, () => {
  const rows = (REFERENCE ?? '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Row);

  for (const table of ["LiteLLM's own table", 'the shipped list'] as const) {
    test(`cost what they should by ${table}`, () => {
      const list = table === 'the shipped list' ? shippedPrices() : importPriceList(LITELLM ?? '', '2026-08-01');
      const index = indexPrices([list]);
      expect(rows).toHaveLength(334);
      const wrong = rows.flatMap((row) => {
        const found = index.find(row.provider, row.model);
        const usage: Usage = {
          inputTokens: row.tokens.input_total,
          outputTokens: row.tokens.output,
          cacheReadTokens: row.tokens.cache_read,
          cacheWriteTokens: row.tokens.cache_write,
          source: 'reported',
        };
        const entry = found === undefined ? undefined : entryAt(found.entries, Date.UTC(2026, 7, 20));
        const usd = entry === undefined ? undefined : costOfCall(entry, usage);
        if (usd !== undefined && Math.abs(usd - row.expected_usd) <= 0.001 * row.expected_usd) return [];
        return [`${row.provider} ${row.model}: ${usd}, not ${row.expected_usd} (${found?.key})`];
      });
      expect(wrong).toEqual([]);
    });
  }

  test('the tables agree on most models that both price', () => {
    const ours = importPriceList(LITELLM ?? '', '2026-08-01');
    const theirs = importPriceList(MODELS_DEV ?? '', '2026-07-01');
    const shared = Object.keys(ours.models).filter((key) => theirs.models[key] !== undefined);
    const makers = shared.filter((key) => /^(?:openai|anthropic|gemini|mistral|xai)\//.test(key));
    const differing = comparePrices(ours, theirs).filter(({ key }) => makers.includes(key));
    expect(makers.length).toBeGreaterThan(80);
    expect(differing.length / makers.length).toBeLessThan(0.15);
  });
});
