import type { Cassette } from '@vedetta/providers/testing';
import { readCassettes } from '@vedetta/providers/testing';
import OpenAI, { toFile } from 'openai';
import { afterEach, describe, expect, test } from 'vitest';
import type { Received } from '../testing/fake-upstream.js';
import { startFakeUpstream } from '../testing/fake-upstream.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, startTestServer } from '../testing/test-server.js';

// What is not billed by tokens, from the client's call to the cost that is shown.

const cassettes = readCassettes();
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await closeTestServers();
  await Promise.all(closing.splice(0).map((close) => close()));
});

type Answer = readonly [contentType: string, body: string | Buffer, status?: number];

/** A server whose gateway leads to an upstream that answers as told. */
async function serverTo(name: string, answer: (request: Received) => Answer): Promise<TestServer> {
  const upstream = await startFakeUpstream((request, response) => {
    const [contentType, body, status = 200] = answer(request);
    response.writeHead(status, { 'content-type': contentType }).end(body);
  });
  closing.push(upstream.close);
  return startTestServer({}, { env: { [`VEDETTA_GATEWAY_${name.toUpperCase()}_URL`]: upstream.url } });
}

/** The calls in the order they began, once there are so many. */
async function callsOf({ client }: TestServer, count: number) {
  await expect.poll(async () => (await client.listRequests()).requests.length, { timeout: 5000 }).toBe(count);
  const { requests } = await client.listRequests();
  const details = await Promise.all(requests.map(({ request_id }) => client.requestTimeline(request_id)));
  const calls = details.flatMap(({ llm_calls }) => llm_calls);
  return calls.sort((a, b) => (a.start_time < b.start_time ? -1 : 1));
}

describe.skipIf(cassettes === undefined)('recorded exchanges (skipped: no shared data)', () => {
  test('pictures and rankings cost what LiteLLM’s table and OpenAI’s price list say', async () => {
    const recorded = (cassettes ?? []).filter(
      ({ uri, provider }) => uri.includes('/images/') || (uri.includes('/rerank') && provider === 'cohere'),
    );
    const answered = new Set<Cassette>();
    // The server asks upstreams for their models as well.
    const answer = ({ url, body }: Received): Answer => {
      const asked = recorded.find(
        (each) => new URL(each.uri).pathname === url && JSON.stringify(each.request) === body && !answered.has(each),
      );
      if (asked === undefined) return ['application/json', '{}', 404];
      answered.add(asked);
      return [asked.content_type, asked.response_body ?? '', asked.status];
    };
    const servers = { openai: await serverTo('openai', answer), cohere: await serverTo('cohere', answer) };
    for (const { provider, uri, request } of recorded) {
      const { url } = servers[provider as 'openai' | 'cohere'];
      const body = JSON.stringify(request);
      await (await fetch(`${url}/gateway/${provider}${new URL(uri).pathname}`, { method: 'POST', body })).text();
    }
    const pictures = await callsOf(servers.openai, 4);
    // The second one was refused.
    expect(pictures.map(({ cost_usd, status }) => [status, cost_usd])).toEqual([
      ['completed', 0.016],
      ['failed', null],
      ['completed', 0.016],
      ['completed', 0.016],
    ]);
    expect(pictures[3]).toMatchObject({
      price_key: 'openai/dall-e-2',
      cost_estimated: false,
      billed_units: { output_images: 1, image_size: '256x256', units_source: 'reported' },
    });
    const rankings = await callsOf(servers.cohere, 4);
    for (const call of rankings) {
      expect(call).toMatchObject({ cost_usd: 0.002, cost_estimated: false, billed_units: { search_units: 1 } });
    }
  });
});

test('OpenAI’s own client: speech, transcripts, pictures and moderation', async () => {
  const answers: { readonly [path: string]: Answer } = {
    '/v1/audio/speech': ['audio/mpeg', Buffer.alloc(5000, 7)],
    '/v1/audio/transcriptions': ['application/json', '{"text":"hello","usage":{"type":"duration","seconds":30}}'],
    '/v1/audio/translations': ['application/json', '{"task":"translate","duration":12.5,"text":"hello"}'],
    '/v1/images/edits': ['application/json', '{"created":1,"data":[{"b64_json":"AAAA"},{"b64_json":"AAAA"}]}'],
    '/v1/moderations': [
      'application/json',
      '{"id":"modr-1","model":"omni-moderation-latest","results":[{"flagged":false}]}',
    ],
  };
  const server = await serverTo('openai', ({ url }) => answers[url] ?? ['application/json', '{}', 404]);
  const openai = new OpenAI({
    baseURL: `${server.url}/gateway/openai/v1`,
    apiKey: 'sk-test-0123456789',
    maxRetries: 0,
  });
  const file = await toFile(Buffer.alloc(2000), 'talk.mp3');
  const image = await toFile(Buffer.alloc(2000), 'cat.png', { type: 'image/png' });
  const sound = await openai.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'x'.repeat(1000) });
  expect((await sound.arrayBuffer()).byteLength).toBe(5000);
  expect((await openai.audio.transcriptions.create({ model: 'whisper-1', file })).text).toBe('hello');
  await openai.audio.translations.create({ model: 'whisper-1', file, response_format: 'verbose_json' });
  await openai.images.edit({ model: 'dall-e-2', image, prompt: 'a hat', n: 2, size: '512x512' });
  await openai.moderations.create({ input: 'hello' });
  // A model whose sound is billed by tokens that nobody counted.
  await openai.audio.speech.create({ model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'hello' });
  const calls = await callsOf(server, 6);
  const shown = calls.map(({ operation, model, billed_units, cost_usd, cost_estimated }) => [
    operation,
    model,
    billed_units,
    cost_usd === null ? null : Number(cost_usd.toPrecision(6)),
    cost_estimated,
  ]);
  expect(shown).toEqual([
    ['generate_content', 'tts-1', { input_characters: 1000, units_source: 'counted' }, 0.015, false],
    ['generate_content', 'whisper-1', { input_seconds: 30, units_source: 'reported' }, 0.003, false],
    ['generate_content', 'whisper-1', { input_seconds: 12.5, units_source: 'reported' }, 0.00125, false],
    [
      'generate_content',
      'dall-e-2',
      { output_images: 2, image_size: '512x512', units_source: 'reported' },
      0.036,
      false,
    ],
    ['moderation', 'omni-moderation-latest', null, 0, false],
    ['generate_content', 'gpt-4o-mini-tts', { input_characters: 5, units_source: 'counted' }, null, false],
  ]);
});
