import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type PromSeries, queryInstant, queryRange } from '../../api/prometheus.js';
import type { ChartExemplar } from '../../charts/time-series/types.js';
import type { Frame } from '../../grafana/frame.js';
import { toFrames } from '../../grafana/frame.js';
import { interpolate, type VariableValues } from '../../grafana/interpolate.js';
import { parseInterval, stepsOf, writeInterval } from '../../grafana/intervals.js';
import type { Panel, Target } from '../../grafana/model.js';
import { valuesFor } from '../../grafana/place-panels.js';
import { transform } from '../../grafana/transform.js';
import { askExemplars } from '../promql/ask-exemplars.js';

/** What panels are asked for. */
export interface PanelScope {
  readonly fromMs: number;
  readonly toMs: number;
  readonly variables: VariableValues;
  /** Between two samples of the server's own metrics. */
  readonly sampleMs: number;
}

/** A query as it is sent. */
export interface AskedQuery {
  readonly target: Target;
  readonly expr: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

/** What a panel shows. */
export interface PanelData {
  readonly frames: readonly Frame[];
  /** Of the queries that ask for them, in the unit of their series. */
  readonly exemplars: readonly ChartExemplar[];
  /** Queries that failed, a sentence each. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

/** Most series that a panel draws; more cannot be told apart. */
const MAX_SERIES = 200;

/** The queries of a panel with everything put in, on a drawing of so many points. */
export function askedQueries(panel: Panel, scope: PanelScope, points: number): readonly AskedQuery[] {
  const { fromMs, toMs } = panelRange(panel, scope);
  const values = valuesFor(panel, scope.variables);
  return panel.targets
    .filter(({ hidden, fault }) => !hidden && fault === '')
    .map((target) => {
      const least = parseInterval(interpolate(target.interval || panel.interval, values, 'promql'));
      const { stepMs, rateIntervalMs } = stepsOf(toMs - fromMs, panel.maxDataPoints ?? points, least, scope.sampleMs);
      const builtIn = builtInValues(fromMs, toMs, stepMs, rateIntervalMs);
      const expr = interpolate(target.expr, new Map([...values, ...builtIn]), 'promql');
      const endMs = target.instant ? toMs : Math.floor(toMs / stepMs) * stepMs;
      return { target, expr, startMs: Math.floor(fromMs / stepMs) * stepMs, endMs, stepMs };
    });
}

/** The panel's own range where it has one, shifted where it says so. */
export function panelRange(panel: Panel, { fromMs, toMs }: Pick<PanelScope, 'fromMs' | 'toMs'>) {
  const own = parseInterval(panel.timeFrom.replace(/^now-/, ''));
  const shift = parseInterval(panel.timeShift) ?? 0;
  return { fromMs: (own === undefined ? fromMs : toMs - own) - shift, toMs: toMs - shift };
}

/** Grafana's `$__interval`, `$__rate_interval`, `$__range`, `$__from` and what belongs to them. */
export function builtInValues(fromMs: number, toMs: number, stepMs: number, rateIntervalMs: number): VariableValues {
  const rangeMs = Math.max(1000, toMs - fromMs);
  const values: Readonly<Record<string, string>> = {
    __interval: writeInterval(stepMs),
    __interval_ms: String(stepMs),
    __rate_interval: writeInterval(rateIntervalMs),
    __rate_interval_ms: String(rateIntervalMs),
    __range: `${Math.round(rangeMs / 1000)}s`,
    __range_s: String(Math.round(rangeMs / 1000)),
    __range_ms: String(rangeMs),
    __from: String(fromMs),
    __to: String(toMs),
  };
  return new Map(Object.entries(values).map(([name, value]) => [name, { values: [value], pattern: false }]));
}

/** Asks the queries of a panel; `enabled` waits until it is in sight. */
export function usePanelData(panel: Panel, scope: PanelScope, points: number, enabled: boolean) {
  const queries = useMemo(() => askedQueries(panel, scope, points), [panel, scope, points]);
  const asked = queries.map(({ target, ...query }) => [
    target.refId,
    target.instant,
    target.format,
    target.exemplar,
    query,
  ]);
  const answer = useQuery({
    queryKey: ['panel', panel.key, asked],
    queryFn: ({ signal }) => askAll(queries, signal),
    placeholderData: keepPreviousData,
    enabled: enabled && queries.length > 0,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
  const { data } = answer;
  const several = panel.targets.length > 1;
  const shown = useMemo((): PanelData | undefined => {
    if (data === undefined) return undefined;
    const frames = data.answers.flatMap(({ query, series }) =>
      toFrames(
        series.map(({ labels, times, values }) => ({ labels, timesMs: times, values })),
        {
          refId: query.target.refId,
          format: query.target.format,
          legendFormat: interpolate(query.target.legendFormat, valuesFor(panel, scope.variables), 'text'),
          several,
          ...(!query.target.instant && {
            grid: { startMs: query.startMs, endMs: query.endMs, stepMs: query.stepMs },
          }),
        },
      ),
    );
    const { exemplars, errors, warnings } = data;
    return { frames: transform(frames, panel.transformations), exemplars, errors, warnings };
  }, [data, panel, scope.variables, several]);
  return { ...answer, shown, queries };
}

interface Answers {
  readonly answers: readonly { readonly query: AskedQuery; readonly series: readonly PromSeries[] }[];
  readonly exemplars: readonly ChartExemplar[];
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

async function askAll(queries: readonly AskedQuery[], signal: AbortSignal): Promise<Answers> {
  const withExemplars = queries.filter(({ target }) => target.exemplar);
  const [outcomes, found] = await Promise.all([
    Promise.allSettled(queries.map((query) => ask(query, signal))),
    Promise.allSettled(withExemplars.map(({ expr, ...range }) => askExemplars(expr, { ...range, signal }))),
  ]);
  // A question that was called off says nothing about the query.
  signal.throwIfAborted();
  const warnings = new Set<string>();
  const errors: string[] = [];
  const answers = outcomes.flatMap((outcome, i) => {
    const query = queries[i];
    if (query === undefined) return [];
    if (outcome.status === 'rejected') {
      errors.push(`${query.target.refId}: ${toSentence(outcome.reason)}`);
      return [];
    }
    for (const warning of outcome.value.warnings) warnings.add(warning);
    return [{ query, series: outcome.value.series }];
  });
  const exemplars = found.flatMap((outcome, i) => {
    if (outcome.status === 'fulfilled') return outcome.value;
    errors.push(`${withExemplars[i]?.target.refId}, exemplars: ${toSentence(outcome.reason)}`);
    return [];
  });
  return { answers, exemplars, errors, warnings: [...warnings] };
}

function toSentence(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

async function ask(
  { target, expr, startMs, endMs, stepMs }: AskedQuery,
  signal: AbortSignal,
): Promise<{ series: readonly PromSeries[]; warnings: readonly string[] }> {
  const limits = { limit: MAX_SERIES, signal };
  const { data, warnings } = target.instant
    ? await queryInstant(expr, { timeMs: endMs, ...limits })
    : await queryRange(expr, { startMs, endMs, stepMs, ...limits });
  switch (data.type) {
    case 'matrix':
    case 'vector':
      return { series: data.series, warnings };
    case 'scalar':
      return { series: [{ labels: {}, times: [data.timeMs], values: [data.value], histograms: [] }], warnings };
    case 'string':
      throw new Error('the query gives a text, which no panel shows');
  }
}
