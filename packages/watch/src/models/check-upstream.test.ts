import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkUpstream } from './check-upstream.js';
import type { MetricSample } from './engine-load.js';
import type { Upstream } from './served-model.js';

const NOW = 1_763_000_000_000;
const servers: Server[] = [];

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function serveJson(answers: Record<string, unknown>): Promise<string> {
  return serve((request, response) => {
    const answer = answers[request.url ?? ''];
    response.statusCode = answer === undefined ? 404 : 200;
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
}

function check(upstream: Partial<Upstream> & { url: string }, timeoutMs = 5000) {
  return checkUpstream(
    { name: 'here', provider: 'openai-compatible', ...upstream },
    { timeoutMs, now: () => NOW, parseMetrics, signal: new AbortController().signal },
  );
}

/** Enough of the text format for pages written here. */
function parseMetrics(text: string): readonly MetricSample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^([a-z:_]+)(?:\{.*\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: Number(value) }];
  });
}

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    }),
  );
});

describe('models of an upstream', () => {
  it('lists those of Ollama, with what is in memory', async () => {
    const url = await serveJson({
      '/api/tags': {
        models: [
          {
            name: 'llama3.2:3b',
            model: 'llama3.2:3b',
            size: 2_019_393_189,
            details: { parameter_size: '3.2B', quantization_level: 'Q4_K_M' },
          },
          { name: 'nomic-embed-text:latest', model: 'nomic-embed-text:latest', size: 274_302_450 },
        ],
      },
      '/api/ps': {
        models: [
          {
            model: 'llama3.2:3b',
            size_vram: 3_100_000_000,
            expires_at: '2026-11-21T10:00:00.5+01:00',
            context_length: 4096,
          },
        ],
      },
    });
    expect(await check({ url, provider: 'ollama' })).toMatchObject({
      kind: 'reachable',
      checkedUnixMs: NOW,
      reason: '',
      models: [
        {
          model: 'llama3.2:3b',
          loaded: true,
          vramBytes: 3_100_000_000,
          sizeBytes: 2_019_393_189,
          unloadsAtUnixMs: Date.UTC(2026, 10, 21, 9, 0, 0, 500),
          contextLength: 4096,
          parameterSize: '3.2B',
          quantization: 'Q4_K_M',
        },
        { model: 'nomic-embed-text:latest', loaded: false, sizeBytes: 274_302_450 },
      ],
    });
  });

  it('does not say what is in memory when Ollama does not', async () => {
    const url = await serveJson({ '/api/tags': { models: [{ name: 'a' }] } });
    expect(await check({ url, provider: 'ollama' })).toMatchObject({ kind: 'reachable', models: [{ model: 'a' }] });
  });

  it('lists those of vLLM with the load of its engines', async () => {
    const url = await serveJson({
      '/v1/models': { object: 'list', data: [{ id: 'Qwen/Qwen3-8B', max_model_len: 32_768 }, { id: '' }, null] },
      '/metrics': [
        '# TYPE vllm:num_requests_running gauge',
        'vllm:num_requests_running{engine="0",model_name="q"} 3.0',
        'vllm:num_requests_running{engine="1",model_name="q"} 2.0',
        'vllm:num_requests_waiting{engine="0"} 7.0',
        'vllm:kv_cache_usage_perc{engine="0"} 0.25',
        'vllm:kv_cache_usage_perc{engine="1"} 0.5',
      ].join('\n'),
    });
    expect(await check({ url })).toMatchObject({
      kind: 'reachable',
      models: [{ model: 'Qwen/Qwen3-8B', contextLength: 32_768 }],
      load: { runningRequests: 5, waitingRequests: 7, cacheUsage: 0.5 },
    });
  });

  it('reads the figures of llama.cpp', async () => {
    const url = await serveJson({
      '/v1/models': { data: [{ id: '/models/a.gguf' }] },
      '/metrics': 'llamacpp:requests_processing 1\nllamacpp:tokens_predicted_total 120',
    });
    expect(await check({ url })).toMatchObject({ load: { runningRequests: 1, generatedTokensTotal: 120 } });
  });

  it('has no load when the metrics are those of another program', async () => {
    const url = await serveJson({ '/v1/models': { data: [] }, '/metrics': 'go_goroutines 12' });
    expect(await check({ url })).toMatchObject({ kind: 'reachable', models: [], load: undefined });
  });

  it.each([
    ['anthropic', '/v1/models?limit=1000', { data: [{ id: 'claude-x' }] }, 'claude-x'],
    ['gemini', '/v1beta/models?pageSize=1000', { models: [{ name: 'models/gemini-x' }] }, 'gemini-x'],
    ['azure', '/openai/v1/models', { data: [{ id: 'gpt-x' }] }, 'gpt-x'],
    ['openai', '/v1/models', { data: [{ id: 'gpt-y' }] }, 'gpt-y'],
  ])('lists those of %s', async (provider, path, answer, model) => {
    const url = await serveJson({ [path]: answer });
    expect(await check({ url, provider })).toMatchObject({ kind: 'reachable', models: [{ model }] });
  });

  it.each([
    ['openai', 'authorization', 'Bearer k-1'],
    ['anthropic', 'x-api-key', 'k-1'],
    ['gemini', 'x-goog-api-key', 'k-1'],
    ['azure', 'api-key', 'k-1'],
  ])('sends the key of %s as %s', async (provider, header, value) => {
    let seen: unknown;
    const url = await serve((request, response) => {
      seen = request.headers[header];
      response.end('{}');
    });
    await check({ url, provider, apiKey: 'k-1' });
    expect(seen).toBe(value);
  });
});

describe('an upstream that does not list its models', () => {
  it('is reachable without a key, and the reason names the setting', async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 401;
      response.end();
    });
    expect(await check({ url, provider: 'openai' })).toMatchObject({
      kind: 'reachable',
      models: undefined,
      reason: expect.stringContaining('gateway.upstreams.here.checkKey') as string,
    });
  });

  it('is unreachable when nothing listens', async () => {
    const url = await serveJson({});
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    expect(await check({ url })).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it('is unreachable when it hangs', async () => {
    const url = await serve(() => {});
    expect(await check({ url }, 50)).toMatchObject({ kind: 'unreachable', reason: 'no answer within 50 ms' });
  });

  it('is unreachable when it fails', async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 503;
      response.end();
    });
    expect(await check({ url })).toMatchObject({ kind: 'unreachable', reason: 'status 503' });
  });

  it('is not followed to another host', async () => {
    let asked = false;
    const elsewhere = await serve((_request, response) => {
      asked = true;
      response.end('{"data":[{"id":"stolen"}]}');
    });
    const url = await serve((_request, response) => {
      response.writeHead(302, { location: `${elsewhere}/v1/models` }).end();
    });
    expect(await check({ url, apiKey: 'k-1' })).toMatchObject({ kind: 'reachable', models: undefined });
    expect(asked).toBe(false);
  });

  it.each(['nonsense', '[1,2]', 'null', '{"data":{"id":1}}', '{"data":[{"id":{}}]}'])(
    'answers %s without harm',
    async (body) => {
      const url = await serve((_request, response) => response.end(body));
      expect(await check({ url })).toMatchObject({ kind: 'reachable' });
    },
  );

  it('does not take an endless answer', async () => {
    const url = await serve((_request, response) => {
      const block = Buffer.alloc(1024 * 1024, 'x');
      const more = (): void => {
        while (response.writable && response.write(block)) {}
        response.once('drain', more);
      };
      more();
    });
    expect(await check({ url })).toMatchObject({
      kind: 'unreachable',
      reason: expect.stringContaining('longer') as string,
    });
  });
});
