import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpCallsOf } from '../metrics/http-calls.js';
import type { Monitor } from '../monitor.js';
import type { HttpTracking, HttpTrackingOptions } from './http-tracking.js';
import { contentLength, pathOf, trackCall } from './http-tracking.js';
import { trackNodeCall } from './node-response.js';

export type { HttpCall, HttpTrackingOptions } from './http-tracking.js';

/** Hono's context as far as it is used: version 4 has it. */
export interface HonoContextLike {
  readonly req: {
    readonly raw: Request;
    readonly method: string;
    readonly path: string;
    /** Pattern of the handler that ran last; `/*` for a middleware for everything. */
    readonly routePath?: string;
  };
  readonly env: unknown;
  res: Response;
  readonly error?: Error | undefined;
}

/**
 * Serves the metrics of a monitor: in OpenMetrics with exemplars where `Accept` asks for it, else in Prometheus' classic text format.
 *
 * @example
 * app.get('/metrics', metricsHandler(monitor));
 */
export function metricsHandler(monitor: Monitor): (context: Pick<HonoContextLike, 'req'>) => Promise<Response> {
  const { metrics } = monitor;
  return async ({ req }) => {
    const { contentType, body } = await metrics.text(req.raw.headers.get('accept') ?? undefined);
    return new Response(body, { headers: { 'content-type': contentType } });
  };
}

/** Where the last handler that ran is a middleware, there was no route. */
const MIDDLEWARE_PATHS: ReadonlySet<string> = new Set(['*', '/*']);

/** A middleware for `app.use`. */
export type HonoMiddleware = (context: HonoContextLike, next: () => Promise<void>) => Promise<void>;

/**
 * Tracks every call that comes past it; `monitor.current()` is the call's request in everything behind it. On Node
 * (`@hono/node-server`) the end is the end of the answer's transfer; elsewhere the end of its body.
 *
 * @example
 * app.use(honoMiddleware(monitor));
 */
export function honoMiddleware(monitor: Monitor, options: HttpTrackingOptions = {}): HonoMiddleware {
  // What is counted is collected from now on.
  httpCallsOf(monitor);
  return async (context, next) => {
    const node = nodeObjects(context.env);
    const tracking =
      node === undefined
        ? trackWebCall(monitor, context, options)
        : trackNodeCall(monitor, node.incoming, node.outgoing, options);
    if (tracking === undefined) {
      await next();
      return;
    }
    tracking.received();
    try {
      await tracking.request.run(next);
    } catch (error) {
      tracking.failed(error);
      if (node === undefined) tracking.finish({ statusCode: 500, responseSizeBytes: undefined, aborted: false });
      throw error;
    }
    const pattern = context.req.routePath;
    if (pattern !== undefined && !MIDDLEWARE_PATHS.has(pattern)) tracking.route(pattern);
    if (context.error !== undefined) tracking.failed(context.error);
    if (node === undefined) context.res = finishWithBody(tracking, context.res);
  };
}

function nodeObjects(env: unknown): { incoming: IncomingMessage; outgoing: ServerResponse } | undefined {
  const { incoming, outgoing } = (env ?? {}) as { incoming?: IncomingMessage; outgoing?: ServerResponse };
  return typeof incoming?.once === 'function' &&
    typeof outgoing?.writeHead === 'function' &&
    'writableFinished' in outgoing
    ? { incoming, outgoing }
    : undefined;
}

function trackWebCall(
  monitor: Monitor,
  context: HonoContextLike,
  options: HttpTrackingOptions,
): HttpTracking | undefined {
  const { method, path, raw } = context.req;
  const { headers } = raw;
  return trackCall(
    monitor,
    { method, path: pathOf(path), headers },
    contentLength(headers.get('content-length')),
    options,
  );
}

/** The same answer, whose request ends with the last byte of its body. */
function finishWithBody(tracking: HttpTracking, response: Response): Response {
  const { status: statusCode, body } = response;
  let bytes = 0;
  const finish = (aborted: boolean) => tracking.finish({ statusCode, responseSizeBytes: bytes, aborted });
  if (body === null) {
    finish(false);
    return response;
  }
  const reader = body.getReader();
  const counted = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          finish(false);
          controller.close();
          return;
        }
        bytes += value.byteLength;
        controller.enqueue(value);
      } catch (error) {
        tracking.failed(error);
        tracking.finish({ statusCode: 500, responseSizeBytes: bytes, aborted: false });
        controller.error(error);
      }
    },
    cancel(reason) {
      finish(true);
      return reader.cancel(reason);
    },
  });
  return new Response(counted, response);
}
