// A chat endpoint on Express whose requests Vedetta records.
//
//   npm start                                  # in another terminal, at the root of the checkout
//   node examples/express/index.mjs
//   curl -s localhost:3002/v1/chat/completions -H 'content-type: application/json' -d '{"prompt":"Hello"}'
import { createMonitor } from '@vedetta/sdk';
import { expressErrors, expressMiddleware } from '@vedetta/sdk/express';
import express from 'express';
import { answer } from './model.mjs';

const monitor = createMonitor({ serviceName: 'example-express' });
const app = express();
app.use(expressMiddleware(monitor));
app.use(express.json());

app.post('/v1/chat/completions', async (request, response) => {
  const { prompt } = request.body;
  const tracked = monitor.current();
  tracked.set({ modality: 'text', model: 'tiny-1' });
  const { text, usage } = await tracked.phase('generation', async () => {
    const reply = await answer(prompt, []);
    tracked.llm({ provider: 'example', model: 'tiny-1', usage: reply.usage, input: prompt, output: reply.text });
    return reply;
  });
  response.json({ choices: [{ message: { role: 'assistant', content: text } }], usage });
});

app.use(expressErrors());

const server = app.listen(Number(process.env.PORT ?? 3002), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
