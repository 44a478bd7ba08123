import type { LabelPairs } from '@vedetta/query';
import { parsePromql } from '@vedetta/query';
import type { ScrapedPool, ScrapedTarget } from '@vedetta/watch';
import { formatDuration } from '@vedetta/watch';
import type { Parameters } from './parameters.js';
import { invalid } from './parameters.js';

/** Where targets are read from; the server's scraping is one. */
export interface TargetSource {
  pools(): readonly ScrapedPool[];
}

/** One metric as `/metadata` answers it. */
export interface MetadataEntry {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** Prometheus' word for a type that nobody stated. */
const TYPE_NAMES: Readonly<Record<string, string>> = { untyped: 'unknown' };
const NEVER = '0001-01-01T00:00:00Z';

/** `data` of `/targets`: `state` is `active`, `dropped` or anything else for both; `scrapePool` names one job. */
export function answerTargets(source: TargetSource, parameters: Parameters): object {
  const state = parameters.text('state').toLowerCase();
  const wanted = parameters.text('scrapePool');
  const pools = source.pools().filter(({ name }) => wanted === '' || name === wanted);
  const active = state === 'dropped' ? [] : pools.flatMap(({ targets }) => targets.map(toActive));
  if (state === 'active') return { activeTargets: active, droppedTargets: [] };
  return {
    activeTargets: active,
    droppedTargets: pools.flatMap(({ name, dropped }) =>
      dropped.map(({ discovered }) => ({ discoveredLabels: toRecord(discovered), scrapePool: name })),
    ),
    droppedTargetCounts: Object.fromEntries(pools.map(({ name, droppedCount }) => [name, droppedCount])),
  };
}

/** `data` of `/scrape_pools`: the names of jobs. */
export function answerPools(source: TargetSource): object {
  return { scrapePools: source.pools().map(({ name }) => name) };
}

/** `data` of `/targets/metadata`: what each target says of its metrics, or of the one that is asked for. */
export function answerTargetMetadata(source: TargetSource, parameters: Parameters): readonly object[] {
  const matches = targetMatcher(parameters);
  const metric = parameters.text('metric');
  const limit = parameters.limit() ?? Number.POSITIVE_INFINITY;
  const answers: object[] = [];
  for (const { targets } of source.pools()) {
    for (const target of targets) {
      if (!matches(target.labels)) continue;
      for (const { name, ...entry } of target.metadata) {
        if (metric !== '' && name !== metric) continue;
        if (answers.length >= limit) return answers;
        answers.push({
          target: toRecord(target.labels),
          ...(metric === '' ? { metric: name } : {}),
          ...toEntry(entry),
        });
      }
    }
  }
  return answers;
}

/** What targets say of metrics, each different word once, by name. */
export function scrapedMetadata(source: TargetSource): ReadonlyMap<string, readonly MetadataEntry[]> {
  const byName = new Map<string, Map<string, MetadataEntry>>();
  for (const { targets } of source.pools()) {
    for (const { metadata } of targets) {
      for (const { name, ...rest } of metadata) {
        const entry = toEntry(rest);
        const entries = byName.get(name) ?? new Map<string, MetadataEntry>();
        byName.set(name, entries.set(JSON.stringify(entry), entry));
      }
    }
  }
  return new Map([...byName].map(([name, entries]) => [name, [...entries.values()]]));
}

function targetMatcher(parameters: Parameters): (labels: LabelPairs) => boolean {
  const text = parameters.text('match_target');
  if (text === '') return () => true;
  const { expr } = parsePromql(text);
  if (expr.kind !== 'selector') throw invalid('match_target', `${JSON.stringify(text)} is no series selector`);
  return (labels) => {
    const byName = new Map(labels);
    return expr.matchers.every(({ name, test }) => test(byName.get(name) ?? ''));
  };
}

function toActive(target: ScrapedTarget): object {
  const { lastScrapeMs } = target;
  return {
    discoveredLabels: toRecord(target.discovered),
    labels: toRecord(target.labels),
    scrapePool: target.pool,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.lastError,
    lastScrape: lastScrapeMs === undefined ? NEVER : new Date(lastScrapeMs).toISOString(),
    lastScrapeDuration: target.lastDurationSeconds,
    health: target.health,
    scrapeInterval: formatDuration(target.intervalMs),
    scrapeTimeout: formatDuration(target.timeoutMs),
  };
}

function toEntry({ type, help, unit }: MetadataEntry): MetadataEntry {
  return { type: TYPE_NAMES[type] ?? type, help, unit };
}

function toRecord(labels: LabelPairs): Record<string, string> {
  return Object.fromEntries(labels);
}
