import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildForChildren, runChild } from './testing/child.js';
import type { OtlpReceiver } from './testing/otlp-receiver.js';
import { startReceiver } from './testing/otlp-receiver.js';

let folder = '';
let server: OtlpReceiver;
beforeAll(async () => {
  folder = await buildForChildren();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startReceiver();
});
afterEach(() => server.close());

/** What the application does without the SDK; the same with it must end the same way. */
const endings = [
  { name: 'a natural end', app: `console.log('done');` },
  { name: 'a natural end after a timer', app: `setTimeout(() => console.log('done'), 20);` },
  { name: 'process.exit', app: `process.exit(7);` },
  { name: 'an exit code', app: `process.exitCode = 5;` },
  { name: 'an uncaught error', app: `throw new TypeError('boom');` },
  { name: 'an error in a timer', app: `setTimeout(() => { throw new Error('later'); }, 5);` },
  { name: 'an unhandled rejection', app: `Promise.reject(new Error('nobody listens'));` },
  {
    name: 'listeners of its own',
    app: `process.on('beforeExit', () => console.log('before')); process.on('exit', (code) => console.log('exit', code));`,
  },
  { name: 'an await that never settles', app: `await new Promise(() => {});` },
  { name: 'SIGTERM', signal: 'SIGTERM', app: `console.log('ready'); setInterval(() => {}, 1000);` },
  { name: 'SIGINT', signal: 'SIGINT', app: `console.log('ready'); setInterval(() => {}, 1000);` },
  {
    name: 'a SIGTERM that the application handles',
    signal: 'SIGTERM',
    app: `process.once('SIGTERM', () => setTimeout(() => { console.log('bye'); process.exit(3); }, 20));
          console.log('ready'); setInterval(() => {}, 1000);`,
  },
  {
    name: 'a SIGTERM that the application outlives',
    signal: 'SIGTERM',
    app: `const idle = setInterval(() => {}, 1000);
          process.on('SIGTERM', () => { clearInterval(idle); console.log('drained', process.listenerCount('SIGTERM') > 0); });
          console.log('ready');`,
  },
] as const;

const withSdk = (app: string) => `
  import { createMonitor } from '@vedetta/sdk';
  const monitor = createMonitor({ serviceName: 'child' });
  const request = monitor.startRequest({ name: 'work' });
  request.recordPhase('generation', 5);
  request.end();
  monitor.startRequest({ name: 'still running' }).recordPhase('retrieval', 1);
  ${app}`;

test.each(endings)('$name ends the process as without the SDK, and nothing is lost', async (ending) => {
  const onLine = (line: string, kill: (signal: NodeJS.Signals) => void) => {
    if (line === 'ready' && 'signal' in ending) kill(ending.signal);
  };
  const bare = await runChild(folder, `${ending.app}`, {}, onLine);
  const recorded = await runChild(folder, withSdk(ending.app), { VEDETTA_ENDPOINT: server.endpoint }, onLine);
  const shape = ({ stderr, ...rest }: typeof bare) => ({
    ...rest,
    // The stack and the quoted line of the source lie elsewhere in the longer program.
    stderr: stderr
      .split('\n')
      .filter((line) => /^\w*Error|Warning/.test(line))
      .map((line) => line.replace(/file:\S+/, 'the program')),
  });
  expect(shape(recorded)).toEqual(shape(bare));
  const ended = server.spans.filter((span) => span.endUnixNano > 0n);
  expect(new Set(ended.map((span) => span.name))).toEqual(
    new Set(['generation', 'work', 'retrieval', 'still running']),
  );
  expect(ended.find((span) => span.name === 'still running')?.attributes).toMatchObject({
    'vedetta.state': 'cancelled',
    'error.type': 'process_exit',
  });
});

test('a server that never answers holds the end of a process up by less than two seconds', async () => {
  const hole = createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1');
  await new Promise((resolve) => hole.once('listening', resolve));
  const { port } = hole.address() as { port: number };
  const app = `
    const startedMs = performance.now();
    process.prependListener('exit', () => { globalThis.exitMs = performance.now(); });
    process.on('exit', () => console.log(performance.now() - globalThis.exitMs < 2000 ? 'in time' : 'late'));
    process.exit(4);`;
  const end = await runChild(folder, withSdk(app), { VEDETTA_ENDPOINT: `http://127.0.0.1:${port}` });
  expect(end).toMatchObject({ code: 4, stdout: 'in time\n', stderr: '' });
  await new Promise((resolve) => hole.close(resolve));
});

test('a monitor alone keeps no process alive, whatever the server does', async () => {
  const end = await runChild(folder, withSdk(''), { VEDETTA_ENDPOINT: 'http://127.0.0.1:1' });
  expect(end).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

test('spans of worker threads and of forked workers all arrive, and a second delivery has the same ids', async () => {
  const record = `
    const monitor = createMonitor({ serviceName: 'pool' });
    for (let i = 0; i < 250; i += 1) monitor.startRequest().end();`;
  const program = `
    import cluster from 'node:cluster';
    import { Worker, isMainThread } from 'node:worker_threads';
    import { fileURLToPath } from 'node:url';
    import { createMonitor } from '@vedetta/sdk';
    if (isMainThread && cluster.isPrimary) {
      for (let i = 0; i < 2; i += 1) new Worker(fileURLToPath(import.meta.url));
      for (let i = 0; i < 2; i += 1) cluster.fork();
    } else {
      ${record}
      if (isMainThread) await monitor.shutdown();
      if (cluster.isWorker) cluster.worker.disconnect();
    }`;
  const end = await runChild(folder, program, { VEDETTA_ENDPOINT: server.endpoint });
  expect(end).toMatchObject({ code: 0, stderr: '' });
  // What was on its way when a process ended is sent again: receivers know a span by its id.
  expect(new Set(server.spans.map((span) => span.spanId)).size).toBe(1000);
});
