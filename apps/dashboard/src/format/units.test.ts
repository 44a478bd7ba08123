import { expect, it } from 'vitest';
import { formatUnits } from './units.js';

it.each([
  [{ output_images: 1, units_source: 'reported' }, '1 picture'],
  [
    { output_images: 2, image_size: '1024x1792', image_quality: 'hd', units_source: 'reported' },
    '2 pictures (1024x1792, hd)',
  ],
  [{ input_seconds: 8.470000267, units_source: 'reported' }, '8.47 seconds in'],
  [{ input_characters: 12345, units_source: 'counted' }, '12,345 characters in'],
  [{ search_units: 2, units_source: 'estimated' }, '~2 searches'],
  [{ web_searches: 1, pages: 0, units_source: 'reported' }, '1 web search, 0 pages'],
] as const)('units %j are shown as %s', (units, text) => {
  expect(formatUnits(units)).toBe(text);
});
