import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { labelNames, labelValues, queryInstant } from '../../api/prometheus.js';
import { builtInValues } from '../../features/panels/panel-data.js';
import { labelsText } from '../../grafana/frame.js';
import type { Variable } from '../../grafana/model.js';
import { resolveVariables, type VariableSource } from '../../grafana/variable-options.js';

export const dashboardsQuery = () =>
  queryOptions({ queryKey: ['dashboards'], queryFn: ({ signal }) => api.dashboards(signal) });

export const dashboardQuery = (uid: string) =>
  queryOptions({ queryKey: ['dashboard', uid], queryFn: ({ signal }) => api.dashboard(uid, signal) });

/** Variables with what may be chosen; asked again when what is wanted changes, or after half a minute. */
export const variablesQuery = (
  uid: string,
  variables: readonly Variable[],
  wanted: ReadonlyMap<string, readonly string[]>,
  rangeMs: number,
) =>
  queryOptions({
    queryKey: ['dashboard-variables', uid, variables, [...wanted], rangeMs],
    queryFn: ({ signal }) =>
      resolveVariables(
        variables,
        wanted,
        builtInValues(Date.now() - rangeMs, Date.now(), 60_000, 300_000),
        source(signal),
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });

function source(signal: AbortSignal): VariableSource {
  return {
    labelNames: () => labelNames([], signal),
    labelValues: (label, selector) => labelValues(label, selector === '' ? [] : [selector], signal),
    async queryResult(expr) {
      const { data } = await queryInstant(expr, { limit: 5000, signal });
      if ('series' in data) {
        return data.series.map(({ labels, times, values }) => `${labelsText(labels)} ${values.at(-1)} ${times.at(-1)}`);
      }
      return [`${data.value} ${data.timeMs}`];
    },
  };
}
