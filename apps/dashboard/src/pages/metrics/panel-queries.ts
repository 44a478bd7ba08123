import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { PrometheusError, queryInstant, queryRange } from '../../api/prometheus.js';
import { serverNow } from '../../api/server-clock.js';
import { askExemplars } from '../../features/promql/ask-exemplars.js';
import type { TimeChoice } from '../../features/promql/time-window.js';
import { refreshMs, toWindow } from '../../features/promql/time-window.js';
import { findFault } from './editor/find-fault.js';
import type { Panel } from './panels.js';

/** More series than this nobody tells apart in a graph. */
const MAX_DRAWN = 300;
const MAX_LISTED = 5_000;

/** An answer for the graph, with the range it was asked for. */
export const graphQuery = (panel: Panel, time: TimeChoice, live: boolean) =>
  queryOptions({
    queryKey: ['promql', 'graph', panel.expr, time],
    queryFn: async ({ signal }) => {
      const range = toWindow(time, serverNow());
      return { range, ...(await queryRange(panel.expr, { ...range, limit: MAX_DRAWN, signal })) };
    },
    placeholderData: keepPreviousData,
    ...common(panel, time, live),
  });

/** What stands for the series of the graph, from all over its range. */
export const exemplarsQuery = (panel: Panel, time: TimeChoice, live: boolean) =>
  queryOptions({
    queryKey: ['promql', 'exemplars', panel.expr, time],
    queryFn: ({ signal }) => {
      const { startMs, endMs } = toWindow(time, serverNow());
      return askExemplars(panel.expr, { startMs, endMs, signal });
    },
    ...common(panel, time, live),
  });

/** An answer for the table: at the end of the range. */
export const tableQuery = (panel: Panel, time: TimeChoice, live: boolean) =>
  queryOptions({
    queryKey: ['promql', 'table', panel.expr, time.endMs],
    queryFn: ({ signal }) =>
      queryInstant(panel.expr, {
        limit: MAX_LISTED,
        signal,
        ...(time.endMs !== undefined && { timeMs: time.endMs }),
      }),
    placeholderData: keepPreviousData,
    ...common(panel, time, live),
  });

function common(panel: Panel, time: TimeChoice, live: boolean) {
  return {
    enabled: panel.on && panel.expr.trim() !== '' && findFault(panel.expr) === undefined,
    refetchInterval: live && refreshMs(time),
    // What the server says of a query it says again.
    retry: (count: number, error: Error) => count < 2 && !(error instanceof PrometheusError),
  } as const;
}
