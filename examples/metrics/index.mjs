// A RAG chat on Fastify with metrics of its own, at /metrics and pushed to Vedetta.
//
//   npm start                                  # in another terminal, at the root of the checkout
//   node examples/metrics/index.mjs
//   curl -s localhost:3005/v1/chat/completions -H 'content-type: application/json' -d '{"prompt":"Hello"}'
//   curl -s localhost:3005/metrics
import { createMonitor } from '@vedetta/sdk';
import { fastifyPlugin, metricsHandler } from '@vedetta/sdk/fastify';
import Fastify from 'fastify';
import { answer } from './model.mjs';

const monitor = createMonitor({ serviceName: 'example-metrics' });
const { metrics } = monitor;
const answers = metrics.counter({ name: 'answers_total', help: 'Answers, by plan.', labels: ['plan'] });
const prompts = metrics.histogram({ name: 'prompt_length_chars', help: 'Length of prompts.', bounds: [10, 100, 1000] });
const documents = new Map();
metrics.computedGauge({ name: 'documents', help: 'Documents that are known.' }, () => documents.size);

const app = Fastify();
await app.register(fastifyPlugin(monitor, { track: ({ path }) => path !== '/metrics' }));
app.get('/metrics', metricsHandler(monitor));

app.put('/documents/:id', async (request) => {
  await metrics.trackIndexingJob(async (job) => {
    await metrics.trackDatabaseOperation({ operation: 'insert', collection: 'documents' }, async () => {
      documents.set(request.params.id, request.body.text);
    });
    job.file({ format: 'txt' });
  });
  return { indexed: request.params.id };
});

app.post('/v1/chat/completions', async (request) => {
  const { prompt, user } = request.body;
  const tracked = monitor.current();
  tracked.set({ modality: 'text', model: 'tiny-1' });
  metrics.trackChatMessage({ userId: user, sessionId: tracked.id });
  prompts.observe(prompt.length);
  const { text, usage } = await metrics.trackRagQuery(async (query) => {
    const found = await query.stage('retrieval', async () => [...documents.values()]);
    return query.stage('generation', async () => {
      const reply = await answer(prompt, found);
      tracked.llm({ provider: 'example', model: 'tiny-1', usage: reply.usage, input: prompt, output: reply.text });
      return reply;
    });
  });
  metrics.trackChatMessage({ userType: 'assistant', sessionId: tracked.id });
  answers.add(1, { plan: user === undefined ? 'guest' : 'member' });
  return { choices: [{ message: { role: 'assistant', content: text } }], usage };
});

app.post('/feedback', async (request) => {
  metrics.trackSatisfaction(request.body.score);
  return {};
});

const url = await app.listen({ port: Number(process.env.PORT ?? 3005), host: '127.0.0.1' });
console.log(`listening on ${url}`);
