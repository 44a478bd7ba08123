import { leaving, whenCollected } from './abandoned.js';
import type { CallRecorder } from './call-recorder.js';
import { safely } from './safely.js';

/** How the pieces that an iterator gives are read. */
export interface IteratorReading {
  /** Reads a piece; `false` hides it from the consumer. */
  read(piece: unknown): boolean;
  /** The stream was aborted, after which it may end without an error. */
  isAborted(): boolean;
}

/** What an observed iterator is at. */
export interface IteratorState {
  /** Pieces that the consumer waits for: how the stream goes on will be seen there. */
  awaited: number;
}

type Step = IteratorResult<unknown, unknown>;
type Method = (...args: unknown[]) => unknown;

/**
 * Listens in on an iterator, asynchronous or not. The iterator stays the object it is, with its class and its methods; only what
 * `next`, `return` and `throw` answer is looked at on the way to the consumer.
 */
export function observeIterator(iterator: object, call: CallRecorder, reading: IteratorReading): IteratorState {
  const { next, return: leave, throw: raise } = iterator as { next: Method; return?: Method; throw?: Method };
  const state: IteratorState = { awaited: 0 };
  const settled = (step: Step): Step | PromiseLike<Step> => {
    state.awaited -= 1;
    if (step.done === true) {
      safely(() => call.end({ left: reading.isAborted() }));
      return step;
    }
    const isVisible = safely(() => reading.read(step.value)) ?? true;
    return isVisible ? step : advance([]);
  };
  const failed = (error: unknown) => {
    state.awaited -= 1;
    safely(() => call.fail(error));
    throw error;
  };
  const advance = (args: unknown[]): Step | PromiseLike<Step> => {
    state.awaited += 1;
    let step: Step | PromiseLike<Step>;
    try {
      step = Reflect.apply(next, iterator, args) as Step | PromiseLike<Step>;
    } catch (error) {
      return failed(error);
    }
    // Generators that are not asynchronous, and iterators made by hand, answer without a promise.
    return 'then' in step ? step.then(settled, failed) : settled(step);
  };
  // Before the iterator hears of it: its `finally` aborts the stream, which is how it goes away and not why.
  const left = (method: Method): Method => {
    return (...args) => {
      safely(() => call.end({ left: true }));
      return Reflect.apply(method, iterator, args);
    };
  };
  define(iterator, 'next', (...args) => advance(args));
  if (typeof leave === 'function') define(iterator, 'return', left(leave));
  if (typeof raise === 'function') define(iterator, 'throw', left(raise));
  whenCollected(iterator, call, leaving(call));
  return state;
}

/** An own method that neither lists nor JSON nor a copy shows. */
export function define(target: object, name: PropertyKey, value: Method): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}
