// The client of OpenAI and a function of one's own, tracked: a line each. Runs without a network: a stand-in answers.
//
//   npm start                                  # in another terminal, at the root of the checkout
//   node examples/tracked-client/index.mjs
import { createMonitor, track, trackCall } from '@vedetta/sdk';
import OpenAI from 'openai';
import { startUpstream } from './upstream.mjs';

const upstream = await startUpstream();
const monitor = createMonitor({ serviceName: 'example-tracked-client' });
const openai = track(new OpenAI({ baseURL: upstream.url, apiKey: 'none' }), { monitor });
const embed = trackCall(async (text) => [text.length, 0.5], {
  monitor,
  operation: 'embeddings',
  provider: 'example',
  model: 'tiny-embed-1',
  answer: () => ({ usage: { inputTokens: 4 } }),
});

const messages = [{ role: 'user', content: 'good morning' }];
await monitor.request({ name: 'greet', userId: 'ada' }, async (request) => {
  await request.phase('retrieval', () => embed('good morning'));
  const stream = await openai.chat.completions.create({
    model: 'tiny-1',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
  console.log();
});

// Outside of a request a call is a request of its own.
const answer = await openai.chat.completions.create({ model: 'tiny-1', messages });
console.log(answer.choices[0].message.content);

await monitor.flush();
console.log(monitor.models());
upstream.close();
