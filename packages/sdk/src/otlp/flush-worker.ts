import { Worker } from 'node:worker_threads';

/**
 * The program of the worker, as text because a bundle has no second file. It posts the bodies, a few at a time, and writes
 * what became of each into shared memory: 1 delivered, 2 not. A lane stops at the first call that gets no answer. Slot 0
 * becomes 1 when all lanes have stopped.
 */
const PROGRAM = `
const { workerData } = require('node:worker_threads');
const { gzipSync } = require('node:zlib');
const { url, headers, bodies, shared, lanes } = workerData;
const { request, Agent } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
const agent = new Agent({ keepAlive: true, maxSockets: lanes });
let next = 0;
let running = lanes;
const stop = () => {
  running -= 1;
  if (running > 0) return;
  Atomics.store(shared, 0, 1);
  Atomics.notify(shared, 0);
};
const lane = () => {
  if (next >= bodies.length) return stop();
  const i = next++;
  const body = gzipSync(bodies[i], { level: 1 });
  const call = request(url, { method: 'POST', agent, headers: { ...headers,
    'content-type': 'application/x-protobuf', 'content-encoding': 'gzip', 'content-length': body.length } });
  call.on('response', (response) => {
    response.on('end', () => {
      Atomics.store(shared, i + 1, response.statusCode >= 200 && response.statusCode < 300 ? 1 : 2);
    });
    response.resume();
  });
  call.on('error', () => {});
  call.on('close', () => (Atomics.load(shared, i + 1) === 0 ? stop() : lane()));
  call.end(body);
};
for (let i = 0; i < lanes; i += 1) {
  try { lane(); } catch { stop(); }
}
`;

/** Calls at a time. */
const LANES = 4;

/**
 * Posts bodies while the calling thread waits, for at most `timeoutMs`: the one way to send anything once a process is
 * ending, when its event loop no longer turns. Returns for each body whether it was delivered. Never throws.
 */
export function postSync(
  url: string,
  headers: { readonly [name: string]: string },
  bodies: readonly Uint8Array[],
  timeoutMs: number,
): readonly boolean[] {
  const shared = new Int32Array(new SharedArrayBuffer(4 * (bodies.length + 1)));
  try {
    const worker = new Worker(PROGRAM, {
      eval: true,
      // Nothing of the application's own set-up: preloaded modules might record, print or fail.
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
      workerData: { url, headers, bodies, shared, lanes: Math.min(LANES, bodies.length) },
    });
    worker.on('error', () => {});
    worker.unref();
    Atomics.wait(shared, 0, 0, timeoutMs);
  } catch {
    // No threads here (a permission model, a limit): the spans count as dropped.
  }
  return bodies.map((_, i) => Atomics.load(shared, i + 1) === 1);
}
