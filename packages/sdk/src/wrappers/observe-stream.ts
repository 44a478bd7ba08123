import type { Abandonable } from './abandoned.js';
import { whenCollected } from './abandoned.js';
import type { CallRecorder } from './call-recorder.js';
import type { IteratorState } from './observe-iterator.js';
import { observeIterator } from './observe-iterator.js';
import { safely } from './safely.js';

/** Usage that was asked for on the caller's behalf, and must not be seen by it. */
export interface StreamUsage {
  isExtraEvent(data: unknown): boolean;
}

/** A stream of the clients of OpenAI and Anthropic. */
export interface StreamLike {
  iterator: () => object;
  readonly controller?: { readonly signal?: AbortSignal };
}

/** True for such a stream. */
export function isStream(value: unknown): value is StreamLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<StreamLike>).iterator === 'function' &&
    Symbol.asyncIterator in value
  );
}

/** Listens in on the first iteration of a stream; a second one fails in the client, and is none of the call's. */
export function observeStream(stream: StreamLike, call: CallRecorder, usage: StreamUsage | undefined): void {
  const { iterator: iterate, controller } = stream;
  const iteration = firstIteration(call, controller?.signal, usage);
  stream.iterator = () => iteration.observe(iterate.call(stream));
  whenCollected(stream, call, iteration);
}

/** Observes the first of the iterators that a stream hands out, and tells of an abort at once. */
export interface FirstIteration extends Abandonable {
  observe(iterator: object): object;
}

/** See {@link FirstIteration}. Knows the stream's signal and not the stream, so that a stream nobody reads can be collected. */
export function firstIteration(
  call: CallRecorder,
  signal: AbortSignal | undefined,
  usage?: StreamUsage,
): FirstIteration {
  let state: IteratorState | undefined;
  let isIterated = false;
  const left = () => safely(() => call.end({ left: true }));
  const reading = {
    isAborted: () => signal?.aborted === true,
    read: (piece: unknown) => readPiece(piece, call, usage),
  };
  signal?.addEventListener(
    'abort',
    () => {
      // A stream that fails aborts itself before the failure is seen: who waits for a piece will hear of it.
      if (state === undefined || state.awaited === 0) left();
    },
    { once: true },
  );
  return {
    observe(iterator) {
      if (isIterated) return iterator;
      isIterated = true;
      state = safely(() => observeIterator(iterator, call, reading));
      return iterator;
    },
    abandoned() {
      if (!isIterated) safely(() => call.end({ left: true, isLate: true }));
    },
  };
}

/** Reads a piece; `false` when it is there only because of what was asked for on the caller's behalf. */
function readPiece(piece: unknown, call: CallRecorder, usage: StreamUsage | undefined): boolean {
  const { type } = (piece ?? {}) as { readonly type?: unknown };
  safely(() => call.event(piece, typeof type === 'string' ? type : ''));
  if (usage === undefined) return true;
  if (usage.isExtraEvent(piece)) return false;
  // Where usage is asked for, every other piece says that it has none.
  const { usage: stated } = (piece ?? {}) as { usage?: unknown };
  if (stated === null) delete (piece as { usage?: unknown }).usage;
  return true;
}
