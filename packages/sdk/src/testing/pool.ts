import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { runChild } from './child.js';
import { decodeExport } from './otlp-proto.js';

/** How the members of a pool end, all at once and right after their last request. */
export const POOL_ENDS = {
  'worker threads that end by themselves': { thread: true, end: '' },
  'worker threads that call process.exit': { thread: true, end: 'process.exit(0);' },
  'forked processes that end by themselves': { thread: false, end: 'process.disconnect();' },
  'forked processes that call process.exit': { thread: false, end: 'process.exit(0);' },
  'forked processes that fail': { thread: false, end: 'throw new Error("over");' },
  'members that shut down': { thread: true, end: 'await monitor.shutdown();' },
} as const;

/** What arrived of a pool's spans. */
export interface PoolResult {
  readonly stderr: string;
  readonly arrived: number;
  /** Spans that came more than once: their first delivery was not answered in time. */
  readonly repeated: number;
  /** The longest that a member's end took, in milliseconds. */
  readonly longestEndMs: number;
}

/** Runs `members` members that record `spans` requests each without giving way, and counts what a server gets. */
export async function runPool(
  folder: string,
  { thread, end }: (typeof POOL_ENDS)[keyof typeof POOL_ENDS],
  members: number,
  spans: number,
): Promise<PoolResult> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      bodies.push(raw[0] === 0x1f ? gunzipSync(raw) : raw);
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { stderr, stdout } = await runChild(folder, program(thread, end, members, spans), {
    VEDETTA_ENDPOINT: `http://127.0.0.1:${port}`,
  });
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
  const seen = new Set<string>();
  let total = 0;
  for (const body of bodies) {
    for (const { spanId } of decodeExport(body).spans) {
      seen.add(spanId);
      total += 1;
    }
  }
  const longestEndMs = Math.max(0, ...stdout.split('\n').map((line) => Number(/^ended (\S+)/.exec(line)?.[1] ?? 0)));
  return { stderr, arrived: seen.size, repeated: total - seen.size, longestEndMs };
}

function program(thread: boolean, end: string, members: number, spans: number): string {
  return `
    import { fork } from 'node:child_process';
    import { Worker, isMainThread, parentPort } from 'node:worker_threads';
    import { fileURLToPath } from 'node:url';
    import { createMonitor } from '@vedetta/sdk';
    const file = fileURLToPath(import.meta.url);
    if (isMainThread && process.env.MEMBER === undefined) {
      for (let i = 0; i < ${members}; i += 1) {
        const member = ${thread} ? new Worker(file) : fork(file, { env: { ...process.env, MEMBER: '1' }, stdio: ['ignore', 'inherit', 'ignore', 'ipc'] });
        let recordedMs = 0;
        member.on('message', () => { recordedMs = performance.now(); });
        member.on('exit', () => console.log('ended', performance.now() - recordedMs));
      }
    } else {
      const monitor = createMonitor({ serviceName: 'pool' });
      for (let i = 0; i < ${spans}; i += 1) monitor.startRequest({ name: 'work', model: 'gpt-4o' }).end();
      ${thread} ? parentPort.postMessage('recorded') : process.send('recorded');
      ${end}
    }`;
}
