import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { listen } from './testing/replay-upstream.js';
import type { TestGateway } from './testing/test-gateway.js';
import { startTestGateway } from './testing/test-gateway.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let close = open.pop(); close !== undefined; close = open.pop()) await close();
});

/** A gateway whose upstream answers each call once it is there whole. */
async function gatewayTo(answer: object): Promise<TestGateway> {
  const upstream = await listen((incoming, response: ServerResponse) => {
    incoming.resume().once('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer));
    });
  });
  const gateway = await startTestGateway({ openai: upstream.url });
  open.push(upstream.close, gateway.close);
  return gateway;
}

/** A recording, of some MiB or none, with what is to be done with it. */
function recordingOf(bytes: number, order: 'file first' | 'file last'): FormData {
  const form = new FormData();
  const file = () => form.append('file', new Blob([new Uint8Array(bytes)]), 'talk.mp3');
  if (order === 'file first') file();
  form.append('model', 'whisper-1');
  form.append('stream', 'false');
  if (order === 'file last') file();
  return form;
}

test.each([
  ['small, file first', 1000, 'file first'],
  ['small, file last', 1000, 'file last'],
  // Longer than what is kept of any body.
  ['large, file first', 9 * 1024 * 1024, 'file first'],
] as const)('the fields of a form are read: %s', async (_, bytes, order) => {
  const gateway = await gatewayTo({ text: 'hi', usage: { type: 'duration', seconds: 7 } });
  const body = recordingOf(bytes, order);
  const headers = { 'x-vedetta-request': 'form', authorization: 'Bearer sk-0123456789abcdef' };
  const got = await fetch(`${gateway.url}/gateway/openai/v1/audio/transcriptions`, { method: 'POST', headers, body });
  expect(await got.json()).toEqual({ text: 'hi', usage: { type: 'duration', seconds: 7 } });
  const call = await gateway.callOf('form');
  expect(call.name).toBe('generate_content whisper-1');
  expect(call.attributes).toMatchObject({
    'gen_ai.request.model': 'whisper-1',
    'vedetta.usage.input_seconds': 7,
    'vedetta.gateway.request_body': 'form',
  });
  expect(call.attributes['vedetta.request.size_bytes']).toBeGreaterThan(bytes);
  expect(gateway.gateway.counters.captureErrors).toBe(0);
});

test.each([
  ['with its length', true],
  ['in chunks', false],
])('a body that comes slowly is read when it is whole, though it was announced before: %s', async (_, hasLength) => {
  const gateway = await gatewayTo({ choices: [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }] });
  const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'x'.repeat(1000) }] });
  const outgoing = request(`${gateway.url}/gateway/openai/v1/chat/completions`, {
    method: 'POST',
    headers: {
      'x-vedetta-request': 'slow',
      'content-type': 'application/json',
      ...(hasLength ? { 'content-length': Buffer.byteLength(body) } : {}),
    },
  });
  outgoing.write(body.slice(0, 500));
  await expect.poll(() => gateway.spans.some(({ endUnixNano }) => endUnixNano === 0n), { timeout: 5000 }).toBe(true);
  outgoing.end(body.slice(500));
  const [response] = await once(outgoing, 'response');
  response.resume();
  await once(response, 'end');
  const call = await gateway.callOf('slow');
  expect(call.attributes).toMatchObject({ 'gen_ai.request.model': 'gpt-4o' });
  expect(call.attributes).not.toHaveProperty('vedetta.gateway.request_body');
});

test('a failed call is billed nothing that it asked for', async () => {
  const upstream = await listen((incoming, response: ServerResponse) => {
    incoming.resume().once('end', () => response.writeHead(503, { 'content-type': 'text/html' }).end('<p>busy'));
  });
  const gateway = await startTestGateway({ openai: upstream.url });
  open.push(upstream.close, gateway.close);
  const body = JSON.stringify({ model: 'tts-1', input: 'hello', voice: 'alloy' });
  await (
    await fetch(`${gateway.url}/gateway/openai/v1/audio/speech`, {
      method: 'POST',
      body,
      headers: { 'x-vedetta-request': 'tts' },
    })
  ).text();
  const { attributes } = await gateway.callOf('tts');
  expect(attributes['error.type']).toBe('503');
  expect(attributes).not.toHaveProperty('vedetta.usage.input_characters');
});
