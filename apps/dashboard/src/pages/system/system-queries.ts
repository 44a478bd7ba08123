import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import type { Labels } from '../../api/prometheus.js';
import { PrometheusError, queryInstant, queryRange } from '../../api/prometheus.js';
import { serverNow } from '../../api/server-clock.js';
import type { ChartSeries } from '../../charts/time-series/types.js';
import type { TimeChoice } from '../../features/promql/time-window.js';
import { refreshMs, toWindow } from '../../features/promql/time-window.js';
import type { SystemChart } from './system-charts.js';
import { OWN, rateWindow } from './system-charts.js';

const CURRENT_MS = 10_000;
const SUMMARY_MS = 30_000;
const retry = (count: number, error: Error) => count < 2 && !(error instanceof PrometheusError);

/** The latest rows of the machine: two of them, so that what the network did between is known. */
export const machineQuery = (live: boolean) =>
  queryOptions({
    queryKey: ['system', 'machine'],
    queryFn: async ({ signal }) => {
      const soon = await api.systemMetrics({ minutes: 10 }, signal);
      // With the longest interval there is one row an hour.
      return soon.metrics.length > 1 ? soon : api.systemMetrics({ minutes: 130 }, signal);
    },
    refetchInterval: live && CURRENT_MS,
    placeholderData: keepPreviousData,
  });

/** Figures of the server's process now, by metric; of the replica that is given first when there are several. */
export const processQuery = (intervalSeconds: number, live: boolean) =>
  queryOptions({
    queryKey: ['system', 'process', intervalSeconds],
    queryFn: async ({ signal }) => {
      const window = rateWindow(intervalSeconds, 0);
      const [gauges, cpu, gc] = await Promise.all([
        queryInstant(`{__name__=~"process_resident_memory_bytes|nodejs_.+", ${OWN}}`, { signal }),
        queryInstant(`rate(process_cpu_seconds_total{${OWN}}[${window}])`, { signal }),
        queryInstant(`sum by (instance) (rate(nodejs_gc_duration_seconds_sum{${OWN}}[${window}]))`, { signal }),
      ]);
      const figures = new Map<string, number>();
      const note = (name: string, value: number | undefined) => {
        if (value !== undefined && !figures.has(name)) figures.set(name, value);
      };
      if ('series' in gauges.data) for (const one of gauges.data.series) note(one.labels.__name__ ?? '', one.values[0]);
      if ('series' in cpu.data) note('cpu', cpu.data.series[0]?.values[0]);
      if ('series' in gc.data) note('gc', gc.data.series[0]?.values[0]);
      return figures as ReadonlyMap<string, number>;
    },
    refetchInterval: live && CURRENT_MS,
    placeholderData: keepPreviousData,
    retry,
  });

/** The series of a chart over the chosen time. */
export const systemChartQuery = (chart: SystemChart, time: TimeChoice, intervalSeconds: number, live: boolean) =>
  queryOptions({
    queryKey: ['system', 'chart', chart.id, time, intervalSeconds],
    queryFn: async ({ signal }) => {
      const range = toWindow(time, serverNow());
      const window = rateWindow(intervalSeconds, time.stepMs);
      const answers = await Promise.all(
        chart.queries.map(({ query }) => queryRange(query(window), { ...range, signal })),
      );
      const found = answers.flatMap(({ data }, i) =>
        data.series.map((series) => ({ ...series, name: chart.queries[i]?.nameOf(series.labels) ?? '' })),
      );
      return { range, series: nameSeries(found, range.stepMs) };
    },
    refetchInterval: live && refreshMs(time),
    placeholderData: keepPreviousData,
    retry,
  });

/** Endpoints of the last hours. */
export const endpointsQuery = (hours: number, live: boolean) =>
  queryOptions({
    queryKey: ['system', 'endpoints', hours],
    queryFn: ({ signal }) => api.metricsSummary({ hours }, signal),
    refetchInterval: live && SUMMARY_MS,
    placeholderData: keepPreviousData,
  });

interface NamedSeries {
  readonly name: string;
  readonly labels: Labels;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** With several replicas each name says whose series it is. */
function nameSeries(found: readonly NamedSeries[], stepMs: number): readonly ChartSeries[] {
  const instances = new Set(found.map(({ labels }) => labels.instance ?? ''));
  return found.map(({ name, labels, times, values }) => {
    const instance = labels.instance ?? '';
    return {
      id: JSON.stringify([name, instance]),
      name: instances.size > 1 ? `${name}, ${instance}` : name,
      labels,
      times,
      values,
      stepMs,
    };
  });
}
