import type { QueryClient } from '@tanstack/react-query';
import type { MetricMetadata } from '../../../api/prometheus.js';
import { labelNames, labelValues, listMetadata, listSeries } from '../../../api/prometheus.js';

const STALE_MS = 60_000;

/** Names of all metrics; shared by completion and the list of metrics. */
export const metricNamesQuery = {
  queryKey: ['promql', 'names'],
  queryFn: ({ signal }: { signal: AbortSignal }) => labelValues('__name__', [], signal),
  staleTime: STALE_MS,
};

/** Kind and help of metrics, by name. */
export const metadataQuery = {
  queryKey: ['promql', 'metadata'],
  queryFn: ({ signal }: { signal: AbortSignal }) => listMetadata(signal),
  staleTime: STALE_MS,
};

/**
 * What completion asks for, in the form that `codemirror-promql` takes a client in. What cannot be had is left out: an editor
 * works without completion too.
 */
export function createCompletionClient(queries: QueryClient) {
  const ask = <T>(key: readonly string[], queryFn: () => Promise<T>, none: T): Promise<T> =>
    queries.fetchQuery({ queryKey: ['promql', ...key], queryFn, staleTime: STALE_MS, retry: false }).catch(() => none);
  return {
    metricNames: async () => [...(await queries.fetchQuery(metricNamesQuery).catch(() => []))],
    metricMetadata: async (): Promise<Record<string, MetricMetadata[]>> => {
      const known = await queries.fetchQuery(metadataQuery).catch(() => new Map<string, MetricMetadata>());
      return Object.fromEntries([...known].map(([name, one]) => [name, [one]]));
    },
    labelNames: async (metric = '') => [...(await ask(['labels', metric], () => labelNames(selectorsOf(metric)), []))],
    labelValues: async (label: string, metric = '') => [
      ...(await ask(['values', label, metric], () => labelValues(label, selectorsOf(metric)), [])),
    ],
    series: async (metric: string) => {
      const found = await ask(['series', metric], () => listSeries(selectorsOf(metric), 1000), []);
      return found.map((labels) => new Map(Object.entries(labels)));
    },
    // Belongs to settings of Prometheus that this server does not have.
    flags: async (): Promise<Record<string, string>> => ({}),
  };
}

function selectorsOf(metric: string): readonly string[] {
  return metric === '' ? [] : [`{__name__=${JSON.stringify(metric)}}`];
}
