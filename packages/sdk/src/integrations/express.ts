import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpCallsOf } from '../metrics/http-calls.js';
import type { Monitor } from '../monitor.js';
import type { HttpTracking, HttpTrackingOptions } from './http-tracking.js';
import { trackNodeCall } from './node-response.js';

export type { HttpCall, HttpTrackingOptions } from './http-tracking.js';
export { metricsHandler } from './metrics-handler.js';

/** Express' request as far as it is used: versions 4 and 5 have it. */
export interface ExpressRequest extends IncomingMessage {
  readonly originalUrl?: string;
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

/** Express' `next`. */
export type ExpressNext = (error?: unknown) => void;

const tracked = new WeakMap<IncomingMessage, HttpTracking>();

/**
 * Tracks every call that comes past it; `monitor.current()` is the call's request in everything behind it. Put it first.
 *
 * @example
 * app.use(expressMiddleware(monitor));
 * app.post('/v1/chat/completions', handler);
 * app.use(expressErrors());
 */
export function expressMiddleware(
  monitor: Monitor,
  options: HttpTrackingOptions = {},
): (request: ExpressRequest, response: ServerResponse, next: ExpressNext) => void {
  // What is counted is collected from now on.
  httpCallsOf(monitor);
  return (request, response, next) => {
    const tracking = trackNodeCall(monitor, request, response, options, request.originalUrl ?? request.url);
    if (tracking === undefined) {
      next();
      return;
    }
    tracked.set(request, tracking);
    const stateRoute = () => {
      const pattern = request.route?.path;
      if (typeof pattern === 'string') tracking.route((request.baseUrl ?? '') + pattern);
    };
    // Before the listeners that end the request, and as late as possible: the route is known once it was found.
    response.prependOnceListener('finish', stateRoute);
    response.prependOnceListener('close', stateRoute);
    tracking.request.run(() => next());
  };
}

/** Records the error of a call and passes it on to the next error handler. Put it behind the routes, before your own. */
export function expressErrors(): (
  error: unknown,
  request: ExpressRequest,
  response: ServerResponse,
  next: ExpressNext,
) => void {
  return (error, request, _response, next) => {
    tracked.get(request)?.failed(error);
    next(error);
  };
}
