import { expect, test } from 'vitest';
import { readUnits, toUnitRecord, UNIT_NAMES } from './billed-units.js';

test('units come back as they were written, every one of them', () => {
  const counts = Object.fromEntries(Object.keys(UNIT_NAMES).map((name, i) => [name, i + 0.5]));
  const units = { ...counts, imageSize: '1024x1792', imageQuality: 'hd', source: 'counted' } as const;
  const record = toUnitRecord(units);
  expect(Object.keys(record)).toEqual([...Object.values(UNIT_NAMES), 'image_size', 'image_quality', 'units_source']);
  expect(readUnits((name) => record[name])).toEqual(units);
});

test.each([
  ['no count', { image_size: '1024x1024', units_source: 'reported' }],
  ['a negative count', { output_images: -1 }],
  ['text', { output_images: '1' }],
  ['no number', { input_seconds: Number.NaN, output_seconds: Number.POSITIVE_INFINITY }],
])('%s says nothing', (_, record: Record<string, unknown>) => {
  expect(readUnits((name) => record[name])).toBeUndefined();
});

test.each(['x'.repeat(41), '', '\ud800', 'a\0b', '"', '{'])(
  'what is no size, no quality and no source is left out: %j',
  (text) => {
    const record: Record<string, unknown> = { pages: 0, image_size: text, image_quality: 7, units_source: text };
    expect(readUnits((name) => record[name])).toEqual({ pages: 0, source: 'reported' });
  },
);
