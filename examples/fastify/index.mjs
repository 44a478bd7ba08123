// A chat endpoint on Fastify whose requests Vedetta records.
//
//   npm start                                  # in another terminal, at the root of the checkout
//   node examples/fastify/index.mjs
//   curl -s localhost:3001/v1/chat/completions -H 'content-type: application/json' -d '{"prompt":"Hello"}'
import { createMonitor } from '@vedetta/sdk';
import { fastifyPlugin } from '@vedetta/sdk/fastify';
import Fastify from 'fastify';
import { answer } from './model.mjs';

const monitor = createMonitor({ serviceName: 'example-fastify' });
const app = Fastify();
await app.register(fastifyPlugin(monitor));

app.post('/v1/chat/completions', async (request) => {
  const { prompt } = request.body;
  const tracked = monitor.current();
  tracked.set({ modality: 'text', model: 'tiny-1' });
  const documents = await tracked.phase('retrieval', () => ['a document'], { index: 'docs' });
  const { text, usage } = await tracked.phase('generation', async () => {
    const reply = await answer(prompt, documents);
    tracked.llm({ provider: 'example', model: 'tiny-1', usage: reply.usage, input: prompt, output: reply.text });
    return reply;
  });
  return { choices: [{ message: { role: 'assistant', content: text } }], usage };
});

const url = await app.listen({ port: Number(process.env.PORT ?? 3001), host: '127.0.0.1' });
console.log(`listening on ${url}`);
