import { modelsSchema } from '@vedetta/client/schemas';
import type { ModelStats } from '@vedetta/store';
import type { ServedModel, UpstreamState, WatchedUpstream } from '@vedetta/watch';
import { describe, expect, it } from 'vitest';
import { describeModels, servedModelNames } from './describe-models.js';

const NONE = { meanMs: undefined, p50Ms: undefined, p95Ms: undefined, p99Ms: undefined, maxMs: undefined };

function calls(provider: string, model: string, more: Partial<ModelStats> = {}): ModelStats {
  return {
    provider,
    model,
    calls: 3,
    completed: 1,
    failed: 1,
    timeout: 1,
    cancelled: 0,
    successRate: 1 / 3,
    duration: { ...NONE, meanMs: 20 },
    timeToFirstToken: NONE,
    tokensPerSecond: undefined,
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costUsd: undefined,
    unpricedCalls: 3,
    estimatedCalls: 0,
    elsewhereUsd: undefined,
    firstUsedUnixMs: 1_763_000_000_000,
    lastUsedUnixMs: 1_763_000_060_000,
    scores: [{ name: 'user_satisfaction', count: 2, mean: 0.5, min: 0, max: 1 }],
    ...more,
  };
}

function upstream(name: string, provider: string, state: UpstreamState): WatchedUpstream {
  return { name, provider, url: `http://key:secret@127.0.0.1:1/${name}`, state, isService: true };
}

function lists(...models: ServedModel[]): UpstreamState {
  return { kind: 'reachable', checkedUnixMs: 1_763_000_000_000, responseMs: 2, models, reason: '', load: undefined };
}

const DOWN: UpstreamState = { kind: 'unreachable', checkedUnixMs: 1, responseMs: 2, reason: 'ECONNREFUSED' };
const NO_LIST: UpstreamState = {
  kind: 'reachable',
  checkedUnixMs: 1,
  responseMs: 2,
  models: undefined,
  reason: 'needs a key',
  load: undefined,
};

function availabilityOf(upstreams: readonly WatchedUpstream[], stats: ModelStats): string | undefined {
  return describeModels(upstreams, [stats]).models[0]?.availability;
}

describe('models', () => {
  it('are those called, with what their upstream says, then those only served', () => {
    const answer = describeModels(
      [upstream('ollama', 'ollama', lists({ model: 'a:latest', loaded: true, vramBytes: 7 }, { model: 'b' }))],
      [calls('ollama', 'a')],
    );
    expect(modelsSchema.strict().parse(answer).models).toMatchObject([
      {
        model: 'a',
        upstream: 'ollama',
        availability: 'available',
        loaded: true,
        vram_bytes: 7,
        requests: 3,
        failed: 2,
        total_tokens: 15,
        cost_usd: null,
        unpriced_calls: 3,
        last_used: '2025-11-13T02:14:20.000Z',
        scores: [{ name: 'user_satisfaction', average: 0.5, count: 2, min: 0, max: 1 }],
      },
      { model: 'b', provider: 'ollama', availability: 'available', loaded: null, requests: 0, last_used: null },
    ]);
  });

  it('are looked for where their provider lists them', () => {
    const upstreams = [upstream('near', 'vllm', lists({ model: 'x' })), upstream('far', 'vllm', lists({ model: 'y' }))];
    expect(describeModels(upstreams, [calls('vllm', 'y')]).models[0]).toMatchObject({ upstream: 'far' });
  });

  it('do not take those of another provider for their own', () => {
    const upstreams = [upstream('openai', 'openai', lists({ model: 'x' }))];
    expect(availabilityOf(upstreams, calls('azure.ai.openai', 'x'))).toBe('unknown');
    expect(availabilityOf(upstreams, calls('', 'x'))).toBe('unknown');
  });

  it.each([
    ['is listed', 'openai', 'openai', lists({ model: 'x' }), 'available'],
    ['is not listed', 'openai', 'openai', lists({ model: 'y' }), 'unavailable'],
    ['cannot be listed', 'openai', 'openai', NO_LIST, 'unknown'],
    ['is at an upstream that is down', 'gemini', 'gcp.gemini', DOWN, 'unavailable'],
    ['is at an upstream that is not asked', 'openai', 'openai', { kind: 'unchecked' } as const, 'unknown'],
    ['is a deployment of Azure', 'azure', 'azure.ai.openai', lists({ model: 'y' }), 'unknown'],
  ])('know whether one answers that %s', (_what, provider, statsProvider, state, expected) => {
    expect(availabilityOf([upstream(provider, provider, state)], calls(statsProvider, 'x'))).toBe(expected);
  });
});

it.each([
  ['gpt-x-2024-07-18', 'available'],
  ['gpt-x-20241022', 'available'],
  ['gpt-x-mini', 'unavailable'],
  ['gpt-x-2024', 'unavailable'],
])('a model that answers as %s is %s where gpt-x is listed', (model, expected) => {
  expect(availabilityOf([upstream('openai', 'openai', lists({ model: 'gpt-x' }))], calls('openai', model))).toBe(
    expected,
  );
});

describe('upstreams', () => {
  it('are shown without credentials, and with why they are not asked', () => {
    const { upstreams } = describeModels(
      [
        { ...upstream('openai', 'openai', { kind: 'unchecked' }), uncheckedReason: 'no key' },
        upstream('ollama', 'ollama', DOWN),
      ],
      [],
    );
    expect(upstreams).toMatchObject([
      { name: 'openai', url: 'http://127.0.0.1:1/openai', state: 'unchecked', reason: 'no key', checked_at: null },
      { name: 'ollama', state: 'unreachable', reason: 'ECONNREFUSED', listed_models: null },
    ]);
    expect(JSON.stringify(upstreams)).not.toContain('secret');
  });

  it('name the models that answer', () => {
    expect(
      servedModelNames([
        upstream('a', 'ollama', lists({ model: 'x' }, { model: 'y' })),
        upstream('b', 'openai', DOWN),
        upstream('c', 'openai', NO_LIST),
      ]),
    ).toEqual(['x', 'y']);
  });
});
