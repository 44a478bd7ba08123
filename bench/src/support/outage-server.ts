import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does with exports: takes them, answers a status, never answers, answers after a minute, or is not there. */
export type OutageMode = 'up' | '500' | '503' | 'silent' | 'slow' | 'refused';

const SLOW_MS = 60_000;

let mode: OutageMode = 'up';
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    if (mode === 'silent') return;
    const answer = () => response.writeHead(mode === '500' || mode === '503' ? Number(mode) : 200).end();
    if (mode === 'slow') setTimeout(answer, SLOW_MS);
    else answer();
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.(port);
  process.on('message', (wanted: OutageMode) => {
    mode = wanted;
    if (mode === 'refused') {
      server.close();
      server.closeAllConnections();
    } else if (!server.listening) server.listen(port, '127.0.0.1');
    process.send?.(mode);
  });
});
process.on('disconnect', () => process.exit());
