import type { BilledUnits, Usage } from '@vedetta/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chargeOf } from './call-cost.js';
import { importPriceList } from './import/import-price-list.js';
import { PriceListError, parseModels } from './parse-price-list.js';
import { entryAt, indexPrices } from './price-index.js';
import type { PriceEntry } from './price-list.js';
import { shippedPrices } from './shipped.js';
import { sharedText } from './testing/shared-data.js';

const SHIPPED = indexPrices([shippedPrices()]);
const LITELLM = sharedText('model-prices/litellm_model_prices.json.gz');

type Counts = Omit<BilledUnits, 'source'>;

function entryOf(provider: string, model: string): PriceEntry {
  const found = SHIPPED.find(provider, model);
  const entry = found && entryAt(found.entries, Date.UTC(2026, 7, 20));
  if (entry === undefined) throw new Error(`no price of ${provider}/${model}`);
  return entry;
}

function used(units: Counts, tokens: Omit<Usage, 'source' | 'units'> = {}): Usage {
  return { ...tokens, source: 'reported', units: { ...units, source: 'reported' } };
}

function usd(provider: string, model: string, usage: Usage | undefined, operation = ''): number | undefined {
  return chargeOf(entryOf(provider, model), usage, '', operation)?.usd;
}

describe('a call that is billed by units', () => {
  test.each<[string, string, string, Usage, number]>([
    ['one small picture', 'openai', 'dall-e-2', used({ outputImages: 1, imageSize: '256x256' }), 0.016],
    ['pictures of the usual size', 'openai', 'dall-e-2', used({ outputImages: 3 }), 0.06],
    ['a large picture', 'openai', 'dall-e-3', used({ outputImages: 1, imageSize: '1024x1792' }), 0.08],
    ['the usual quality', 'openai', 'dall-e-3', used({ outputImages: 1, imageQuality: 'standard' }), 0.04],
    ['a better one', 'openai', 'dall-e-3', used({ outputImages: 2, imageQuality: 'hd' }), 0.16],
    ['on Azure', 'azure.ai.openai', 'dall-e-3', used({ outputImages: 1, imageSize: '1024x1024' }), 0.04],
    ['no picture', 'openai', 'dall-e-3', used({ outputImages: 0 }), 0],
    [
      'Imagen',
      'gcp.vertex_ai',
      'imagen-4.0-ultra-generate-001',
      used({ outputImages: 2, imageSize: '2048x2048' }),
      0.12,
    ],
    ['a minute of speech', 'openai', 'whisper-1', used({ inputSeconds: 60 }), 0.006],
    ['a part of a second', 'groq', 'whisper-large-v3', used({ inputSeconds: 0.5 }), 0.5 * 3.083e-5],
    ['a minute, priced on the other side', 'soniox', 'stt-async-v4', used({ inputSeconds: 60 }), 60 * 2.77778e-5],
    ['spoken text', 'openai', 'tts-1', used({ inputCharacters: 1000 }), 0.015],
    ['spoken text, better', 'azure.ai.openai', 'tts-1-hd', used({ inputCharacters: 1000 }), 0.03],
    ['searches', 'cohere', 'rerank-v3.5', used({ searchUnits: 3 }), 0.006],
    ['pages', 'mistral_ai', 'mistral-ocr-2512', used({ pages: 7 }), 0.014],
    ['pictures to embed', 'cohere', 'embed-english-v3.0', used({ inputImages: 2 }), 0.0002],
    ['characters to embed', 'gcp.vertex_ai', 'text-embedding-005', used({ inputCharacters: 4000 }), 0.0001],
  ])('%s', (_, provider, model, usage, expected) => {
    expect(usd(provider, model, usage)).toBeCloseTo(expected, 10);
  });

  test.each<[string, string, string, Usage | undefined]>([
    ['nobody counted anything', 'openai', 'whisper-1', undefined],
    ['only its text was counted', 'openai', 'whisper-1', { outputTokens: 10, source: 'estimated' }],
    ['another unit was counted', 'openai', 'whisper-1', used({ inputCharacters: 5 })],
    ['a picture has a size without a price', 'openai', 'dall-e-3', used({ outputImages: 1, imageSize: '512x512' })],
    ['a picture has a quality without a price', 'openai', 'dall-e-2', used({ outputImages: 1, imageQuality: 'hd' })],
    ['its quality is left to a provider that prices it', 'openai', 'gpt-image-1', used({ outputImages: 1 })],
    // The text is known, the sound is what costs most.
    ['only one direction was counted', 'openai', 'gpt-4o-mini-tts', used({ inputCharacters: 9 }, { inputTokens: 3 })],
    [
      'pictures cost, tokens do not',
      'gemini',
      'gemini-2.0-flash-exp-image-generation',
      used({}, { outputTokens: 1290 }),
    ],
    ['pages were not counted', 'mistral_ai', 'mistral-ocr-latest', { inputTokens: 9, source: 'estimated' }],
  ])('has no cost where %s', (_, provider, model, usage) => {
    expect(usd(provider, model, usage)).toBeUndefined();
  });

  test('is charged once where the list has prices for tokens and for units of the same direction', () => {
    const tts = entryOf('openai', 'gpt-4o-mini-tts');
    const spoken = { inputTokens: 10, outputTokens: 100, audioOutputTokens: 100 };
    expect(chargeOf(tts, used({ inputCharacters: 40, outputSeconds: 5 }, spoken))?.usd).toBeCloseTo(
      (10 * 2.5 + 100 * 12) / 1e6,
      12,
    );
    expect(chargeOf(tts, used({ inputCharacters: 40, outputSeconds: 5 }, { inputTokens: 10 }))?.usd).toBeCloseTo(
      (10 * 2.5) / 1e6 + 5 * 0.00025,
      12,
    );
    const image = used({ outputImages: 1 }, { inputTokens: 8, outputTokens: 1120, imageOutputTokens: 1120 });
    expect(usd('gcp.gemini', 'gemini-3-pro-image', image)).toBeCloseTo((8 * 2 + 1120 * 120) / 1e6, 12);
  });

  test('pays fees and searches on top of its tokens', () => {
    const tokens = { inputTokens: 1000, outputTokens: 100 };
    const plain = usd('anthropic', 'claude-sonnet-4-5-20250929', used({}, tokens)) as number;
    expect(usd('anthropic', 'claude-sonnet-4-5-20250929', used({ webSearches: 2 }, tokens))).toBeCloseTo(
      plain + 0.02,
      9,
    );
    const fee: PriceEntry = { perRequest: 0.005, input: 0, output: 2.8 };
    expect(chargeOf(fee, { ...tokens, source: 'reported' })?.usd).toBeCloseTo(0.005 + 280e-6, 12);
    expect(chargeOf(fee, undefined)).toBeUndefined();
    expect(chargeOf({ perRequest: 0.005 }, undefined)).toEqual({ usd: 0.005, estimated: false });
  });

  test('says what was estimated, and nothing else', () => {
    const seconds = (source: BilledUnits['source']): Usage => ({
      outputTokens: 9,
      source: 'estimated',
      units: { inputSeconds: 60, source },
    });
    const whisper = entryOf('openai', 'whisper-1');
    expect(chargeOf(whisper, seconds('reported'))).toEqual({ usd: 0.006, estimated: false });
    expect(chargeOf(whisper, seconds('estimated'))).toEqual({ usd: 0.006, estimated: true });
    const rerank = entryOf('cohere', 'rerank-v3.5');
    expect(chargeOf(rerank, undefined, '', 'rerank')).toEqual({ usd: 0.002, estimated: true });
    expect(chargeOf(rerank, used({ searchUnits: 1 }), '', 'rerank')).toEqual({ usd: 0.002, estimated: false });
    expect(chargeOf(rerank, undefined, '', 'chat')).toBeUndefined();
  });

  test('is free where the list says so, whatever it used', () => {
    const free = entryOf('openai', 'omni-moderation-latest');
    expect(chargeOf(free, undefined)).toEqual({ usd: 0, estimated: false });
    expect(chargeOf(free, { inputTokens: 5, source: 'estimated' })).toEqual({ usd: 0, estimated: false });
  });

  test('costs more the more it used, and always a number', () => {
    const count = fc.oneof(fc.double(), fc.nat());
    const entry: PriceEntry = { perImageInput: 1, perSecondInput: 0.5, perPixelOutput: 1e-6, perQuery: 2, perPage: 3 };
    fc.assert(
      fc.property(count, count, count, count, (inputImages, inputSeconds, outputImages, searchUnits) => {
        const units = { inputImages, inputSeconds, outputImages, searchUnits, source: 'reported' as const };
        const cost = chargeOf(entry, { source: 'reported', units })?.usd;
        expect(cost === undefined || Number.isFinite(cost)).toBe(true);
        const more = chargeOf(entry, { source: 'reported', units: { ...units, inputSeconds: inputSeconds + 1 } })?.usd;
        if (cost !== undefined && more !== undefined) expect(more).toBeGreaterThanOrEqual(cost);
      }),
    );
  });
});

