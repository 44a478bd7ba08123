import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A program of its own: an upstream that answers chats at once, so that what is measured is what stands before it.
const EVENTS = 12;
const PLAIN = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'gpt-4o-2024-08-06',
    choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(100) }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 120, completion_tokens: 100, total_tokens: 220 },
  }),
);
const chunk = (members: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', model: 'gpt-4o-2024-08-06', ...members })}\n\n`;
const STREAM = [
  chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] }),
  ...Array.from({ length: EVENTS }, (_, i) =>
    chunk({ choices: [{ index: 0, delta: { content: `word${i} ` }, finish_reason: null }] }),
  ),
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
];
const USAGE = chunk({
  choices: [],
  usage: { prompt_tokens: 120, completion_tokens: EVENTS, total_tokens: 120 + EVENTS },
});
const DONE = 'data: [DONE]\n\n';

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    body += text;
  });
  request.on('end', () => {
    if (!body.includes('"stream":true')) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': PLAIN.length });
      response.end(PLAIN);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const events = [...STREAM, ...(body.includes('"include_usage":true') ? [USAGE] : []), DONE];
    let next = 0;
    const write = (): void => {
      response.write(events[next]);
      next += 1;
      if (next < events.length) setImmediate(write);
      else response.end();
    };
    write();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
