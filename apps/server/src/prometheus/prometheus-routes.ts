import type { MetricRegistry } from '@vedetta/metrics';
import { CONTENT_TYPES } from '@vedetta/metrics';
import type { EngineLimits } from '@vedetta/query';
import { createPromqlEngine, formatPromql, parsePromql } from '@vedetta/query';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { sendProblem } from '../http/error-answers.js';
import { ProblemError } from '../http/problem.js';
import type { ApiAnswer } from './envelope.js';
import { ApiError, sendAnswer, sendApiError, toApiError, WrittenJson } from './envelope.js';
import type { ExemplarStore } from './exemplars/exemplar-store.js';
import { federate } from './federate.js';
import { invalid, Parameters } from './parameters.js';
import type { Turn } from './query-answers.js';
import { answerExemplars, answerQuery, answerRangeQuery } from './query-answers.js';
import { QuerySlots } from './query-slots.js';
import type { SampleSource } from './sample-source.js';
import { sendParts } from './send-parts.js';
import { listLabels, listSeries, listValues } from './series-questions.js';
import { answerBuildInfo, answerFlags, answerRuntimeInfo, answerTsdb } from './status-answers.js';
import type { MetadataEntry, TargetSource } from './target-answers.js';
import { answerPools, answerTargetMetadata, answerTargets, scrapedMetadata } from './target-answers.js';

/** What the API is made of. */
export interface PrometheusParts {
  readonly samples: SampleSource;
  readonly metrics: MetricRegistry;
  readonly targets: TargetSource;
  /** What senders say of the metrics they push. */
  readonly pushed?: { all(): Iterable<MetadataEntry & { readonly name: string }> };
  readonly exemplars: ExemplarStore;
  /** What one query may do. */
  readonly limits: Pick<EngineLimits, 'timeoutMs' | 'maxSeries' | 'maxSamples' | 'maxPoints'>;
  /** Milliseconds since the epoch. */
  readonly startedAtUnixMs: number;
  readonly retentionDays: number;
  /** Reads the configuration of scraping again; answers what is wrong with it. */
  readonly reload: () => Promise<readonly string[]>;
  readonly log: Pick<Logger, 'error' | 'warn'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const PREFIX = '/prometheus/api/v1';
/** Two run, so that a long one keeps nobody from a short one; more would only share the one thread. */
const RUNNING = 2;
const WAITING = 100;
/** Length of each list of `/status/tsdb`. */
const TSDB_COUNTS = 10;

type Answer = (parameters: Parameters, signal: AbortSignal, request: FastifyRequest) => ApiAnswer | Promise<ApiAnswer>;

/** Prometheus' HTTP API over the stored samples, such that its clients and Grafana's data source work unchanged. */
export async function prometheusRoutes(
  app: FastifyInstance,
  {
    samples,
    metrics,
    targets,
    pushed,
    exemplars,
    limits,
    startedAtUnixMs,
    retentionDays,
    reload,
    log,
    now,
  }: PrometheusParts,
): Promise<void> {
  const engine = createPromqlEngine(samples, { limits });
  const facts = {
    startedAtUnixMs,
    retentionDays,
    queryTimeoutMs: limits.timeoutMs,
    queryMaxSamples: limits.maxSamples,
  };
  const slots = new QuerySlots(RUNNING, WAITING);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (_: unknown, body: string) => new URLSearchParams(body),
  );
  app.setErrorHandler((error, request, reply) => {
    // Who may not ask at all is told so as on every route.
    if (error instanceof ProblemError) return sendProblem(request, reply, error);
    const known = toApiError(error);
    if (known === undefined) log.error({ err: error }, 'a question of the Prometheus API failed');
    return sendApiError(reply, known ?? new ApiError('internal', 'the server failed to answer; its log says why'));
  });

  const route = (methods: ('GET' | 'POST')[], path: string, answer: Answer): void => {
    app.route({
      method: methods,
      url: PREFIX + path,
      schema: { hide: true },
      handler: async (request, reply) => {
        const form = request.body instanceof URLSearchParams ? request.body : undefined;
        const parameters = new Parameters(request.url, form);
        return sendAnswer(reply, await answer(parameters, goneSignal(reply), request));
      },
    });
  };
  const both: ('GET' | 'POST')[] = ['GET', 'POST'];

