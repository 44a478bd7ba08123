/** Something that holds data the process must not take with it. */
export interface Flushable {
  /** The process is about to end for certain: ends what still runs in it, as cancelled. */
  abandon(): void;
  /** Resolves when everything is delivered or dropped, at the latest after `timeoutMs`. */
  flush(timeoutMs: number): Promise<void>;
  /** The same, before it returns. */
  flushSync(timeoutMs: number): void;
}

/** Together they bound what the SDK may add to the end of a process: two seconds. */
const EXIT_FLUSH_MS = 1_500;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Long enough for a signal that was sent again to arrive. */
const REARM_MS = 200;

interface ProcessEnd {
  readonly flushables: Set<Flushable>;
}

/** Shared by all copies of the SDK in the process (ESM and CommonJS, say), so that its listeners are there once. */
const KEY = Symbol.for('vedetta.sdk.process-end.v1');

/**
 * Flushes `flushable` when the process ends, without changing how it ends: the exit code, the signal and the output stay.
 * Returns a function that forgets it again.
 *
 * `exit` covers natural ends, `process.exit` and uncaught errors, because the flush is synchronous there. A signal that
 * nobody else handles is held back for as long as a flush takes and then sent again. One that the application handles is
 * left to the application.
 */
export function flushAtProcessEnd(flushable: Flushable): () => void {
  const shared = globalThis as { [KEY]?: ProcessEnd };
  shared[KEY] ??= install();
  const { flushables } = shared[KEY];
  flushables.add(flushable);
  return () => {
    flushables.delete(flushable);
  };
}

function install(): ProcessEnd {
  const flushables = new Set<Flushable>();
  process.on('exit', () => {
    const deadline = performance.now() + EXIT_FLUSH_MS;
    for (const flushable of flushables) flushable.abandon();
    for (const flushable of flushables) flushable.flushSync(Math.max(deadline - performance.now(), 0));
  });
  for (const signal of SIGNALS) handleSignal(signal, flushables);
  return { flushables };
}

function handleSignal(signal: NodeJS.Signals, flushables: ReadonlySet<Flushable>): void {
  const listener = () => {
    // Out of the list before anyone looks: other libraries decide by whether they are alone.
    process.removeListener(signal, listener);
    const handledByApp = process.listenerCount(signal) > 0;
    if (!handledByApp) for (const flushable of flushables) flushable.abandon();
    const flushed = Promise.all([...flushables].map((flushable) => flushable.flush(EXIT_FLUSH_MS)));
    if (handledByApp) {
      setImmediate(arm).unref();
      return;
    }
    flushed.then(() => {
      process.kill(process.pid, signal);
      // Still here when the kernel ignores the signal, as it does for the first process of a container.
      setTimeout(arm, REARM_MS).unref();
    });
  };
  const arm = () => {
    // First in line, so that listeners that run once are still counted.
    process.prependListener(signal, listener);
  };
  arm();
}
