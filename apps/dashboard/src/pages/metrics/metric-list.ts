import type { MetricMetadata } from '../../api/prometheus.js';

/** A query that a metric is usually asked with. */
export interface UsualQuery {
  readonly label: string;
  readonly query: string;
}

const PART = /_(?:bucket|count|sum|total)$/;
const PLAIN_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Kind and help of a metric: its own, or those of the family that it is a part of. */
export function findMetadata(
  name: string,
  metadata: ReadonlyMap<string, MetricMetadata> | undefined,
): MetricMetadata | undefined {
  return metadata?.get(name) ?? metadata?.get(name.replace(PART, ''));
}

/** Metrics whose name or help holds every word, those with all of them in the name first. */
export function searchMetrics(
  names: readonly string[],
  metadata: ReadonlyMap<string, MetricMetadata> | undefined,
  text: string,
): readonly string[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return names;
  const byName: string[] = [];
  const byHelp: string[] = [];
  for (const name of names) {
    const lower = name.toLowerCase();
    const help = findMetadata(name, metadata)?.help.toLowerCase() ?? '';
    if (words.every((word) => lower.includes(word))) byName.push(name);
    else if (words.every((word) => lower.includes(word) || help.includes(word))) byHelp.push(name);
  }
  return [...byName, ...byHelp];
}

/** The metric itself first, then what its kind is usually asked for. */
export function usualQueries(
  name: string,
  metadata: MetricMetadata | undefined,
): readonly [UsualQuery, ...UsualQuery[]] {
  const selector = PLAIN_NAME.test(name) ? name : `{${JSON.stringify(name)}}`;
  const itself = { label: 'as it is', query: selector };
  const rate = { label: 'rate', query: `rate(${selector}[5m])` };
  if (metadata?.type === 'histogram' && name.endsWith('_bucket')) {
    return [itself, { label: 'p95', query: `histogram_quantile(0.95, sum by (le) (rate(${selector}[5m])))` }];
  }
  const counts = metadata?.type === 'counter' || (metadata?.type === 'histogram' && PART.test(name));
  return counts ? [itself, rate] : [itself];
}
