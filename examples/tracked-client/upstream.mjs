import { once } from 'node:events';
import { createServer } from 'node:http';

/** A stand-in for a provider, so that the example runs without a network and without a key. */
export async function startUpstream() {
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { messages, stream } = JSON.parse(Buffer.concat(chunks).toString());
    const words = `You said ${messages.at(-1).content}`.split(' ');
    const usage = { prompt_tokens: 9, completion_tokens: words.length, total_tokens: 9 + words.length };
    const answer = { id: 'chatcmpl-1', model: 'tiny-1-2026', created: 1 };
    if (!stream) {
      const message = { role: 'assistant', content: words.join(' ') };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...answer, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
      return;
    }
    response.setHeader('content-type', 'text/event-stream');
    const send = (piece) => response.write(`data: ${JSON.stringify({ ...answer, ...piece })}\n\n`);
    for (const word of words) send({ choices: [{ index: 0, delta: { content: `${word} ` }, finish_reason: null }] });
    send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    send({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/v1`, close: () => server.close() };
}
