import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as an upstream got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An upstream that answers as a test says, and remembers what it was sent. */
export interface FakeUpstream {
  readonly url: string;
  readonly received: Received[];
  readonly server: Server;
  close(): Promise<void>;
}

/** Starts one on a free port; `answer` is called when the request's body is there. */
export async function startFakeUpstream(
  answer: (request: Received, response: ServerResponse) => void | Promise<void>,
): Promise<FakeUpstream> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders, headers } = request;
      const whole = { method, url, rawHeaders, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(whole);
      void answer(whole, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A whole chat completion of OpenAI's API. */
export const CHAT_ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1_700_000_000,
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
});

/** The events of a streamed chat completion; the last but one only where usage was asked for. */
export function chatEvents(withUsage: boolean): string[] {
  const chunk = (members: object): string =>
    `data: ${JSON.stringify({ id: 'chatcmpl-2', object: 'chat.completion.chunk', model: 'gpt-4o-2024-08-06', ...members })}\n\n`;
  const delta = (content: object, finish_reason: string | null = null): string =>
    chunk({ choices: [{ index: 0, delta: content, finish_reason }] });
  return [
    delta({ role: 'assistant', content: '' }),
    delta({ content: 'Grüße ' }),
    delta({ content: '👋🏽' }),
    delta({}, 'stop'),
    ...(withUsage
      ? [chunk({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 } })]
      : []),
    'data: [DONE]\n\n',
  ];
}
