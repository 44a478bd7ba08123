import { Worker } from 'node:worker_threads';

/**
 * The program of the worker, as text because a bundle has no second file. It posts the bodies as they come, several at a time,
 * and writes what became of each into shared memory: 1 delivered, 2 not. A lane stops at the first call that gets no answer; a
 * server that is overloaded is asked again. Slot 0 becomes 1 when there is nothing left to do.
 */
const PROGRAM = `
const { workerData, parentPort } = require('node:worker_threads');
const { gzip } = require('node:zlib');
const { url, headers, shared, lanes, compress, retryMs } = workerData;
const { request, Agent } = require(url.startsWith('https:') ? 'node:https' : 'node:http');
const agent = new Agent({ keepAlive: true, maxSockets: lanes });
const count = shared.length - 1;
const waiting = [];
let free = lanes;
let stopped = 0;
let settled = 0;
const end = () => {
  Atomics.store(shared, 0, 1);
  Atomics.notify(shared, 0);
  parentPort.close();
};
const settle = (i, outcome) => {
  Atomics.store(shared, i + 1, outcome);
  settled += 1;
  if (settled === count) end();
};
const start = () => {
  while (free > 0 && waiting.length > 0) {
    free -= 1;
    prepare(...waiting.shift());
  }
};
const prepare = (i, body) => {
  if (!compress) return post(i, body, {});
  gzip(body, { level: 1 }, (error, gzipped) => {
    if (error) post(i, body, {});
    else post(i, gzipped, { 'content-encoding': 'gzip' });
  });
};
const post = (i, body, encoding) => {
  let status = 0;
  let call;
  const closed = () => {
    if (status === 429 || (status >= 502 && status <= 504)) return setTimeout(post, retryMs, i, body, encoding);
    settle(i, status >= 200 && status < 300 ? 1 : 2);
    if (status > 0) {
      free += 1;
      return start();
    }
    stopped += 1;
    if (stopped === lanes) end();
  };
  try {
    call = request(url, { method: 'POST', agent, headers: { ...headers, ...encoding,
      'content-length': body.length } });
  } catch {
    return closed();
  }
  call.on('response', (response) => {
    response.on('end', () => { status = response.statusCode; });
    response.resume();
  });
  call.on('error', () => {});
  call.on('close', closed);
  call.end(body);
};
parentPort.on('message', ([i, body]) => {
  if (body === undefined) return settle(i, 2);
  waiting.push([i, body]);
  start();
});
`;

/** Calls at a time: a store that answers after its commit gets many batches into one. */
const LANES = 16;
/** Before an overloaded server is asked again: soon, because there is hardly any time. */
const RETRY_MS = 150;
/** Compressing takes longer than a copy within the machine. */
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Posts bodies while the calling thread waits, for at most `timeoutMs`: the one way to send anything once a process is
 * ending, when its event loop no longer turns. The bodies are made while the thread that posts them starts. Returns for each
 * whether it was delivered (`headers` say what the bodies are): an answer that does not come in time counts as none, though the body may arrive. Never throws.
 */
export function postSync(
  url: string,
  headers: { readonly [name: string]: string },
  bodies: readonly (() => Uint8Array)[],
  timeoutMs: number,
): readonly boolean[] {
  const deadlineMs = performance.now() + timeoutMs;
  const shared = new Int32Array(new SharedArrayBuffer(4 * (bodies.length + 1)));
  try {
    const worker = new Worker(PROGRAM, {
      eval: true,
      // Nothing of the application's own set-up: preloaded modules might record, print or fail.
      execArgv: [],
      env: {},
      stdout: true,
      stderr: true,
      workerData: {
        url,
        headers,
        shared,
        lanes: Math.min(LANES, bodies.length),
        compress: !LOOPBACK.has(new URL(url).hostname),
        retryMs: RETRY_MS,
      },
    });
    worker.on('error', () => {});
    worker.unref();
    bodies.forEach((make, i) => {
      worker.postMessage([i, attempt(make)]);
    });
    Atomics.wait(shared, 0, 0, Math.max(deadlineMs - performance.now(), 0));
  } catch {
    // No threads here (a permission model, a limit): the spans count as dropped.
  }
  return bodies.map((_, i) => Atomics.load(shared, i + 1) === 1);
}

function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}
