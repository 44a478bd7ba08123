import { expect, test } from 'vitest';
import { priceText, type ShownPrices, unitPriceText } from './price-text.js';

test.each<[ShownPrices, string]>([
  [{ input: 3, output: 15 }, '3 / 15'],
  [{ input: 3 }, '3 / -'],
  [{ perSecondInput: 0.0001 }, '0.0001 a second in'],
  [{ input: 0, output: 0, perQuery: 0.002 }, '0 / 0, 0.002 a search'],
  [
    {
      perImageOutput: 0.04,
      images: [
        { size: '1024x1792', quality: 'hd', usd: 0.12 },
        { size: '512x512', usd: 0.018 },
      ],
    },
    '0.04 a picture, 0.12 a picture of 1024x1792 hd, 0.018 a picture of 512x512',
  ],
  [{}, '- / -'],
])('%j is said as %s', (entry, text) => {
  expect(priceText(entry)).toBe(text);
});

test('a model that is paid by tokens has no price of single things', () => {
  expect(unitPriceText({ input: 3, output: 15 })).toBe('');
});
