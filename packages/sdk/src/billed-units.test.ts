import { expect, it } from 'vitest';
import { givenUnits } from './billed-units.js';
import type { LlmCall } from './llm-call.js';
import { llmAttributes } from './llm-call.js';
import { MappedReader } from './wrappers/mapped-reader.js';

const POLICY = { mode: 'off', redact: undefined, maxBytes: 1000 } as const;

function attributesOf(call: LlmCall): Record<string, unknown> {
  const named = Object.fromEntries(llmAttributes(call, 'm', POLICY));
  return Object.fromEntries(Object.entries(named).filter(([name]) => name.startsWith('vedetta.usage.')));
}

it('every unit that a call is billed for is sent', () => {
  const units = {
    inputImages: 1,
    outputImages: 2,
    imageSize: '1024x1024',
    imageQuality: 'hd',
    inputSeconds: 0.5,
    outputSeconds: 3,
    inputCharacters: 4,
    outputCharacters: 5,
    searchUnits: 6,
    webSearches: 7,
    pages: 8,
  };
  expect(attributesOf({ usage: { units } })).toEqual({
    'vedetta.usage.input_images': 1,
    'vedetta.usage.output_images': 2,
    'vedetta.usage.image_size': '1024x1024',
    'vedetta.usage.image_quality': 'hd',
    'vedetta.usage.input_seconds': 0.5,
    'vedetta.usage.output_seconds': 3,
    'vedetta.usage.input_characters': 4,
    'vedetta.usage.output_characters': 5,
    'vedetta.usage.search_units': 6,
    'vedetta.usage.web_searches': 7,
    'vedetta.usage.pages': 8,
    'vedetta.usage.units_source': 'reported',
  });
});

it('what the provider reported comes before the own count', () => {
  const ownUsage = { units: { pages: 3 } };
  expect(attributesOf({ ownUsage })).toEqual({ 'vedetta.usage.pages': 3, 'vedetta.usage.units_source': 'supplied' });
  expect(attributesOf({ ownUsage, usage: { units: { pages: 4 } } })).toEqual({
    'vedetta.usage.pages': 4,
    'vedetta.usage.units_source': 'reported',
  });
});

it.each([undefined, null, 5, 'x', {}, { pages: -1 }, { pages: '3' }, { imageSize: '1x1' }, { pages: Number.NaN }])(
  'units that are %j are none',
  (given) => {
    expect(givenUnits(given, 'reported')).toBeUndefined();
  },
);

it('a mapping may state units, with or without tokens', () => {
  const reader = new MappedReader({ answer: () => ({ usage: { units: { outputSeconds: 9 } } }), piece: undefined });
  reader.document({});
  expect(reader.facts().usage).toEqual({ source: 'supplied', units: { outputSeconds: 9, source: 'supplied' } });
});
