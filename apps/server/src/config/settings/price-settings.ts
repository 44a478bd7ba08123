import type { Setting } from './setting.js';
import { readInteger, readOneOf, readPriceOverrides, readText, readTexts } from './setting-readers.js';

/** What calls cost. */
export const PRICE_SETTINGS: readonly Setting[] = [
  {
    path: 'prices.overrides',
    variables: ['VEDETTA_PRICES_OVERRIDES'],
    type: 'map of `provider/model` to prices, or path of a file',
    default: {},
    description: 'Prices that stand above those of the price list; see [cost.md](cost.md#overrides).',
    read: readPriceOverrides,
  },
  {
    path: 'prices.local',
    variables: ['VEDETTA_PRICES_LOCAL'],
    flag: 'prices-local',
    type: 'list of providers, hosts or `provider/model`',
    default: [],
    description:
      'What runs on your own machines and costs nothing a call, besides the known engines; see [cost.md](cost.md#local-models).',
    read: readTexts,
  },
  {
    path: 'prices.compareWith',
    variables: ['VEDETTA_PRICES_COMPARE_WITH'],
    flag: 'prices-compare-with',
    type: '`provider/model`',
    default: 'openai/gpt-4o-mini',
    description: 'Model whose price is shown beside the tokens of local ones.',
    read: readText,
  },
  {
    path: 'prices.staleDays',
    variables: ['VEDETTA_PRICES_STALE_DAYS'],
    flag: 'prices-stale-days',
    type: 'integer, 1 to 3650',
    default: 90,
    description: 'Age of the price list in days past which it is warned of.',
    read: readInteger(1, 3650),
  },
  {
    path: 'prices.estimateTokens',
    variables: ['VEDETTA_PRICES_ESTIMATE_TOKENS'],
    flag: 'prices-estimate-tokens',
    type: '`missing`, `all`, `off`',
    default: 'missing',
    description:
      'Which LLM calls have their messages counted: those whose tokens nobody reported, or all, so that an estimate stands beside what the provider reported; see [cost.md](cost.md#estimates).',
    read: readOneOf(['missing', 'all', 'off']),
  },
];
