import { connect } from 'node:net';
import { problemSchema } from '@vedetta/client/schemas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, startTestServer } from '../testing/test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(closeTestServers);

/** Everything the server says to some bytes until it closes the connection. */
function talk(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    let said = '';
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(said));
  });
}

test.each([
  ['headers of 20 KB', `GET / HTTP/1.1\r\nhost: localhost\r\ncookie: ${'x'.repeat(20_000)}\r\n\r\n`, 431, /16 KiB/],
  ['a query of 20 KB', `GET /?q=${'x'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, 431, /16 KiB/],
  ['what is no HTTP', '\u0016\u0003\u0001\u0002\u0000\r\n\r\n', 400, /not HTTP/],
  [
    'two lengths',
    'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    400,
    /not HTTP/,
  ],
])('%s get problem details and a closed connection', async (_, bytes, status, detail) => {
  const [head = '', body = ''] = (await talk(bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [A-Z][A-Za-z ]+\r\n`));
  expect(head).toContain('content-type: application/problem+json');
  const problem = problemSchema.parse(JSON.parse(body));
  expect(problem).toMatchObject({ status, detail: expect.stringMatching(detail) });
});
