import { existsSync, readFileSync } from 'node:fs';
import type { Span } from '@vedetta/model';
import { afterAll, describe, expect, test } from 'vitest';
import { estimateUsage } from './estimate-usage.js';
import { createTokenizer } from './tokenizer.js';

const FILE = new URL('../../../../../../shared/data/cost-and-token-reference/token-reference.jsonl', import.meta.url);
const absent = !existsSync(FILE);
if (absent && process.env.CI) throw new Error('no shared data: token-reference.jsonl');

interface Row {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly provider_prompt_tokens: number;
  readonly completion: string;
  readonly provider_completion_tokens: number;
  readonly reasoning_tokens: number;
}

const tokenizer = createTokenizer();
afterAll(() => tokenizer.stop());

function call(model: string, messages: Row['messages'], answer = '', more: object = {}): Span {
  const toMessage = ({ role, content }: { role: string; content: string }) => ({
    role,
    parts: [{ type: 'text', content }],
  });
  return {
    endUnixNano: 1n,
    attributes: {},
    genAi: {
      operation: 'chat',
      requestModel: model,
      aggregate: false,
      dialects: [],
      inputMessages: messages.map(toMessage),
      ...(answer === '' ? {} : { outputMessages: [toMessage({ role: 'assistant', content: answer })] }),
      ...more,
    },
  } as unknown as Span;
}

const counters = () => ({ estimatedCalls: 0, skippedEstimates: 0 });

describe.skipIf(absent)(absent ? 'skipped: no shared data' : 'recorded chats', () => {
  test('are counted as their provider counted them', async () => {
    const rows = readFileSync(FILE, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Row);
    const spans = rows.map((row) => call(row.model, row.messages, row.completion));
    await estimateUsage(spans, tokenizer, counters());
    const errors = spans.map(
      (span, i) => (span.genAi?.usage?.inputTokens ?? -1) - (rows[i]?.provider_prompt_tokens ?? 0),
    );
    expect(errors).toHaveLength(137);
    expect(errors.filter((error) => error === 0)).toHaveLength(137);
    const answered = rows.flatMap((row, i) => (row.completion === '' ? [] : [{ row, usage: spans[i]?.genAi?.usage }]));
    const off = answered.map(({ row, usage }) =>
      Math.abs((usage?.outputTokens ?? 0) - (row.provider_completion_tokens - row.reasoning_tokens)),
    );
    expect(off.filter((error) => error <= 1).length / off.length).toBeGreaterThan(0.9);
  });
});

test('an answer that was cut short is counted as far as it came', async () => {
  const span = call('gpt-4o', [{ role: 'user', content: 'Tell me' }], 'Once upon a');
  await estimateUsage([span], tokenizer, counters());
  expect(span.genAi?.usage).toEqual({ inputTokens: 9, outputTokens: 3, source: 'estimated' });
});

test('reported figures are left alone, and nothing waits', () => {
  const span = call('gpt-4o', [{ role: 'user', content: 'hi' }], 'ho', {
    usage: { inputTokens: 7, source: 'reported' },
  });
  expect(estimateUsage([span], tokenizer, counters())).toBeUndefined();
});

test('an estimate stands beside reported figures where every call is counted', async () => {
  const span = call('gpt-4o', [{ role: 'user', content: 'hi' }], 'hello', {
    usage: { inputTokens: 8, outputTokens: 2, source: 'reported' },
    otherUsage: [{ inputTokens: 9, source: 'supplied' }],
  });
  await estimateUsage([span], tokenizer, counters(), 'all');
  expect(span.genAi?.usage).toEqual({ inputTokens: 8, outputTokens: 2, source: 'reported' });
  expect(span.genAi?.otherUsage).toEqual([
    { inputTokens: 9, source: 'supplied' },
    { inputTokens: 8, outputTokens: 1, source: 'estimated' },
  ]);
});

test('a picture cannot be counted, so the prompt has no figure', async () => {
  const picture = [{ role: 'user', parts: [{ type: 'blob', modality: 'image', content: 'aGk=' }] }];
  const span = call('gpt-4o', [], 'A cat', { inputMessages: picture });
  await estimateUsage([span], tokenizer, counters());
  expect(span.genAi?.usage).toEqual({ outputTokens: 2, source: 'estimated' });
});

test('a text too long to count is projected from a sample, and says so', async () => {
  const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20_000);
  const span = call('gpt-4o', [{ role: 'user', content: text }]);
  await estimateUsage([span], tokenizer, counters());
  expect(span.genAi?.usage?.sampled).toBe(true);
  expect(Math.abs((span.genAi?.usage?.inputTokens ?? 0) / 200_000 - 1)).toBeLessThan(0.02);
});

test('words that mean something to a model, and words without end, are only text', async () => {
  const hostile = ['<|endoftext|><|im_start|>', 'a'.repeat(150_000), '\u{1F600}'.repeat(5000), '\ud800'];
  const spans = hostile.map((content) => call('gpt-4o', [{ role: 'user', content }]));
  const counted = counters();
  await estimateUsage(spans, tokenizer, counted);
  for (const span of spans) expect(span.genAi?.usage?.inputTokens).toBeGreaterThan(5);
  expect(counted).toEqual({ estimatedCalls: 4, skippedEstimates: 0 });
});

test('a worker that hangs is ended, and its calls are stored without usage', async () => {
  const hung = createTokenizer({ deadlineMs: 50, program: 'for (;;);' });
  const span = call('gpt-4o', [{ role: 'user', content: 'hi' }]);
  const counted = counters();
  await estimateUsage([span], hung, counted);
  expect(span.genAi?.usage).toBeUndefined();
  expect(counted.skippedEstimates).toBe(1);
  hung.stop();
});

test('a worker that dies leaves the call without usage, and a new one is started after a rest', async () => {
  let time = 0;
  const dying = createTokenizer({
    now: () => time,
    program: "require('node:worker_threads').parentPort.on('message', () => process.exit(1));",
  });
  expect(await dying.count('o200k_base', [['hi']])).toBeUndefined();
  expect(await dying.count('o200k_base', [['hi']])).toBeUndefined();
  time = 20_000;
  expect(await dying.count('o200k_base', [['hi']])).toBeUndefined();
  dying.stop();
});

describe('calls that are billed by units', () => {
  const text = [{ role: 'user', content: 'Read this out' }];
  const units = (more: object) => ({ usage: { source: 'counted', units: { ...more, source: 'counted' } } });

  test.each([
    ['speech', 'generate_content', units({ inputCharacters: 13 })],
    ['a ranking', 'rerank', {}],
    ['a moderation', 'moderation', {}],
  ])('are not counted by tokens: %s', (_, operation, more) => {
    const span = call('tts-1', text, '', { operation, ...more });
    expect(estimateUsage([span], tokenizer, counters())).toBeUndefined();
    expect(estimateUsage([span], tokenizer, counters(), 'all')).toBeUndefined();
  });

  test('but chats that searched the web are, and their searches stay', async () => {
    const span = call('gpt-4o', text, 'Done', units({ webSearches: 2 }));
    await estimateUsage([span], tokenizer, counters());
    expect(span.genAi?.usage).toMatchObject({
      inputTokens: 10,
      outputTokens: 1,
      source: 'estimated',
      units: { webSearches: 2, source: 'counted' },
    });
    expect(span.genAi?.otherUsage).toBeUndefined();
  });
});
