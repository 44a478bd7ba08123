import { Worker } from 'node:worker_threads';
import type { Encoding } from './encoding.js';
import { TOKENIZER_PROGRAM } from './tokenizer-program.js';

/** Characters that wait in the worker at once; past it, calls are stored without an estimate. */
const MAX_WAITING_CHARS = 8_000_000;
/** A batch waits this long; the worker is ended then, since what holds it up would hold up the next batch too. */
const DEADLINE_MS = 3000;
/** After a worker died it is not tried again for this long. */
const REST_MS = 10_000;

/** Counts tokens in another thread. */
export interface Tokenizer {
  /** Tokens of each group of texts, or `undefined` when the worker is down, busy, or took too long. Never rejects. */
  count(encoding: Encoding, groups: readonly (readonly string[])[]): Promise<readonly number[] | undefined>;
  /** Ends the thread; what waits is answered with `undefined`. */
  stop(): void;
}

interface Waiting {
  readonly chars: number;
  readonly timer: NodeJS.Timeout;
  readonly answer: (counts: readonly number[] | undefined) => void;
}

/** Options that tests set. */
export interface TokenizerOptions {
  readonly deadlineMs?: number;
  readonly now?: () => number;
  readonly program?: string;
}

/** A tokeniser whose thread is started by the first question and loads an encoding (some 100 ms) when one is first asked for. */
export function createTokenizer(options: TokenizerOptions = {}): Tokenizer {
  const { deadlineMs = DEADLINE_MS, now = Date.now, program = TOKENIZER_PROGRAM } = options;
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let waitingChars = 0;
  let lastId = 0;
  let restUntilMs = 0;
  let stopped = false;

  function settle(id: number, counts: readonly number[] | undefined): void {
    const job = waiting.get(id);
    if (job === undefined) return;
    waiting.delete(id);
    clearTimeout(job.timer);
    waitingChars -= job.chars;
    job.answer(counts);
  }

  function end(from: Worker | undefined): void {
    if (from === undefined || from !== worker) return;
    worker = undefined;
    restUntilMs = now() + REST_MS;
    void from.terminate();
    for (const id of [...waiting.keys()]) settle(id, undefined);
  }

  function start(): Worker {
    const started = new Worker(program, { eval: true, workerData: { from: import.meta.url }, env: {}, stdout: false });
    started.unref();
    started.on('message', ({ id, counts }: { id: number; counts?: readonly number[] }) => settle(id, counts));
    started.on('error', () => end(started));
    started.on('exit', () => end(started));
    return started;
  }

  return {
    count(encoding, groups) {
      const chars = groups.reduce((sum, texts) => sum + texts.reduce((all, text) => all + text.length, 0), 0);
      if (stopped || now() < restUntilMs || waitingChars + chars > MAX_WAITING_CHARS) return Promise.resolve(undefined);
      worker ??= start();
      const asked = worker;
      const id = ++lastId;
      return new Promise((answer) => {
        const timer = setTimeout(() => end(asked), deadlineMs);
        waitingChars += chars;
        waiting.set(id, { chars, timer, answer });
        asked.postMessage({ id, encoding, groups });
      });
    },
    stop() {
      stopped = true;
      end(worker);
    },
  };
}
