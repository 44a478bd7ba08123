import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

// A program of its own: the least that a proxy on Node's http can do, recording nothing.
const target = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true });
const server = createServer((incoming, outgoing) => {
  const path = (incoming.url ?? '').replace('/gateway/openai', '');
  const headers = { ...incoming.headers, host: `127.0.0.1:${target}` };
  const call = request({ port: target, host: '127.0.0.1', method: incoming.method, path, headers, agent }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  call.on('error', () => outgoing.destroy());
  incoming.pipe(call);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
