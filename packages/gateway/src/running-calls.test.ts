import type { ServerResponse } from 'node:http';
import { request } from 'node:http';
import { openAiCompatible } from '@vedetta/providers';
import { afterEach, expect, test } from 'vitest';
import { listen } from './testing/replay-upstream.js';
import { startTestGateway } from './testing/test-gateway.js';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (let close = open.pop(); close !== undefined; close = open.pop()) await close();
});

const chunk = (delta: object): string => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;

test('a call that runs is announced with its phase and what has come, and ends as cancelled at once', async () => {
  let upstreamResponse: ServerResponse | undefined;
  const upstream = await listen((incoming, response) => {
    incoming.resume();
    upstreamResponse = response;
  });
  const upstreams = [
    { name: 'vllm', url: upstream.url, provider: openAiCompatible('vllm'), routingPhase: 'vllm_routing' },
  ];
  const gateway = await startTestGateway({}, { upstreams });
  open.push(upstream.close, gateway.close);
  const announced = () =>
    gateway.spans.filter(({ endUnixNano }) => endUnixNano === 0n).map(({ attributes }) => attributes);

  const outgoing = request(`${gateway.url}/gateway/vllm/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-vedetta-request': 'long' },
  });
  outgoing.on('error', () => {});
  outgoing.on('response', (incoming) => incoming.on('error', () => {}).resume());
  outgoing.end(JSON.stringify({ model: 'qwen', stream: true, messages: [] }));

  await expect
    .poll(() => announced().at(-1), { timeout: 5000 })
    .toMatchObject({
      'vedetta.running': true,
      'vedetta.phase.current': 'first_byte',
      'gen_ai.request.model': 'qwen',
      'vedetta.request.id': 'long',
    });
  upstreamResponse?.writeHead(200, { 'content-type': 'text/event-stream' });
  upstreamResponse?.write(chunk({ role: 'assistant', content: '' }));
  upstreamResponse?.write(chunk({ reasoning_content: 'hm' }));
  await expect.poll(() => announced().at(-1)?.['vedetta.phase.current']).toBe('reasoning');
  upstreamResponse?.write(chunk({ content: 'a' }) + chunk({ content: 'b' }));
  await expect.poll(() => announced().at(-1)).toMatchObject({ 'vedetta.phase.current': 'generation' });
  expect(announced().at(-1)?.['vedetta.tokens_so_far']).toBe(3);

  outgoing.destroy();
  await expect.poll(() => gateway.gateway.activeCalls).toBe(0);
  const call = await gateway.callOf('long');
  expect(call.attributes['vedetta.state']).toBe('cancelled');
  expect(call.attributes['vedetta.response.time_to_first_visible_chunk']).toBeGreaterThan(
    call.attributes['gen_ai.response.time_to_first_chunk'] as number,
  );
  const phases = gateway.spans.filter(({ parentSpanId }) => parentSpanId === call.spanId).map(({ name }) => name);
  expect(phases).toEqual(expect.arrayContaining(['vllm_routing', 'first_byte', 'reasoning', 'generation']));
});

test("Ollama's own times become phases that end with the call", async () => {
  const line = (members: object): string => `${JSON.stringify({ model: 'llama3', ...members })}\n`;
  const upstream = await listen((incoming, response) => {
    incoming.resume();
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write(line({ message: { role: 'assistant', content: 'Hi' }, done: false }));
    response.end(
      line({
        message: { role: 'assistant', content: '' },
        done: true,
        done_reason: 'stop',
        total_duration: 6_000_000,
        load_duration: 1_000_000,
        prompt_eval_count: 5,
        prompt_eval_duration: 2_000_000,
        eval_count: 2,
        eval_duration: 3_000_000,
      }),
    );
  });
  const gateway = await startTestGateway({ ollama: upstream.url });
  open.push(upstream.close, gateway.close);
  await fetch(`${gateway.url}/gateway/ollama/api/chat`, {
    method: 'POST',
    headers: { 'x-vedetta-request': 'ollama' },
    body: '{"model":"llama3","messages":[]}',
  }).then((answer) => answer.text());

  const call = await gateway.callOf('ollama');
  expect(call.attributes).toMatchObject({ 'gen_ai.usage.input_tokens': 5, 'gen_ai.usage.output_tokens': 2 });
  const measured = gateway.spans.filter(({ name }) => /^(model_load|prompt_evaluation|token_generation)$/.test(name));
  expect(measured.map(({ name, startUnixNano, endUnixNano }) => [name, endUnixNano - startUnixNano])).toEqual([
    ['model_load', 1_000_000n],
    ['prompt_evaluation', 2_000_000n],
    ['token_generation', 3_000_000n],
  ]);
});
