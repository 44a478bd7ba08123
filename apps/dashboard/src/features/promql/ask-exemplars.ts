import { queryExemplars, seriesName } from '../../api/prometheus.js';
import type { ChartExemplar } from '../../charts/time-series/types.js';

/** What stands for the series that a query is about, as points of its graph. Errors as of any query. */
export async function askExemplars(
  query: string,
  options: { readonly startMs: number; readonly endMs: number; readonly signal?: AbortSignal },
): Promise<readonly ChartExemplar[]> {
  const found = await queryExemplars(query, options);
  return found.flatMap(({ seriesLabels, exemplars }) => {
    const series = seriesName(seriesLabels);
    return exemplars.map((exemplar) => ({ ...exemplar, series }));
  });
}
