import type { FastifyHttpOptions, FastifyInstance, RawServerDefault } from 'fastify';
import { fastify, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { authenticate } from './access/authentication.js';
import { checkHosts } from './access/host-check.js';
import type { FrontDoor } from './gateway/front-door.js';
import { mainDoor, upstreamDoor } from './gateway/front-door.js';
import { createDoorServer } from './gateway/http-server.js';
import { answerClientError } from './http/client-errors.js';
import { compressAnswers } from './http/compression.js';
import { answerErrors, sendProblem } from './http/error-answers.js';
import { parseJsonBody } from './http/json-body.js';
import { OpenRequests } from './http/open-requests.js';
import { describeRoutes } from './http/openapi.js';
import { ProblemError } from './http/problem.js';
import './http/route-config.js';
import { setSecurityHeaders } from './http/security-headers.js';
import type { KnownRoute } from './http/unknown-route.js';
import { collectRoutes, unknownRoute } from './http/unknown-route.js';
import { validatorCompiler } from './http/validation.js';
import { createPageAnswers } from './pages/page-answers.js';
import { prometheusRoutes } from './prometheus/prometheus-routes.js';
import { dashboardRoutes } from './routes/dashboards.js';
import { liveRoutes } from './routes/live.js';
import { maintenanceRoutes } from './routes/maintenance.js';
import { metricRoutes } from './routes/metrics.js';
import { modelRoutes } from './routes/models.js';
import { openApiRoutes } from './routes/openapi.js';
import { otlpRoutes } from './routes/otlp.js';
import { priceRoutes } from './routes/prices.js';
import { recordingRoutes } from './routes/recording.js';
import { remoteWriteRoutes } from './routes/remote-write.js';
import { requestRoutes } from './routes/requests.js';
import { sqlRoutes } from './routes/sql.js';
import { statisticsRoutes } from './routes/statistics.js';
import { systemRoutes } from './routes/system.js';
import { systemMetricRoutes } from './routes/system-metrics.js';
import type { ServerContext } from './server-context.js';

const MIB = 1024 * 1024;
/** A sender has this long for its headers, and this long for all of a request: slow sockets do not stay. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const TIMEOUT_CHECK_INTERVAL_MS = 2000;
/** Longer than the usual pause between two exports, so that exporters keep their connection. */
const KEEP_ALIVE_MS = 65_000;
const MAX_PARAM_LENGTH = 1000;

/** An app with the routes it was given, for the tests that ask every one of them. */
export interface App {
  readonly server: FastifyInstance;
  readonly routes: readonly KnownRoute[];
  readonly openRequests: OpenRequests;
}

/** The app of the main port: pages, API and OTLP. */
export async function createApp(context: ServerContext): Promise<App> {
  const app = createBase(context, mainDoor({ ...context, gateway: context.gateway.gateway }));
  const { server, routes } = app;
  compressAnswers(server);
  await describeRoutes(server);
  for (const routesOf of [
    requestRoutes,
    statisticsRoutes,
    recordingRoutes,
    maintenanceRoutes,
    modelRoutes,
    priceRoutes,
    metricRoutes,
    systemMetricRoutes,
    dashboardRoutes,
    sqlRoutes,
    systemRoutes,
    liveRoutes,
    openApiRoutes,
  ]) {
    await server.register(async (app) => routesOf(app.withTypeProvider<ZodTypeProvider>(), context));
  }
  await server.register(prometheusRoutes, {
    samples: context.store.samples,
    metrics: context.metrics,
    targets: context.scraping.watch,
    exemplars: context.exemplars,
    limits: {
      timeoutMs: context.config.metrics.queryTimeoutSeconds * 1000,
      maxSeries: context.config.metrics.queryMaxSeries,
      maxSamples: context.config.metrics.queryMaxSamples,
      maxPoints: context.config.metrics.queryMaxSamples,
    },
    startedAtUnixMs: context.startedAtUnixMs,
    retentionDays: context.config.metrics.retentionDays,
    pushed: context.pushedMetadata,
    reload: () => context.scraping.reload(),
    log: context.log,
    now: context.now,
  });
  await server.register(otlpRoutes, context);
  await server.register(remoteWriteRoutes, context);
  const answerPage = createPageAnswers(context.dashboardDir);
  server.setNotFoundHandler(async (request, reply) => {
    if (await answerPage(request, reply)) return reply;
    return sendProblem(request, reply, unknownRoute(request, routes));
  });
  return app;
}

/** The app of the OTLP port, which takes telemetry and nothing else. */
export async function createOtlpApp(context: ServerContext): Promise<App> {
  const app = createBase(context);
  const { server, routes } = app;
  await server.register(otlpRoutes, context);
  server.setNotFoundHandler((request, reply) => sendProblem(request, reply, unknownRoute(request, routes)));
  return app;
}

/** The app of a port that belongs to one upstream of the gateway. */
export function createUpstreamApp(context: ServerContext, upstream: string): App {
  return createBase(context, upstreamDoor({ ...context, gateway: context.gateway.gateway }, upstream));
}

function createBase(context: ServerContext, door?: FrontDoor): App {
  const options: FastifyHttpOptions<RawServerDefault> = {
    loggerInstance: context.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MIB,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    clientErrorHandler: answerClientError,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS },
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => {
      sendProblem(request, reply, new ProblemError(400, error.message));
    },
  };
  if (door !== undefined) {
    const times = {
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      keepAliveMs: KEEP_ALIVE_MS,
      checkIntervalMs: TIMEOUT_CHECK_INTERVAL_MS,
    };
    options.serverFactory = (listener) => createDoorServer(door, listener, times);
  }
  const server = fastify(options) as unknown as FastifyInstance;
  server.server.maxConnections = context.config.limits.connections;
  const routes = collectRoutes(server);

  // Every answer goes through these, in this order: a foreign host learns nothing, not even that a password is needed.
  setSecurityHeaders(server);
  checkHosts(server, context.config);
  authenticate(server, context.config, context.failedAttempts);
  answerErrors(server);

  server.setValidatorCompiler(validatorCompiler);
  // Answers are typed by their schema when they are compiled; checking each again at run time would cost more than the query.
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: unknown, body: string) =>
    parseJsonBody(body),
  );
  server.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      { method: request.method, route: request.routeOptions.url, status: reply.statusCode, ms: reply.elapsedTime },
      'answered',
    );
  });
  return { server, routes, openRequests: new OpenRequests(server.server) };
}
