import { expect, it } from 'vitest';
import { setScene } from './testing/scene.js';
import { track } from './track.js';

const { upstream, monitor, onlyCall, openAi } = await setScene();
const messages = [{ role: 'user' as const, content: 'Hi' }];
const gateway = { baseURL: `${upstream.url}/gateway/openai/v1` };

it('tells a gateway that what it records is a step of the call', async () => {
  await track(openAi(gateway), { monitor }).chat.completions.create({ model: 'gpt-4o', messages });
  const { traceId, spanId } = onlyCall();
  expect(upstream.calls[0]?.headers.traceparent).toBe(`00-${traceId}-${spanId}-01`);
});

it('keeps the headers of the caller, and the trace they may name', async () => {
  const client = track(openAi(gateway), { monitor });
  await client.chat.completions.create({ model: 'gpt-4o', messages }, { headers: { 'x-team': 'search' } });
  const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  await client.chat.completions.create({ model: 'gpt-4o', messages }, { headers: { Traceparent: trace } });
  expect(upstream.calls[0]?.headers['x-team']).toBe('search');
  expect(upstream.calls[0]?.headers.traceparent).toBeDefined();
  expect(upstream.calls[1]?.headers.traceparent).toBe(trace);
});

it('tells a provider nothing', async () => {
  await track(openAi(), { monitor }).chat.completions.create({ model: 'gpt-4o', messages });
  onlyCall();
  expect(upstream.calls[0]?.headers.traceparent).toBeUndefined();
});
