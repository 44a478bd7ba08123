import type { MetricRegistry } from '@vedetta/metrics';
import type { PromqlEngine } from '@vedetta/query';
import { createPromqlEngine, formatPromql, parsePromql } from '@vedetta/query';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { sendProblem } from '../http/error-answers.js';
import { ProblemError } from '../http/problem.js';
import { VERSION } from '../version.js';
import type { ApiAnswer } from './envelope.js';
import { ApiError, sendAnswer, sendApiError, toApiError, WrittenJson } from './envelope.js';
import { invalid, Parameters } from './parameters.js';
import { QuerySlots } from './query-slots.js';
import type { SampleSource } from './sample-source.js';
import { listLabels, listSeries, listValues } from './series-questions.js';
import type { MetadataEntry, TargetSource } from './target-answers.js';
import { answerPools, answerTargetMetadata, answerTargets, scrapedMetadata } from './target-answers.js';
import { writeData } from './write-result.js';

/** What the API is made of. */
export interface PrometheusParts {
  readonly samples: SampleSource;
  readonly metrics: MetricRegistry;
  readonly targets: TargetSource;
  /** What senders say of the metrics they push. */
  readonly pushed?: { all(): Iterable<MetadataEntry & { readonly name: string }> };
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
const LIMITS = { timeoutMs: 30_000, maxSamples: 20_000_000, maxPoints: 20_000_000 };

type Answer = (parameters: Parameters, signal: AbortSignal, request: FastifyRequest) => ApiAnswer | Promise<ApiAnswer>;

/** Prometheus' HTTP API over the stored samples, such that its clients and Grafana's data source work unchanged. */
export async function prometheusRoutes(
  app: FastifyInstance,
  { samples, metrics, targets, pushed, reload, log, now }: PrometheusParts,
): Promise<void> {
  const engine: PromqlEngine = createPromqlEngine(samples, { limits: LIMITS });
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

  route(both, '/query', (parameters, signal) =>
    slots.run(signal, async () => {
      const timeMs = parameters.time('time', now());
      const result = await engine.instant({
        query: parameters.text('query'),
        timeMs,
        ...overrides(parameters),
        signal,
      });
      return finish(result, parameters);
    }),
  );
  route(both, '/query_range', (parameters, signal) =>
    slots.run(signal, async () => {
      const [startMs, endMs] = [required(parameters, 'start'), required(parameters, 'end')];
      const stepMs = parameters.duration('step');
      if (stepMs === undefined) throw invalid('step', 'cannot parse "" to a valid duration');
      const query = parameters.text('query');
      const result = await engine.range({ query, startMs, endMs, stepMs, ...overrides(parameters), signal });
      return finish(result, parameters);
    }),
  );
  route(both, '/format_query', (parameters) => ({ data: formatPromql(parsePromql(parameters.text('query')).expr) }));
  route(both, '/series', async (parameters) => {
    const { items, warnings } = await listSeries(samples, parameters);
    return { data: new WrittenJson(`[${items.join(',')}]`), warnings };
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
  route(both, '/query_exemplars', (parameters) => {
    parsePromql(parameters.text('query'));
    return { data: [] };
  });
  route(['GET'], '/rules', () => ({ data: { groups: [] } }));
  route(['GET'], '/alerts', () => ({ data: { alerts: [] } }));
  route(['GET'], '/targets', (parameters) => ({ data: answerTargets(targets, parameters) }));
  route(['GET'], '/targets/metadata', (parameters) => ({ data: answerTargetMetadata(targets, parameters) }));
  route(['GET'], '/scrape_pools', () => ({ data: answerPools(targets) }));
  app.post('/prometheus/-/reload', { schema: { hide: true } }, async (_request, reply) => {
    const errors = await reload();
    if (errors.length > 0) throw new ApiError('bad_data', errors.join('; '));
    return reply.send();
  });
  route(['GET'], '/alertmanagers', () => ({ data: { activeAlertmanagers: [], droppedAlertmanagers: [] } }));
  // Clients read from the version what they may ask: this is the Prometheus whose language is spoken.
  route(['GET'], '/status/buildinfo', () => ({
    data: {
      version: '3.5.0',
      revision: `vedetta-${VERSION}`,
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
    },
  }));
}

function overrides(parameters: Parameters): { timeoutMs?: number; lookbackMs?: number } {
  const timeoutMs = parameters.duration('timeout');
  const lookbackMs = parameters.duration('lookback_delta');
  if (lookbackMs !== undefined && lookbackMs <= 0) throw invalid('lookback_delta', 'it must be longer than 0');
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(lookbackMs === undefined ? {} : { lookbackMs }) };
}

function finish(result: Awaited<ReturnType<PromqlEngine['instant']>>, parameters: Parameters): ApiAnswer {
  const { json, cut } = writeData(result.data, parameters.limit());
  const warnings = cut ? [...result.warnings, 'results truncated due to limit'] : result.warnings;
  return { data: json, warnings, infos: result.infos };
}

function required(parameters: Parameters, name: string): number {
  const ms = parameters.time(name, Number.NaN);
  if (Number.isNaN(ms)) throw invalid(name, 'cannot parse "" to a valid timestamp');
  return ms;
}

/** Aborts when the client closes before its answer is written. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableEnded) controller.abort();
  });
  return controller.signal;
}
