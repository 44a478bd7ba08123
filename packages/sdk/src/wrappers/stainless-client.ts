import { isApiPromise, observeApiPromise } from './api-promise.js';
import type { ClientKind } from './client-kind.js';
import { startHttpCall } from './http-call.js';
import { observeAnswer } from './observe-answer.js';
import { safely } from './safely.js';
import type { TrackOptions } from './track-options.js';
import type { Method } from './view.js';
import { createViews, isReplaceable, onTarget } from './view.js';

/** What the clients of OpenAI and Anthropic have in common: all their methods end in `post` and its siblings. */
export interface StainlessClient {
  readonly baseURL: unknown;
  post(path: string, options?: unknown): unknown;
  withOptions(options: unknown): object;
}

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
  const remember = createViews();
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
      return OBSERVED.has(key) && isResource(value, target)
        ? remember(value, () => viewResource(value, target, view, remember))
        : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
  return view;
}

/**
 * Resources whose calls may call a model. Others are shown as they are: some have private members, which a Proxy has not
 * (`webhooks` of OpenAI's client).
 */
const OBSERVED: ReadonlySet<PropertyKey> = new Set([
  ...['chat', 'completions', 'responses', 'embeddings', 'images', 'audio', 'moderations', 'messages', 'beta'],
]);

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
  remember: ReturnType<typeof createViews>,
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
  if (!isApiPromise(answer)) return observeAnswer(answer, call.recorder);
  safely(() => observeApiPromise(answer, call.recorder, call.usage));
  return answer;
}
