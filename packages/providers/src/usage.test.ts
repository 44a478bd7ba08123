import type { Usage } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { openAiCompatible } from './compatible/provider.js';
import type { ResponseFacts } from './provider.js';
import { findProvider } from './providers.js';

function answer(provider: string, path: string, body: unknown): ResponseFacts {
  const reader = endpoint(provider, path).readResponse();
  reader.document(body);
  return reader.facts();
}

function stream(provider: string, path: string, ...events: readonly unknown[]): ResponseFacts {
  const reader = endpoint(provider, path).readResponse();
  for (const event of events) reader.event(event, '');
  return reader.facts();
}

function endpoint(provider: string, path: string) {
  const found = (findProvider(provider) ?? openAiCompatible(provider)).match('POST', path);
  if (found === undefined) throw new Error(`no endpoint at ${path}`);
  return found;
}

const CHAT = '/v1/chat/completions';

const CASES: readonly (readonly [what: string, facts: ResponseFacts, usage: Omit<Usage, 'source'> | undefined])[] = [
  [
    'OpenAI: cached and audio tokens are part of the prompt, reasoning is part of the completion',
    answer('openai', CHAT, {
      usage: {
        prompt_tokens: 2006,
        completion_tokens: 300,
        total_tokens: 2306,
        prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 6, cache_write_tokens: 10 },
        completion_tokens_details: { reasoning_tokens: 192, audio_tokens: 8, accepted_prediction_tokens: 0 },
      },
    }),
    {
      inputTokens: 2006,
      outputTokens: 300,
      cacheReadTokens: 1920,
      cacheWriteTokens: 10,
      reasoningTokens: 192,
      audioInputTokens: 6,
      audioOutputTokens: 8,
      statedTotalTokens: 2306,
    },
  ],
  [
    'xAI leaves reasoning out of the completion: its total shows it',
    answer('xai', CHAT, {
      usage: {
        prompt_tokens: 32,
        completion_tokens: 9,
        total_tokens: 135,
        completion_tokens_details: { reasoning_tokens: 94 },
      },
    }),
    { inputTokens: 32, outputTokens: 103, reasoningTokens: 94, statedTotalTokens: 135 },
  ],
  [
    'DeepSeek: hits of the prompt cache are part of the prompt',
    answer('deepseek', CHAT, {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 5,
        total_tokens: 105,
        prompt_cache_hit_tokens: 64,
        prompt_cache_miss_tokens: 36,
      },
    }),
    { inputTokens: 100, outputTokens: 5, cacheReadTokens: 64, statedTotalTokens: 105 },
  ],
  [
    'Groq: usage in its own member of the last chunk',
    stream('groq', '/openai/v1/chat/completions', {
      x_groq: { usage: { prompt_tokens: 18, completion_tokens: 73, total_tokens: 91 } },
    }),
    { inputTokens: 18, outputTokens: 73, statedTotalTokens: 91 },
  ],
  [
    'vLLM: usage in every chunk is cumulative, a null says nothing',
    stream(
      'vllm',
      CHAT,
      { choices: [], usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8 } },
      { choices: [], usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } },
      { choices: [], usage: null },
    ),
    { inputTokens: 7, outputTokens: 2, statedTotalTokens: 9 },
  ],
  [
    'vLLM: the total of a ranking is its input',
    answer('vllm', '/v1/rerank', { usage: { total_tokens: 43 } }),
    { inputTokens: 43, statedTotalTokens: 43 },
  ],
  [
    'pictures: all output is of pictures',
    answer('openai', '/v1/images/generations', {
      usage: {
        input_tokens: 50,
        output_tokens: 1056,
        total_tokens: 1106,
        input_tokens_details: { text_tokens: 10, image_tokens: 40 },
      },
    }),
    { inputTokens: 50, outputTokens: 1056, imageInputTokens: 40, imageOutputTokens: 1056, statedTotalTokens: 1106 },
  ],
  [
    'transcripts that are billed by duration have seconds and no tokens',
    answer('openai', '/v1/audio/transcriptions', { text: 'hello', usage: { type: 'duration', seconds: 9 } }),
    { units: { inputSeconds: 9, source: 'reported' } },
  ],
  [
    'Anthropic: the input is the sum of input, cache reads and cache writes; an hour costs more than five minutes',
    answer('anthropic', '/v1/messages', {
      usage: {
        input_tokens: 4,
        cache_creation_input_tokens: 1165,
        cache_read_input_tokens: 17,
        cache_creation: { ephemeral_5m_input_tokens: 1000, ephemeral_1h_input_tokens: 165 },
        output_tokens: 187,
        output_tokens_details: { thinking_tokens: 11 },
      },
    }),
    {
      inputTokens: 1186,
      outputTokens: 187,
      cacheReadTokens: 17,
      cacheWriteTokens: 1165,
      cacheWrite1hTokens: 165,
      reasoningTokens: 11,
      cacheAdded: true,
    },
  ],
  [
    'Anthropic: values of a stream are cumulative, nulls fall back to those before',
    stream(
      'anthropic',
      '/v1/messages',
      { type: 'message_start', message: { usage: { input_tokens: 17, cache_read_input_tokens: 3, output_tokens: 1 } } },
      {
        type: 'message_delta',
        delta: {},
        usage: { input_tokens: null, cache_read_input_tokens: null, output_tokens: 108 },
      },
    ),
    { inputTokens: 20, outputTokens: 108, cacheReadTokens: 3, cacheAdded: true },
  ],
  [
    'Ollama: a prompt without a count is unknown, not 0',
    answer('ollama', '/api/generate', { model: 'm', response: 'x', done: true, eval_count: 58 }),
    { outputTokens: 58 },
  ],
  [
    'Gemini: thoughts are output, tokens of tool use are input',
    answer('gemini', '/v1beta/models/m:generateContent', {
      usageMetadata: {
        promptTokenCount: 100,
        cachedContentTokenCount: 64,
        toolUsePromptTokenCount: 20,
        candidatesTokenCount: 30,
        thoughtsTokenCount: 50,
        totalTokenCount: 200,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 60 },
          { modality: 'IMAGE', tokenCount: 40 },
        ],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 5 }],
      },
    }),
    {
      inputTokens: 120,
      outputTokens: 80,
      cacheReadTokens: 64,
      reasoningTokens: 50,
      imageInputTokens: 40,
      audioOutputTokens: 5,
      statedTotalTokens: 200,
    },
  ],
  [
    'Gemini in OpenAI’s shape: what only the total has are thoughts',
    answer('gemini', '/v1beta/openai/chat/completions', {
      usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 70 },
    }),
    { inputTokens: 10, outputTokens: 60, reasoningTokens: 40, statedTotalTokens: 70 },
  ],
  [
    'Cohere: what is billed counts',
    answer('cohere', '/v2/chat', {
      usage: { billed_units: { input_tokens: 7, output_tokens: 88 }, tokens: { input_tokens: 69, output_tokens: 89 } },
    }),
    { inputTokens: 7, outputTokens: 88 },
  ],
  [
    'Cohere: a ranking has searches and no tokens',
    answer('cohere', '/v2/rerank', { meta: { billed_units: { search_units: 1 } } }),
    { units: { searchUnits: 1, source: 'reported' } },
  ],
  [
    'Bedrock: cached tokens stand beside the input where the total says so',
    answer('bedrock', '/model/m/converse', {
      usage: {
        inputTokens: 20,
        outputTokens: 72,
        cacheReadInputTokens: 100,
        cacheWriteInputTokens: 8,
        totalTokens: 200,
      },
    }),
    {
      inputTokens: 128,
      outputTokens: 72,
      cacheReadTokens: 100,
      cacheWriteTokens: 8,
      statedTotalTokens: 200,
      cacheAdded: true,
    },
  ],
  [
    'llama.cpp: the prompt is what was evaluated and what was cached',
    answer('llama.cpp', '/completion', {
      content: 'x',
      stop: true,
      timings: { cache_n: 236, prompt_n: 1, predicted_n: 35 },
    }),
    { inputTokens: 237, outputTokens: 35, cacheReadTokens: 236 },
  ],
];

