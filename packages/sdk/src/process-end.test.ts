import { rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { buildForChildren, runChild } from './testing/child.js';
import type { OtlpReceiver } from './testing/otlp-receiver.js';
import { startReceiver } from './testing/otlp-receiver.js';
import { POOL_ENDS, runPool } from './testing/pool.js';

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

test('a server that cannot be connected to holds a natural end up by less than two seconds', async () => {
  // A process that listens and never accepts: once its queue is full the kernel drops what else would connect.
  const deaf = `
    import { createServer } from 'node:net';
    const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      console.log('port', server.address().port);
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 20);
    });`;
  const sockets: Socket[] = [];
  let killDeaf = () => {};
  const portKnown = new Promise<number>((resolve) => {
    void runChild(folder, deaf, {}, (line, kill) => {
      killDeaf = () => kill('SIGKILL');
      if (line.startsWith('port ')) resolve(Number(line.slice(5)));
    });
  });
  const port = await portKnown;
  const isFull = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    sockets.push(socket);
    return new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(false));
      setTimeout(resolve, 200, true);
    });
  };
  while (!(await isFull()));
  const app = `
    let lastMs = 0;
    setTimeout(() => { lastMs = performance.now(); }, 300);
    process.on('exit', () => console.log(performance.now() - lastMs < 2000 ? 'in time' : 'late'));`;
  const end = await runChild(folder, withSdk(app), { VEDETTA_ENDPOINT: `http://127.0.0.1:${port}` });
  killDeaf();
  for (const socket of sockets) socket.destroy();
  expect(end).toMatchObject({ code: 0, stdout: 'in time\n' });
});

test('a monitor alone keeps no process alive, whatever the server does', async () => {
  const end = await runChild(folder, withSdk(''), { VEDETTA_ENDPOINT: 'http://127.0.0.1:1' });
  expect(end).toMatchObject({ code: 0, stdout: '', stderr: '' });
});

test.each(Object.entries(POOL_ENDS))('%s lose nothing', async (_, how) => {
  // What was on its way when a member ended is sent again: receivers know a span by its id.
  const { arrived } = await runPool(folder, how, 3, 1_200);
  expect(arrived).toBe(3_600);
});
