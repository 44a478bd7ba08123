import type { ApiPromiseLike } from './api-promise.js';
import { isApiPromise, observeApiPromise } from './api-promise.js';
import { safely } from './call-recorder.js';
import type { ClientKind } from './client-kind.js';
import { startHttpCall } from './http-call.js';
import type { TrackOptions } from './track-options.js';

/** What the clients of OpenAI and Anthropic have in common: all their methods end in `post` and its siblings. */
export interface StainlessClient {
  readonly baseURL: unknown;
  post(path: string, options?: unknown): unknown;
  withOptions(options: unknown): object;
}

type Method = (...args: unknown[]) => unknown;

/**
 * The client as seen through a Proxy. Its resources (`chat`, `responses`, `messages`...) refer to the client that they belong to;
 * seen through the Proxy they refer to the Proxy, so that whatever they and their helpers send goes through the one method that
 * is observed. Methods of the client itself run on the client, whose private members a Proxy does not have.
 */
export function trackStainlessClient<T extends StainlessClient & object>(
  client: T,
  kind: ClientKind,
  options: TrackOptions,
  track: <C extends object>(client: C) => C,
): T {
  const seen = new WeakMap<object, object>();
  const remember = <V extends object>(original: V, make: () => V): V => {
    const known = seen.get(original);
    if (known !== undefined) return known as V;
    const made = make();
    seen.set(original, made);
    return made;
  };
  const post: Method = (...args) => postTracked(client, kind, options, args);
  const view: T = new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (key === 'constructor' || !isReplaceable(target, key)) return value;
      if (typeof value === 'function') {
        if (Object.hasOwn(target, key) && key !== 'post') return value;
        const replaced = value as Method;
        return remember(replaced, () => {
          if (key === 'post') return onTarget(replaced, view, target, (args) => post(...args));
          if (key === 'withOptions') {
            return onTarget(replaced, view, target, (args) => track(Reflect.apply(replaced, target, args) as object));
          }
          return onTarget(replaced, view, target, (args) => Reflect.apply(replaced, target, args));
        });
      }
      return isResource(value, target) ? remember(value, () => viewResource(value, target, view, remember)) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return view;
}

/** The function itself, but that calls on the view are run by `run`. */
function onTarget(fn: Method, view: object, target: object, run: (args: unknown[]) => unknown): Method {
  return new Proxy(fn, {
    apply: (_fn, self, args) => (self === view || self === target ? run(args) : Reflect.apply(fn, self, args)),
  });
}

interface Resource {
  readonly _client: object;
}

function isResource(value: unknown, client: object): value is Resource {
  return typeof value === 'object' && value !== null && (value as Partial<Resource>)._client === client;
}

function viewResource(
  resource: Resource,
  client: object,
  view: object,
  remember: <V extends object>(original: V, make: () => V) => V,
): Resource {
  return new Proxy(resource, {
    get(target, key, self) {
      if (key === '_client') return view;
      const value: unknown = Reflect.get(target, key, self);
      return isResource(value, client) && isReplaceable(target, key)
        ? remember(value, () => viewResource(value, client, view, remember))
        : value;
    },
  });
}

/** A Proxy must show members that can neither be changed nor redefined as they are. */
function isReplaceable(target: object, key: PropertyKey): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, key);
  return own === undefined || own.configurable === true || own.writable === true;
}

function postTracked(client: StainlessClient, kind: ClientKind, options: TrackOptions, args: unknown[]): unknown {
  const call = safely(() => startHttpCall(client, kind, options, args));
  if (call === undefined) return client.post(...(args as [string, unknown]));
  let answer: unknown;
  try {
    answer = client.post(...(call.args as [string, unknown]));
  } catch (error) {
    safely(() => call.recorder.fail(error));
    throw error;
  }
  if (isApiPromise(answer)) safely(() => observeApiPromise(answer as ApiPromiseLike, call.recorder, call.usage));
  else safely(() => call.recorder.end());
  return answer;
}
