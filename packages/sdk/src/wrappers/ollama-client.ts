import { findProvider } from '@vedetta/providers';
import { whenCollected } from './abandoned.js';
import { CallRecorder, safely } from './call-recorder.js';
import { monitorOf } from './monitor-of.js';
import { define } from './observe-iterator.js';
import { firstIteration } from './observe-stream.js';
import type { TrackOptions } from './track-options.js';

/** The client of Ollama as far as it is used: its methods are functions of one request. */
export interface OllamaClient {
  chat(request: object): unknown;
  generate(request: object): unknown;
  embed(request: object): unknown;
}

type Method = (...args: unknown[]) => unknown;

/** The API's path behind each method. */
const PATHS: ReadonlyMap<PropertyKey, string> = new Map([
  ['chat', '/api/chat'],
  ['generate', '/api/generate'],
  ['embed', '/api/embed'],
  ['embeddings', '/api/embeddings'],
]);

/** True for an object with the methods of Ollama's client. */
export function isOllamaClient(client: object): client is OllamaClient {
  const { chat, generate, embed } = client as { readonly [K in keyof OllamaClient]?: unknown };
  return typeof chat === 'function' && typeof generate === 'function' && typeof embed === 'function';
}

/** The client as seen through a Proxy whose methods that call a model are observed. */
export function trackOllamaClient<T extends OllamaClient & object>(client: T, options: TrackOptions): T {
  const methods = new WeakMap<Method, Method>();
  const view: T = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      const path = PATHS.get(key);
      if (path === undefined || typeof value !== 'function') return value;
      const method = value as Method;
      let tracked = methods.get(method);
      if (tracked === undefined) {
        tracked = new Proxy(method, {
          apply: (_fn, self, args) => callTracked(method, self === view ? target : self, args, path, options),
        });
        methods.set(method, tracked);
      }
      return tracked;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return view;
}

function callTracked(method: Method, self: unknown, args: unknown[], path: string, options: TrackOptions): unknown {
  const call = safely(() => startCall(path, args[0], options));
  if (call === undefined) return Reflect.apply(method, self, args);
  let answer: unknown;
  try {
    answer = Reflect.apply(method, self, args);
  } catch (error) {
    safely(() => call.fail(error));
    throw error;
  }
  if (!(answer instanceof Promise)) {
    safely(() => call.document(answer));
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

function startCall(path: string, body: unknown, options: TrackOptions): CallRecorder | undefined {
  const endpoint = findProvider('ollama')?.match('POST', path);
  if (endpoint === undefined) return undefined;
  const facts = endpoint.readRequest(body);
  // The API streams unless told otherwise; the client streams only when told to.
  const { stream } = (body ?? {}) as { readonly stream?: unknown };
  const start = {
    operation: endpoint.operation,
    modality: endpoint.modality,
    provider: options.provider ?? 'ollama',
    model: facts.model ?? '',
    stream: stream === true,
    facts,
    signal: undefined,
  };
  return new CallRecorder(monitorOf(options), options, start, endpoint.readResponse());
}

/** A stream of the client: an iterable with a controller of its own. */
interface AbortableIterator {
  [Symbol.asyncIterator](): object;
  readonly abortController?: { readonly signal?: AbortSignal };
}

function observeResult(result: unknown, call: CallRecorder): void {
  if (typeof result !== 'object' || result === null || !(Symbol.asyncIterator in result)) {
    call.document(result);
    return;
  }
  const stream = result as AbortableIterator;
  const iterate = stream[Symbol.asyncIterator];
  const iteration = firstIteration(call, stream.abortController?.signal);
  define(stream, Symbol.asyncIterator, () => iteration.observe(Reflect.apply(iterate, stream, []) as object));
  whenCollected(stream, iteration);
}
