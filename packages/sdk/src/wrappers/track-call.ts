import type { AttributeValue, Message } from '@vedetta/model';
import { toMessages } from '../llm-call.js';
import { isSyncGenerator } from '../metrics/when-done.js';
import { isApiPromise, observeApiPromise } from './api-promise.js';
import type { CallFacts } from './call-mapping.js';
import { CallRecorder } from './call-recorder.js';
import { MappedReader } from './mapped-reader.js';
import { monitorOf } from './monitor-of.js';
import { observeResult } from './observe-answer.js';
import { define } from './observe-iterator.js';
import { firstIteration } from './observe-stream.js';
import { safely } from './safely.js';

type Callable = (...args: never[]) => unknown;
type Result<F extends Callable> = Awaited<ReturnType<F>>;
type Piece<T> = T extends AsyncIterable<infer P> ? P : unknown;

/** Wraps a function; as a decorator of a method it is called with a context too. */
export type CallDecorator = <F extends Callable>(fn: F, context?: { readonly kind: string }) => F;

/**
 * The same function, with each of its calls recorded as a call of a model. What it returns is what the function returns: a value,
 * a promise, a stream or an asynchronous generator with its `next`, `return` and `throw`; errors go through unchanged. Breaking out of
 * a stream records what had come as `cancelled`. `facts` tells how to read prompt, answer and usage; what a mapping throws is
 * no error of the call's. Usage is marked as `supplied`. Without a function it is a decorator of methods, whose mappings know no types.
 *
 * @example
 * const ask = trackCall(askMyModel, { model: 'mine', input: (prompt) => prompt, answer: (text) => ({ output: text }) });
 * class Assistant {
 *   @trackCall({ model: 'mine' })
 *   async ask(prompt) { ... }
 * }
 */
export function trackCall<F extends Callable>(fn: F, facts?: CallFacts<Parameters<F>, Result<F>, Piece<Result<F>>>): F;
export function trackCall(facts: CallFacts): CallDecorator;
export function trackCall<F extends Callable>(
  fnOrFacts: F | CallFacts,
  facts: CallFacts<Parameters<F>, Result<F>, Piece<Result<F>>> = {},
): F | CallDecorator {
  if (typeof fnOrFacts === 'function') return recordCalls(fnOrFacts, facts as CallFacts<never, never, never>);
  const decorate: CallDecorator = (fn) => recordCalls(fn, fnOrFacts as CallFacts<never, never, never>);
  return decorate;
}

function recordCalls<F extends Callable>(fn: F, facts: CallFacts<never, never, never>): F {
  return new Proxy(fn, {
    apply(target, self, args) {
      const call = safely(() => startCall(facts, args as never));
      if (call === undefined) return Reflect.apply(target, self, args);
      let answer: unknown;
      try {
        answer = Reflect.apply(target, self, args);
      } catch (error) {
        safely(() => call.fail(error));
        throw error;
      }
      return observeAnswer(answer, call);
    },
  });
}

function startCall(facts: CallFacts<never, never, never>, args: never): CallRecorder {
  const { operation = 'chat', modality = 'text', model, provider = '', parameters, input } = facts;
  const list = args as readonly never[];
  const named = typeof model === 'function' ? safely(() => Reflect.apply(model, undefined, list) as string) : model;
  const asked = input === undefined ? undefined : safely(() => Reflect.apply(input, undefined, list) as unknown);
  const start = {
    operation,
    modality,
    provider,
    model: typeof named === 'string' ? named : '',
    stream: false,
    facts: {
      ...(parameters === undefined ? {} : { parameters: parameters as { readonly [name: string]: AttributeValue } }),
      ...(asked === undefined ? {} : { inputMessages: toMessages(asked, 'user') as readonly Message[] }),
    },
    signal: undefined,
  };
  return new CallRecorder(
    monitorOf(facts),
    facts,
    start,
    new MappedReader({ answer: facts.answer, piece: facts.piece }),
  );
}

/** Listens in on what a function returned, and gives it back. */
function observeAnswer(answer: unknown, call: CallRecorder): unknown {
  if (isApiPromise(answer)) {
    safely(() => observeApiPromise(answer, call, undefined));
    return answer;
  }
  if (!isThenable(answer)) {
    safely(() => observeValue(answer, call));
    return answer;
  }
  const { then } = answer;
  const settled = (value: unknown) => {
    safely(() => observeValue(value, call));
    return value;
  };
  const failed = (error: unknown) => {
    safely(() => call.fail(error));
    throw error;
  };
  if (Object.getPrototypeOf(answer) === Promise.prototype && !Object.hasOwn(answer, 'then'))
    return answer.then(settled, failed);
  // A promise with methods of its own, or one that works only when it is waited for: it stays the object it is.
  let isObserved = false;
  define(answer, 'then', (onValue, onError) => {
    if (isObserved) return Reflect.apply(then, answer, [onValue, onError]);
    isObserved = true;
    const onward = typeof onValue === 'function' ? (value: unknown) => onValue(settled(value)) as unknown : settled;
    const refused = (error: unknown) => {
      safely(() => call.fail(error));
      if (typeof onError === 'function') return onError(error) as unknown;
      throw error;
    };
    return Reflect.apply(then, answer, [onward, refused]);
  });
  return answer;
}

function observeValue(value: unknown, call: CallRecorder): void {
  if (isSyncGenerator(value)) {
    call.note('gen_ai.request.stream', true);
    firstIteration(call, undefined).observe(value);
    return;
  }
  if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value)
    call.note('gen_ai.request.stream', true);
  observeResult(value, call);
}

interface Thenable {
  then(onValue?: (value: unknown) => unknown, onError?: (error: unknown) => unknown): unknown;
}

function isThenable(value: unknown): value is Thenable & object {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Thenable>).then === 'function';
}
