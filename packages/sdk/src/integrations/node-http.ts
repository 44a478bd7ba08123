import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpCallsOf } from '../metrics/http-calls.js';
import type { Monitor } from '../monitor.js';
import type { HttpTrackingOptions } from './http-tracking.js';
import { trackNodeCall } from './node-response.js';

export type { HttpCall, HttpTrackingOptions } from './http-tracking.js';
export { metricsHandler } from './metrics-handler.js';

/** A listener of `http.createServer`; it may return a promise. */
export type NodeHandler<Result = unknown> = (request: IncomingMessage, response: ServerResponse) => Result;

/**
 * Tracks every call that `handler` serves. `monitor.current()` is the call's request inside it. What the handler throws is
 * recorded and thrown on, so the process ends, or not, as it would without the wrapper.
 *
 * @example
 * createServer(trackHandler(monitor, async (request, response) => { ... })).listen(3000);
 */
export function trackHandler<Result>(
  monitor: Monitor,
  handler: NodeHandler<Result>,
  options: HttpTrackingOptions = {},
): NodeHandler<Result> {
  // What is counted is collected from now on.
  httpCallsOf(monitor);
  return (request, response) => {
    const tracking = trackNodeCall(monitor, request, response, options);
    if (tracking === undefined) return handler(request, response);
    let result: Result;
    try {
      result = tracking.request.run(() => handler(request, response));
    } catch (error) {
      tracking.crashed(error);
      throw error;
    }
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      tracking.crashed(error);
      throw error;
    }) as Result;
  };
}
