import { whenCollected } from './abandoned.js';
import type { CallRecorder } from './call-recorder.js';
import { define } from './observe-iterator.js';
import { firstIteration, isStream, observeStream } from './observe-stream.js';
import { safely } from './safely.js';

/** Listens in on what a method answered: a value, a stream, or a promise of either. Gives back what the caller gets. */
export function observeAnswer(answer: unknown, call: CallRecorder): unknown {
  if (!(answer instanceof Promise)) {
    safely(() => observeResult(answer, call));
    return answer;
  }
  return answer.then(
    (result: unknown) => {
      safely(() => observeResult(result, call));
      return result;
    },
    (error: unknown) => {
      safely(() => call.fail(error));
      throw error;
    },
  );
}

/** A stream: an iterable, perhaps with a controller of its own. */
interface AbortableIterable {
  [Symbol.asyncIterator](...args: unknown[]): object;
  readonly abortController?: { readonly signal?: AbortSignal };
}

/** Listens in on a result; one that is no stream is the end of the call. */
export function observeResult(result: unknown, call: CallRecorder): void {
  if (isStream(result)) {
    observeStream(result, call, undefined);
    return;
  }
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) {
    call.document(result);
    return;
  }
  const stream = result as AbortableIterable;
  const iteration = firstIteration(call, stream.abortController?.signal);
  if (typeof (stream as { readonly next?: unknown }).next === 'function') {
    iteration.observe(stream);
    return;
  }
  const iterate = stream[Symbol.asyncIterator];
  define(stream, Symbol.asyncIterator, (...args) => iteration.observe(Reflect.apply(iterate, stream, args)));
  whenCollected(stream, call, iteration);
}
