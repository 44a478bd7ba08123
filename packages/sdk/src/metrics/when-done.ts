import { whenSettled } from '../phase-recorder.js';

type Method = (...args: unknown[]) => unknown;
type Step = IteratorResult<unknown, unknown>;

/**
 * Calls one of two observers when the work behind a result is done: now for a value, later for a promise, and for a generator
 * when it has given its last piece, failed, or was left. What comes back behaves as `result` does and is a generator where that
 * is one; observers must not throw.
 */
export function whenDone<T>(result: T, onDone: (value: unknown) => void, onError: (error: unknown) => void): T {
  if (isGenerator(result)) {
    observeSteps(result, onDone, onError);
    return result;
  }
  const settled = (value: unknown) => {
    if (isGenerator(value)) observeSteps(value, onDone, onError);
    else onDone(value);
  };
  return whenSettled(result, settled, onError);
}

interface Steps {
  next: Method;
  return?: Method;
  throw?: Method;
}

function isGenerator(value: unknown): value is Steps {
  return isTagged(value, '[object Generator]') || isTagged(value, '[object AsyncGenerator]');
}

/** Whether the value is a generator that is not asynchronous. Never throws. */
export function isSyncGenerator(value: unknown): value is Generator {
  return isTagged(value, '[object Generator]');
}

function isTagged(value: unknown, tag: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return Object.prototype.toString.call(value) === tag;
  } catch {
    // A Proxy may throw whatever it is asked.
    return false;
  }
}

/** The generator stays the object it is; only what its methods answer is looked at on the way. */
function observeSteps(steps: Steps, onDone: (value: unknown) => void, onError: (error: unknown) => void): void {
  let isDone = false;
  const once = (observe: (value: unknown) => void) => (value: unknown) => {
    if (isDone) return;
    isDone = true;
    observe(value);
  };
  const done = once(onDone);
  const failed = once(onError);
  const look = (step: unknown) => {
    if ((step as Step | undefined)?.done === true) done((step as Step).value);
  };
  const { next, return: leave, throw: raise } = steps;
  for (const [name, method] of Object.entries({ next, return: leave, throw: raise })) {
    if (typeof method !== 'function') continue;
    const observed: Method = (...args) => {
      let step: unknown;
      try {
        step = Reflect.apply(method, steps, args);
      } catch (error) {
        failed(error);
        throw error;
      }
      return whenSettled(step, look, failed);
    };
    // One that is frozen cannot be observed, and is done as far as anyone can tell.
    if (!Reflect.defineProperty(steps, name, { value: observed, writable: true, configurable: true })) done(undefined);
  }
}
