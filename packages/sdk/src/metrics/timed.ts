import { whenDone } from './when-done.js';

/** How something that was timed ended. Failed when there is an `error`, unless `success` says otherwise. */
export interface TimedOutcome {
  readonly success?: boolean;
  readonly error?: unknown;
}

/** Something that is being timed. `using` ends it with its block. */
export interface Timed<Outcome = TimedOutcome> extends Disposable {
  /** Ends it; a second call changes nothing. Returns its duration in milliseconds. Never throws. */
  end(outcome?: Outcome): number;
}

/** Starts to time; `onEnd` is called once, and what it throws goes nowhere. */
export function startTimed<Outcome>(onEnd: (durationMs: number, outcome: Outcome | undefined) => void): Timed<Outcome> {
  const startMs = performance.now();
  let durationMs: number | undefined;
  const end = (outcome?: Outcome): number => {
    if (durationMs !== undefined) return durationMs;
    durationMs = performance.now() - startMs;
    try {
      onEnd(durationMs, outcome);
    } catch {
      // An outcome whose getters throw says nothing.
    }
    return durationMs;
  };
  return { end, [Symbol.dispose]: () => void end() };
}

/** Runs `fn` and ends what is timed with it: as failed when it throws, and the same error is thrown on. */
export function runTimed<T, H extends Timed>(timed: H, fn: (timed: H) => T): T {
  let result: T;
  try {
    result = fn(timed);
  } catch (error) {
    timed.end({ success: false, error });
    throw error;
  }
  return whenDone(
    result,
    () => timed.end(),
    (error) => timed.end({ success: false, error }),
  );
}

/** Whether the outcome says success. */
export function succeeded(outcome: TimedOutcome | undefined): boolean {
  return outcome?.success ?? outcome?.error === undefined;
}