  const inTurn = (answer: (parameters: Parameters, turn: Turn) => Promise<ApiAnswer>): Answer => {
    return (parameters, signal) => {
      const askedMs = performance.now();
      return slots.run(signal, () => answer(parameters, { signal, waitedMs: performance.now() - askedMs }));
    };
  };
  route(
    both,
    '/query',
    inTurn((parameters, turn) => answerQuery(engine, parameters, turn, now())),
  );
  route(
    both,
    '/query_range',
    inTurn((parameters, turn) => answerRangeQuery(engine, parameters, turn)),
  );
  route(both, '/query_exemplars', (parameters) => answerExemplars(exemplars, parameters));
  route(both, '/format_query', (parameters) => ({ data: formatPromql(parsePromql(parameters.text('query')).expr) }));
  route(both, '/series', async (parameters) => {
    const { items, warnings } = await listSeries(samples, parameters);
    return { data: new WrittenJson(['[', items.join(','), ']']), warnings };
  });
  route(both, '/labels', async (parameters) => {
    const { items, warnings } = await listLabels(samples, parameters);
    return { data: items, warnings };
  });
  route(['GET'], '/label/:name/values', async (parameters, _signal, request) => {
    const { name } = request.params as { readonly name: string };
    const { items, warnings } = await listValues(samples, name, parameters);
    return { data: items, warnings };
  });
  route(['GET'], '/metadata', async (parameters) => {
    const wanted = parameters.text('metric');
    const families = await metrics.collect((metric, error) =>
      log.warn({ metric, err: error }, 'a metric could not be collected'),
    );
    const entries = new Map(scrapedMetadata(targets));
    for (const { name, kind, help } of families) {
      if (!entries.has(name)) entries.set(name, [{ type: kind, help, unit: '' }]);
    }
    for (const { name, type, help, unit } of pushed?.all() ?? []) {
      if (!entries.has(name)) entries.set(name, [{ type, help, unit }]);
    }
    const perMetric = parameters.limit('limit_per_metric');
    const asked = [...entries].filter(([name]) => wanted === '' || name === wanted).slice(0, parameters.limit());
    return { data: Object.fromEntries(asked.map(([name, all]) => [name, all.slice(0, perMetric)])) };
  });
  route(['GET'], '/rules', (parameters) => {
    const type = parameters.text('type').toLowerCase();
    if (type !== '' && type !== 'alert' && type !== 'record') {
      throw invalid('type', `${JSON.stringify(type)} is neither "alert" nor "record"`);
    }
    return { data: { groups: [] } };
  });
  route(['GET'], '/alerts', () => ({ data: { alerts: [] } }));
  route(['GET'], '/targets', (parameters) => ({ data: answerTargets(targets, parameters) }));
  route(['GET'], '/targets/metadata', (parameters) => ({ data: answerTargetMetadata(targets, parameters) }));
  route(['GET'], '/scrape_pools', () => ({ data: answerPools(targets) }));
  let isReloaded = true;
  app.post('/prometheus/-/reload', { schema: { hide: true } }, async (_request, reply) => {
    const errors = await reload();
    isReloaded = errors.length === 0;
    if (errors.length > 0) throw new ApiError('bad_data', errors.join('; '));
    return reply.send();
  });
  route(['GET'], '/alertmanagers', () => ({ data: { activeAlertmanagers: [], droppedAlertmanagers: [] } }));
  route(['GET'], '/status/buildinfo', () => ({ data: answerBuildInfo() }));
  // What is scraped is Vedetta's own configuration, which may hold secrets.
  route(['GET'], '/status/config', () => ({ data: { yaml: '' } }));
  route(['GET'], '/status/flags', () => ({ data: answerFlags(facts) }));
  route(['GET'], '/status/runtimeinfo', () => ({ data: answerRuntimeInfo(facts, isReloaded) }));
  route(['GET'], '/status/tsdb', (parameters) => ({
    data: answerTsdb(samples.cardinality(parameters.limit() ?? TSDB_COUNTS), samples.state().series),
  }));
  route(['GET'], '/status/walreplay', () => ({ data: { min: 0, max: 0, current: 0, state: 'done' } }));
  app.get('/prometheus/federate', { schema: { hide: true } }, async (request, reply) => {
    const signal = goneSignal(reply);
    const parameters = new Parameters(request.url, undefined);
    const parts = await slots.run(signal, () => federate(samples, parameters, now(), { ...limits, signal }));
    return sendParts(reply, parts, CONTENT_TYPES.text);
  });
  for (const path of ['/-/healthy', '/-/ready']) {
    app.get(`/prometheus${path}`, { schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/plain').send('Vedetta is ready.\n'),
    );
  }
}

/** Aborts when the client closes before its answer is written. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
