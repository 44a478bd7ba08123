import type { PromqlEngine, QueryResult } from '@vedetta/query';
import { parsePromql, selectorsOf } from '@vedetta/query';
import type { ApiAnswer } from './envelope.js';
import { ApiError, WrittenJson } from './envelope.js';
import type { ExemplarStore, SeriesExemplars } from './exemplars/exemplar-store.js';
import type { Parameters } from './parameters.js';
import { invalid } from './parameters.js';
import { writeData, writeLabels, writeValue } from './write-result.js';

/** `/query`: the value at a time, by default now. */
export async function answerQuery(
  engine: PromqlEngine,
  parameters: Parameters,
  turn: Turn,
  nowMs: number,
): Promise<ApiAnswer> {
  const timeMs = parameters.time('time', nowMs);
  const query = parameters.text('query');
  return finish(
    await engine.instant({ query, timeMs, ...overrides(parameters), signal: turn.signal }),
    parameters,
    turn,
  );
}

/** `/query_range`: the values over a time. */
export async function answerRangeQuery(engine: PromqlEngine, parameters: Parameters, turn: Turn): Promise<ApiAnswer> {
  const [startMs, endMs] = [required(parameters, 'start'), required(parameters, 'end')];
  const stepMs = parameters.duration('step');
  if (stepMs === undefined) throw invalid('step', 'cannot parse "" to a valid duration');
  const query = parameters.text('query');
  const times = { startMs, endMs, stepMs };
  return finish(
    await engine.range({ query, ...times, ...overrides(parameters), signal: turn.signal }),
    parameters,
    turn,
  );
}

/** `/query_exemplars`: what stands for the series of all selectors in the query. */
export function answerExemplars(exemplars: ExemplarStore, parameters: Parameters): ApiAnswer {
  const fromMs = parameters.time('start', Number.NEGATIVE_INFINITY);
  const toMs = parameters.time('end', Number.POSITIVE_INFINITY);
  if (toMs < fromMs) throw new ApiError('bad_data', 'end timestamp must not be before start timestamp');
  const selectors = selectorsOf(parsePromql(parameters.text('query')).expr).map(({ matchers }) => matchers);
  return { data: new WrittenJson(writeExemplars(exemplars.select(selectors, fromMs, toMs))) };
}

/** Written while it is sent: all that may be held take a quarter of a second. */
function* writeExemplars(found: readonly SeriesExemplars[]): Generator<string> {
  let before = '[';
  for (const { labels, exemplars } of found) {
    yield `${before}{"seriesLabels":${writeLabels(labels)},"exemplars":[`;
    before = '';
    for (const { labels: own, value, timestampMs } of exemplars) {
      yield `${before}{"labels":${writeLabels(own)},"value":"${writeValue(value)}","timestamp":${timestampMs / 1000}}`;
      before = ',';
    }
    yield ']}';
    before = ',';
  }
  yield found.length === 0 ? '[]' : ']';
}

/** How a query got its turn. */
export interface Turn {
  readonly signal: AbortSignal;
  readonly waitedMs: number;
}

function overrides(parameters: Parameters): { timeoutMs?: number; lookbackMs?: number } {
  const timeoutMs = parameters.duration('timeout');
  const lookbackMs = parameters.duration('lookback_delta');
  if (lookbackMs !== undefined && lookbackMs <= 0) throw invalid('lookback_delta', 'it must be longer than 0');
  return { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(lookbackMs === undefined ? {} : { lookbackMs }) };
}

function finish(result: QueryResult, parameters: Parameters, turn: Turn): ApiAnswer {
  const stats = parameters.text('stats') === '' ? undefined : writeStats(result, turn);
  const { parts, cut } = writeData(result.data, parameters.limit(), stats);
  const warnings = cut ? [...result.warnings, 'results truncated due to limit'] : result.warnings;
  return { data: new WrittenJson(parts), warnings, infos: result.infos };
}

/** In seconds, by Prometheus' names. Series are sorted while they are evaluated. */
function writeStats({ stats: { loadMs, evalMs, lookedAt, held } }: QueryResult, { waitedMs }: Turn): object {
  return {
    timings: {
      evalTotalTime: (loadMs + evalMs) / 1000,
      resultSortTime: 0,
      queryPreparationTime: loadMs / 1000,
      innerEvalTime: evalMs / 1000,
      execQueueTime: waitedMs / 1000,
      execTotalTime: (waitedMs + loadMs + evalMs) / 1000,
    },
    samples: { totalQueryableSamples: lookedAt, peakSamples: held },
  };
}

function required(parameters: Parameters, name: string): number {
  const ms = parameters.time(name, Number.NaN);
  if (Number.isNaN(ms)) throw invalid(name, 'cannot parse "" to a valid timestamp');
  return ms;
}
