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
  if (typeof value !== 'object' || value === null) return false;
  const tag = Object.prototype.toString.call(value);
  return tag === '[object Generator]' || tag === '[object AsyncGenerator]';
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
    Object.defineProperty(steps, name, { value: observed, writable: true, configurable: true });
  }
}
