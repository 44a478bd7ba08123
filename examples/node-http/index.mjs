// A chat endpoint on plain node:http whose requests Vedetta records.
//
//   npm start                                  # in another terminal, at the root of the checkout
//   node examples/node-http/index.mjs
//   curl -s localhost:3004/v1/chat/completions -d '{"prompt":"Hello"}'
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createMonitor } from '@vedetta/sdk';
import { trackHandler } from '@vedetta/sdk/node-http';
import { answer } from './model.mjs';

const monitor = createMonitor({ serviceName: 'example-node-http' });

const handler = trackHandler(monitor, async (request, response) => {
  const tracked = monitor.current();
  try {
    const { prompt } = await json(request);
    tracked.set({ modality: 'text', model: 'tiny-1' });
    const { text, usage } = await tracked.phase('generation', async () => {
      const reply = await answer(prompt, []);
      tracked.llm({ provider: 'example', model: 'tiny-1', usage: reply.usage, input: prompt, output: reply.text });
      return reply;
    });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: text } }], usage }));
  } catch (error) {
    tracked.end({ error });
    response.writeHead(500).end('the request failed\n');
  }
});

const server = createServer(handler).listen(Number(process.env.PORT ?? 3004), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
