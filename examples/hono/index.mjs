// A chat endpoint on Hono that streams its answer, and whose requests Vedetta records.
//
//   npm start                                  # in another terminal, at the root of the checkout
//   node examples/hono/index.mjs
//   curl -sN localhost:3003/v1/chat/completions -H 'content-type: application/json' -d '{"prompt":"Hello"}'
import { serve } from '@hono/node-server';
import { createMonitor } from '@vedetta/sdk';
import { honoMiddleware } from '@vedetta/sdk/hono';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { answer } from './model.mjs';

const monitor = createMonitor({ serviceName: 'example-hono' });
const app = new Hono();
app.use(honoMiddleware(monitor));

app.post('/v1/chat/completions', async (context) => {
  const { prompt } = await context.req.json();
  const tracked = monitor.current();
  tracked.set({ modality: 'text', model: 'tiny-1', stream: true });
  const generate = async (stream) => {
    const { text, usage } = await tracked.phase('generation', () => answer(prompt, []));
    for (const word of text.split(' ')) await stream.writeSSE({ data: word });
    await stream.writeSSE({ data: '[DONE]' });
    tracked.llm({ provider: 'example', model: 'tiny-1', stream: true, usage, input: prompt, output: text });
  };
  // The status went out before the stream began, so what goes wrong in it has to be said.
  return streamSSE(context, generate, async (error) => {
    tracked.end({ error });
  });
});

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3003), hostname: '127.0.0.1' }, ({ port }) => {
  console.log(`listening on http://127.0.0.1:${port}`);
});