describe('usage', () => {
  it.each(CASES)('%s', (_, facts, usage) => {
    expect(facts.usage).toEqual(usage === undefined ? undefined : { ...usage, source: 'reported' });
  });

  it('a negative, fractional or textual count is no count', () => {
    const facts = answer('openai', CHAT, {
      usage: { prompt_tokens: -1, completion_tokens: '5', total_tokens: Number.MAX_VALUE },
    });
    expect(facts.usage).toBeUndefined();
  });

  it.each<readonly [what: string, path: string, usage: object, usd: number | undefined]>([
    ['OpenRouter', '/api/v1/chat/completions', { cost: 0.0012 }, 0.0012],
    [
      'OpenRouter with a key of one’s own',
      '/api/v1/chat/completions',
      { cost: 0.0001, is_byok: true, cost_details: { upstream_inference_cost: 0.002 } },
      0.0021,
    ],
    [
      'OpenRouter, which had the upstream’s price in its own',
      '/api/v1/chat/completions',
      { cost: 0.0022, is_byok: false, cost_details: { upstream_inference_cost: 0.002 } },
      0.0022,
    ],
    ['Perplexity', CHAT, { cost: { input_tokens_cost: 0.0001, request_cost: 0.005, total_cost: 0.0051 } }, 0.0051],
    ['xAI', CHAT, { cost_in_usd_ticks: 37_756_000 }, 0.0037756],
    ['xAI’s responses', '/v1/responses', { cost_in_usd_ticks: 37_756_000 }, 0.0037756],
    ['xAI’s pictures', '/v1/images/generations', { cost_in_usd_ticks: 200_000_000 }, 0.02],
    ['a price below nothing', CHAT, { cost: -1 }, undefined],
    ['a price in words', CHAT, { cost: '1', cost_in_usd_ticks: '5' }, undefined],
  ])('the call’s cost as its answer states it: %s', (_, path, usage, usd) => {
    expect(answer('openrouter', path, { usage }).suppliedCostUsd).toEqual(
      usd === undefined ? undefined : expect.closeTo(usd, 12),
    );
  });
});

describe('times that the provider measured', () => {
  it('Ollama’s are nanoseconds', () => {
    const { timings } = answer('ollama', '/api/chat', {
      done: true,
      load_duration: 988_875,
      prompt_eval_duration: 33_914_000,
      eval_duration: 1_194_343_000,
    });
    expect(timings).toEqual([
      { phase: 'model_load', durationNano: 988_875 },
      { phase: 'prompt_evaluation', durationNano: 33_914_000 },
      { phase: 'token_generation', durationNano: 1_194_343_000 },
    ]);
  });

  it('llama.cpp’s are milliseconds', () => {
    const { timings } = stream('llama.cpp', CHAT, {
      choices: [],
      timings: { prompt_ms: 30.958, predicted_ms: 661.064 },
    });
    expect(timings).toEqual([
      { phase: 'prompt_evaluation', durationNano: 30_958_000 },
      { phase: 'token_generation', durationNano: 661_064_000 },
    ]);
  });
});
