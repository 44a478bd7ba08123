import type { LabelPairs } from '@vedetta/query';
import type { ScrapeConfig } from '../config/scrape-config.js';
import { formatDuration, parseDuration } from '../duration.js';
import type { LabelMap } from '../labels.js';
import { META_PREFIX, pairsKey, RESERVED_PREFIX, toPairs } from '../labels.js';
import { relabel } from '../relabel/relabel.js';

/** Something to scrape, as relabelling left it. */
export interface Target {
  /** The same for what is scraped the same way under the same labels. */
  readonly key: string;
  /** Labels that its series get. */
  readonly labels: LabelPairs;
  /** Labels before relabelling. */
  readonly discovered: LabelPairs;
  readonly url: string;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What becomes of a discovered address. */
export type TargetOutcome =
  | { readonly kind: 'target'; readonly target: Target }
  /** Relabelling dropped it. */
  | { readonly kind: 'dropped'; readonly discovered: LabelPairs }
  | { readonly kind: 'invalid'; readonly reason: string; readonly discovered: LabelPairs };

const PARAM_PREFIX = '__param_';

/** Makes a target of what was discovered: labels of the job where none are, relabelling, then what is asked of whom. */
export function toTarget(discoveredLabels: ReadonlyMap<string, string>, config: ScrapeConfig): TargetOutcome {
  const labels: LabelMap = new Map(discoveredLabels);
  const defaults: readonly (readonly [string, string])[] = [
    ['job', config.jobName],
    ['__scrape_interval__', formatDuration(config.intervalMs)],
    ['__scrape_timeout__', formatDuration(config.timeoutMs)],
    ['__metrics_path__', config.metricsPath],
    ['__scheme__', config.scheme],
  ];
  for (const [name, value] of defaults) if ((labels.get(name) ?? '') === '') labels.set(name, value);
  for (const [name, [value]] of config.params) if (value !== undefined) labels.set(PARAM_PREFIX + name, value);
  const discovered = toPairs(labels);
  if (!relabel(labels, config.relabel)) return { kind: 'dropped', discovered };
  const made = finish(labels, config);
  return typeof made === 'string'
    ? { kind: 'invalid', reason: made, discovered }
    : { kind: 'target', target: { ...made, discovered } };
}

function finish(labels: LabelMap, config: ScrapeConfig): Omit<Target, 'discovered'> | string {
  const address = labels.get('__address__') ?? '';
  if (address === '') return 'no address';
  if (address.includes('@')) return 'a user and password in an address are not used: say basic_auth';
  if (/[/?#@\\\s]/.test(address)) return `${JSON.stringify(address)} is no host and port`;
  const scheme = labels.get('__scheme__') || 'http';
  if (scheme !== 'http' && scheme !== 'https') return `${JSON.stringify(scheme)} is neither http nor https`;
  const intervalMs = parseDuration(labels.get('__scrape_interval__') ?? '');
  const timeoutMs = parseDuration(labels.get('__scrape_timeout__') ?? '');
  if (!intervalMs) return 'the label __scrape_interval__ is no duration above 0';
  if (!timeoutMs) return 'the label __scrape_timeout__ is no duration above 0';
  if (timeoutMs > intervalMs) return 'the label __scrape_timeout__ is longer than __scrape_interval__';
  for (const name of labels.keys()) if (name.startsWith(META_PREFIX)) labels.delete(name);
  if ((labels.get('instance') ?? '') === '') labels.set('instance', address);
  const url = toUrl(scheme, address, labels, config.params);
  if (url === undefined) return `${JSON.stringify(address)} is no host and port`;
  const pairs = toPairs(labels);
  return {
    key: pairsKey([...pairs, ['url', url]]),
    labels: pairs.filter(([name]) => !name.startsWith(RESERVED_PREFIX)),
    url,
    intervalMs,
    timeoutMs,
  };
}

/** An address as it may be told of: what stands before an @ may be a password. */
export function shownAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : `…${address.slice(at)}`;
}

function toUrl(
  scheme: string,
  address: string,
  labels: LabelMap,
  params: ReadonlyMap<string, readonly string[]>,
): string | undefined {
  const base = `${scheme}://${address}`;
  if (!URL.canParse(base)) return undefined;
  const url = new URL(base);
  url.pathname = labels.get('__metrics_path__') ?? '';
  const values = new Map([...params].map(([name, list]) => [name, [...list]]));
  for (const [name, value] of labels) {
    if (!name.startsWith(PARAM_PREFIX)) continue;
    const parameter = name.slice(PARAM_PREFIX.length);
    values.set(parameter, [value, ...(values.get(parameter)?.slice(1) ?? [])]);
  }
  for (const name of [...values.keys()].sort()) {
    for (const value of values.get(name) ?? []) url.searchParams.append(name, value);
  }
  // The URL leaves out a port that its scheme implies; the address stays as it was configured.
  return `${base}${url.pathname}${url.search}`;
}
