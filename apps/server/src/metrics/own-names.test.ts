import { spawnSync } from 'node:child_process';
import { parseExposition } from '@vedetta/receive';
import { afterAll, expect, test } from 'vitest';
import { startFakeUpstream } from '../testing/fake-upstream.js';
import { chat, newTraceId, otlpJson } from '../testing/otlp-json.js';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';
import { needPrometheus, PROMTOOL } from './testing/prometheus-process.js';

afterAll(closeTestServers);

/** Spans of which everything follows that is derived from spans. */
function spansOfEveryKind(): string {
  const [traceId, root] = [newTraceId(), 'a'.repeat(16)];
  const startMs = Date.now() - 2000;
  return otlpJson([
    {
      startMs,
      durationMs: 500,
      attributes: {
        ...chat('gpt-4o', 10, 4),
        'gen_ai.provider.name': 'openai',
        'gen_ai.response.time_to_first_chunk': 0.25,
        'user.id': 'ann',
        'session.id': 's1',
      },
    },
    { startMs, durationMs: 300, attributes: chat('gpt-4o', 20, 6), failed: true },
    {
      startMs,
      durationMs: 50,
      attributes: {
        'vedetta.span.kind': 'request',
        'http.request.method': 'POST',
        'http.route': '/v1/chat/:id',
        'http.response.status_code': 200,
      },
    },
    { traceId, spanId: root, startMs, durationMs: 900, name: 'ask' },
    {
      traceId,
      parentSpanId: root,
      startMs,
      durationMs: 200,
      name: 'retrieval',
      attributes: { 'vedetta.span.kind': 'phase' },
    },
    {
      startMs,
      durationMs: 5,
      attributes: { 'db.system.name': 'mongodb', 'db.operation.name': 'find', 'db.collection.name': 'docs' },
    },
  ]);
}

test('promtool finds nothing wrong with any metric of the server, each having a value', async (context) => {
  needPrometheus(context);
  const upstream = await startFakeUpstream((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
  });
  try {
    const server = await startTestServer(
      { 'metrics-interval-seconds': 1 },
      { env: { VEDETTA_GATEWAY_OPENAI_URL: upstream.url } },
    );
    const headers = { 'content-type': 'application/json' };
    const sent = await send(`${server.url}/v1/traces`, { method: 'POST', headers, body: spansOfEveryKind() });
    expect(sent.status).toBe(200);
    const { requests } = await server.client.listRequests({ limit: 1 });
    await server.client.postScore(requests[0]?.request_id ?? '', { name: 'user_satisfaction', thumb: 'up' });

    let page = '';
    /** Names of metrics without a value. */
    const silent = async (): Promise<readonly string[]> => {
      page = (await send(`${server.url}/metrics`)).body.toString();
      const parsed = parseExposition(page, 'text');
      if (parsed.kind === 'invalid') throw new Error(parsed.message);
      const shown = new Set(parsed.samples.map(({ name }) => name));
      expect(parsed.families.length).toBeGreaterThan(70);
      return parsed.families
        .map(({ name }) => name)
        .filter((name) => !shown.has(name) && !shown.has(`${name}_count`))
        .filter((name) => process.platform === 'linux' || !/^(?:network_|active_connections)/.test(name));
    };
    await expect.poll(silent, { timeout: 20_000, interval: 250 }).toEqual([]);
    const { stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: page, encoding: 'utf8' });
    // This name is given, by those who count their users under it already.
    expect(stderr.trim().split('\n')).toEqual([
      'active_users_total non-counter metrics should not have "_total" suffix',
    ]);
  } finally {
    await upstream.close();
  }
}, 60_000);
