import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { httpCallsOf } from '../metrics/http-calls.js';
import type { Monitor } from '../monitor.js';
import type { HttpTracking, HttpTrackingOptions } from './http-tracking.js';
import { trackNodeCall } from './node-response.js';

export type { HttpCall, HttpTrackingOptions } from './http-tracking.js';

/** Fastify's request as far as it is used: versions 4 and 5 have it. */
export interface FastifyRequestLike {
  readonly raw: IncomingMessage;
  readonly originalUrl: string;
  readonly routeOptions?: { readonly url?: string | undefined };
}

/** Fastify's reply as far as it is used. */
export interface FastifyReplyLike {
  readonly raw: ServerResponse;
}

/** Fastify's reply as far as {@link metricsHandler} uses it. */
export interface FastifyMetricsReply {
  header(name: string, value: string): unknown;
}

/**
 * Serves the metrics of a monitor: in OpenMetrics with exemplars where `Accept` asks for it, else in Prometheus' classic text format.
 *
 * @example
 * app.get('/metrics', metricsHandler(monitor));
 */
export function metricsHandler(
  monitor: Monitor,
): (request: { readonly headers: IncomingHttpHeaders }, reply: FastifyMetricsReply) => Promise<string> {
  const { metrics } = monitor;
  return async (request, reply) => {
    const { contentType, body } = await metrics.text(request.headers.accept);
    reply.header('content-type', contentType);
    return body;
  };
}

type Hook = (request: FastifyRequestLike, reply: FastifyReplyLike, done: () => void) => void;
type ErrorHook = (request: FastifyRequestLike, reply: FastifyReplyLike, error: Error, done: () => void) => void;

/** Fastify's instance as far as it is used. */
export interface FastifyLike {
  addHook(name: 'onRequest' | 'preParsing' | 'preValidation' | 'preHandler', hook: unknown): unknown;
  addHook(name: 'onError', hook: unknown): unknown;
}

/** A plugin for `app.register`. */
export type FastifyPlugin = (instance: FastifyLike, options: unknown, done: () => void) => void;

/**
 * A plugin that tracks every call of the instance it is registered on, and of everything inside. `monitor.current()` is
 * the call's request in hooks and handlers.
 *
 * @example
 * await app.register(fastifyPlugin(monitor));
 */
export function fastifyPlugin(monitor: Monitor, options: HttpTrackingOptions = {}): FastifyPlugin {
  const tracked = new WeakMap<IncomingMessage, HttpTracking>();
  // What is counted is collected from now on.
  httpCallsOf(monitor);
  const onRequest: Hook = (request, reply, done) => {
    const tracking = trackNodeCall(monitor, request.raw, reply.raw, options, request.originalUrl);
    if (tracking === undefined) {
      done();
      return;
    }
    tracked.set(request.raw, tracking);
    const pattern = request.routeOptions?.url;
    if (pattern !== undefined) tracking.route(pattern);
    tracking.request.run(done);
  };
  const preValidation: Hook = (request, _reply, done) => {
    const tracking = tracked.get(request.raw);
    if (tracking === undefined) {
      done();
      return;
    }
    tracking.received();
    // Again, because parsing the body goes on from the socket's events, which are outside the context.
    tracking.request.run(done);
  };
  const onError: ErrorHook = (request, _reply, error, done) => {
    tracked.get(request.raw)?.failed(error);
    done();
  };
  const plugin: FastifyPlugin = (instance, _options, done) => {
    instance.addHook('onRequest', onRequest);
    instance.addHook('preValidation', preValidation);
    instance.addHook('onError', onError);
    done();
  };
  // Fastify's own marks for a plugin whose hooks are meant for its parent too.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@vedetta/sdk',
  });
}
