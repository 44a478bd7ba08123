import { whenDone } from '../metrics/when-done.js';
import type { Monitor } from '../monitor.js';
import type { RequestRecorder } from '../request-recorder.js';
import { monitorOf } from '../wrappers/monitor-of.js';
import { safely } from '../wrappers/safely.js';
import type { HttpTracking } from './http-tracking.js';
import { trackCall } from './http-tracking.js';

/** What an endpoint is. */
export interface EndpointOptions {
  /** Pattern of its route: `/orders/:id`. */
  readonly endpoint: string;
  /** Default `GET`. */
  readonly method?: string;
  /** Records the calls. Default: the monitor that this process made first, else a new one with its defaults. */
  readonly monitor?: Monitor;
}

type Callable = (...args: never[]) => unknown;

/** Wraps a function; as a decorator of a method it is called with a context too. */
export type EndpointDecorator = <F extends Callable>(fn: F, context?: { readonly kind: string }) => F;

/**
 * The same function, with each of its calls recorded as an HTTP request: counted as `http_requests_total` and the like by the
 * endpoint, and sent as a request. Inside a request that an integration tracks it names that one's route instead, so that nothing
 * counts twice. Results, promises, generators, errors and `this` are the function's own. The status is the one that the result
 * or the error has (`status`, `statusCode`), else 200 or 500.
 *
 * @example
 * class Orders {
 *   @trackEndpoint({ method: 'GET', endpoint: '/orders/:id' })
 *   async find(id) { ... }
 * }
 * const find = trackEndpoint({ endpoint: '/orders/:id' })(async (id) => { ... });
 */
export function trackEndpoint(options: EndpointOptions): EndpointDecorator;
export function trackEndpoint<F extends Callable>(fn: F, options: EndpointOptions): F;
export function trackEndpoint<F extends Callable>(
  fnOrOptions: F | EndpointOptions,
  options?: EndpointOptions,
): F | EndpointDecorator {
  if (typeof fnOrOptions === 'function') return track(fnOrOptions, options as EndpointOptions);
  const decorate: EndpointDecorator = (fn) => track(fn, fnOrOptions);
  return decorate;
}

function track<F extends Callable>(fn: F, options: EndpointOptions): F {
  return new Proxy(fn, {
    apply(target, self, args) {
      const call = () => Reflect.apply(target, self, args) as unknown;
      const tracking = safely(() => startTracking(options));
      return tracking === undefined ? call() : runTracked(tracking, call);
    },
  });
}

/** `undefined` when the call is part of a request that is counted already. */
function startTracking(options: EndpointOptions): HttpTracking | undefined {
  const { endpoint, method = 'GET' } = options;
  const monitor = monitorOf(options);
  const current = monitor.current() as RequestRecorder | undefined;
  if (current?.details?.attributes?.has('http.request.method') === true) {
    if (!current.details.attributes.has('http.route')) current.set({ attributes: { 'http.route': endpoint } });
    return undefined;
  }
  const tracking = trackCall(monitor, { method, path: endpoint, headers: {} }, undefined, {});
  tracking?.route(endpoint);
  tracking?.received();
  return tracking;
}

function runTracked(tracking: HttpTracking, call: () => unknown): unknown {
  const finish = (statusCode: number) =>
    safely(() => tracking.finish({ statusCode, responseSizeBytes: undefined, aborted: false }));
  const failed = (error: unknown) => {
    tracking.failed(error);
    finish(statusOf(error, 400) ?? 500);
  };
  let result: unknown;
  try {
    result = tracking.request.run(call);
  } catch (error) {
    failed(error);
    throw error;
  }
  return whenDone(result, (value) => finish(statusOf(value, 100) ?? 200), failed);
}

/** The status of HTTP that an answer or an error names, when it is at least `least`. */
function statusOf(value: unknown, least: number): number | undefined {
  return safely(() => {
    if (typeof value !== 'object' || value === null) return undefined;
    const { statusCode, status } = value as { readonly statusCode?: unknown; readonly status?: unknown };
    const named = [statusCode, status].find((code) => Number.isInteger(code));
    return typeof named === 'number' && named >= least && named <= 599 ? named : undefined;
  });
}