describe('entries of the list', () => {
  test.each<[string, unknown]>([
    ['no size', [{ usd: 1 }]],
    ['a size that is none', [{ size: 'large', usd: 1 }]],
    ['no price', [{ size: '1x1' }]],
    ['a price below 0', [{ size: '1x1', usd: -1 }]],
    ['a member that is none', [{ size: '1x1', usd: 1, colour: 2 }]],
    ['a quality that is no text', [{ size: '1x1', usd: 1, quality: 3 }]],
    ['no picture', []],
  ])('are refused with pictures that have %s', (_, images) => {
    expect(() => parseModels({ 'a/b': { images } })).toThrow(PriceListError);
  });

  test('may name pictures alone', () => {
    const models = parseModels({ 'a/b': { images: [{ size: '1024x1024', quality: 'hd', usd: 0.08 }] } });
    expect(models['a/b']).toEqual({ images: [{ size: '1024x1024', quality: 'hd', usd: 0.08 }] });
  });
});

describe.skipIf(LITELLM === undefined)("LiteLLM's table (skipped: no shared data)", () => {
  const table = JSON.parse(LITELLM ?? '{}') as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  const rate = (name: string, price: string) => table[name]?.[price] as number | undefined;

  // What the rule of one way a direction rests on: the second price is the first in another unit. Google counts four characters a token;
  // a picture is some 1,000 tokens, a second of speech some 20.
  test('states the same price twice where a direction has tokens and units', () => {
    const ratios = (unit: string, token: string) =>
      Object.keys(table).flatMap((name) => {
        const [perUnit = 0, perToken = 0] = [rate(name, unit), rate(name, token)];
        return perUnit > 0 && perToken > 0 ? [perUnit / perToken] : [];
      });
    const characters = ratios('input_cost_per_character', 'input_cost_per_token');
    expect(characters.length).toBeGreaterThanOrEqual(6);
    for (const ratio of characters) expect(ratio).toBeCloseTo(0.25, 6);
    const pictures = ratios('output_cost_per_image', 'output_cost_per_image_token');
    expect(pictures.length).toBeGreaterThanOrEqual(10);
    for (const ratio of pictures) expect(ratio > 700 && ratio < 1400, String(ratio)).toBe(true);
    for (const ratio of ratios('output_cost_per_second', 'output_cost_per_audio_token'))
      expect(ratio).toBeCloseTo(20.83, 1);
  });

  test('is charged as LiteLLM charges it: a second once, a picture by what it names first', () => {
    const index = indexPrices([importPriceList(LITELLM ?? '', '2026-08-01')]);
    const wrong: string[] = [];
    let checked = 0;
    for (const [name, raw] of Object.entries(table)) {
      const provider = String(raw.litellm_provider);
      const model = name.startsWith(`${provider}/`) ? name.slice(provider.length + 1) : name;
      const entry = index.find(provider, model)?.entries[0];
      const expect = (usage: Usage, expected: number | undefined, operation = '') => {
        if (expected === undefined || expected === 0 || entry === undefined) return;
        checked++;
        const cost = chargeOf(entry, usage, '', operation)?.usd;
        if (cost === undefined || Math.abs(cost - expected) > 0.001 * expected)
          wrong.push(`${name}: ${cost}, not ${expected}`);
      };
      const of = (price: string) => rate(name, price) || undefined;
      if (raw.mode === 'audio_transcription') {
        const second = of('input_cost_per_second') ?? of('output_cost_per_second');
        expect(used({ inputSeconds: 90 }), second && second * 90);
      } else if (raw.mode === 'audio_speech') {
        const character = of('input_cost_per_character');
        expect(used({ inputCharacters: 777 }), character && character * 777);
      } else if (raw.mode === 'rerank') {
        const query = of('input_cost_per_query');
        expect(used({ searchUnits: 2 }), query && query * 2, 'rerank');
      } else if (raw.mode === 'image_generation' && /^[a-z_]+$/.test(provider) && !/\d-x-\d|steps/.test(name)) {
        if (of('input_cost_per_token') !== undefined) continue;
        const image = of('output_cost_per_image') ?? of('input_cost_per_image');
        expect(used({ outputImages: 3 }), image && image * 3);
      }
    }
    expect(checked).toBeGreaterThan(150);
    expect(wrong).toEqual([]);
  });

  test('has a price for every size it names apart', () => {
    const index = indexPrices([importPriceList(LITELLM ?? '', '2026-08-01')]);
    const wrong: string[] = [];
    let checked = 0;
    for (const [name, raw] of Object.entries(table)) {
      const [, azure, imageQuality, width, height, model] =
        /^(azure\/)?(?:(low|medium|high|standard|hd)\/)?(\d+)-x-(\d+)\/([^/]+)$/.exec(name) ?? [];
      if (width === undefined || height === undefined || model === undefined) continue;
      const expected =
        rate(name, 'input_cost_per_image') ??
        (rate(name, 'input_cost_per_pixel') ?? 0) * Number(width) * Number(height);
      const isAlias = imageQuality === 'standard' || imageQuality === undefined;
      if (expected === 0 || (isAlias && model.startsWith('gpt-image'))) continue;
      checked++;
      const units = {
        outputImages: 1,
        imageSize: `${width}x${height}`,
        ...(imageQuality === undefined ? {} : { imageQuality }),
      };
      const entry = index.find(azure === undefined ? String(raw.litellm_provider) : 'azure', model)?.entries[0];
      // The prompt's tokens come on top.
      const cost = entry && chargeOf(entry, used(units, { inputTokens: 0 }))?.usd;
      // Its prices for a pixel are rounded: at worst 0.4 % off what a picture costs.
      if (cost === undefined || Math.abs(cost - expected) > 0.004 * expected)
        wrong.push(`${name}: ${cost}, not ${expected}`);
    }
    expect(checked).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });
});
