import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

// A program of its own: it takes requests and does nothing with them, so that it shows how fast they can be sent.
const ANSWER = 'HTTP/1.1 204 No Content\r\n\r\n';
const END_OF_HEADERS = '\r\n\r\n';
const server = createServer((socket) => {
  let left = 0;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    let rest = chunk.length;
    if (left === 0) {
      // Senders write a head and its body at once, one request at a time.
      const head = chunk.toString('latin1', 0, Math.min(chunk.length, 1000));
      const end = head.indexOf(END_OF_HEADERS) + END_OF_HEADERS.length;
      left = Number(/content-length: (\d+)/.exec(head)?.[1]);
      rest -= end;
    }
    left -= rest;
    if (left === 0) socket.write(ANSWER);
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
