import { Worker } from 'node:worker_threads';

/**
 * The program of the worker, as text because a bundle has no second file. It posts the bodies one after the other and
 * writes what became of each into shared memory: 1 delivered, 2 not. Slot 0 becomes 1 when it is done.
 */
const PROGRAM = `
const { workerData } = require('node:worker_threads');
const { gzipSync } = require('node:zlib');
const { url, headers, bodies, shared } = workerData;
const { request, Agent } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const done = () => { Atomics.store(shared, 0, 1); Atomics.notify(shared, 0); };
const next = (i) => {
  if (i >= bodies.length) return done();
  const body = gzipSync(bodies[i], { level: 1 });
  const call = request(url, { method: 'POST', agent, headers: { ...headers,
    'content-type': 'application/x-protobuf', 'content-encoding': 'gzip', 'content-length': body.length } });
  call.on('error', () => done());
  call.on('response', (response) => {
    response.on('error', () => done());
    response.on('end', () => {
      Atomics.store(shared, i + 1, response.statusCode >= 200 && response.statusCode < 300 ? 1 : 2);
      next(i + 1);
    });
    response.resume();
  });
  call.end(body);
};
try { next(0); } catch { done(); }
`;

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
      workerData: { url, headers, bodies, shared },
    });
    worker.on('error', () => {});
    worker.unref();
    Atomics.wait(shared, 0, 0, timeoutMs);
  } catch {
    // No threads here (a permission model, a limit): the spans count as dropped.
  }
  return bodies.map((_, i) => Atomics.load(shared, i + 1) === 1);
}
