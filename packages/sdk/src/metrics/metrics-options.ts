import type { SdkEnvironment } from '../environment.js';
import type { MonitorOptions } from '../options.js';
import { resolveTarget } from '../otlp/target.js';
import type { MetricsOptions, MetricsPushOptions } from './metrics.js';

/** How points are pushed, with every default filled in. */
export interface ResolvedPushOptions {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly encoding: 'protobuf' | 'json';
  readonly timeoutMs: number;
  readonly derived: boolean;
  readonly problem: string | undefined;
}

/** Options with every default filled in. */
export interface ResolvedMetricsOptions {
  readonly intervalMs: number;
  readonly collect: 'all' | 'process' | false;
  readonly diskPath: string;
  readonly maxSeries: number;
  /** `undefined` where nothing is pushed. */
  readonly push: ResolvedPushOptions | undefined;
}

const DEFAULT_INTERVAL_MS = 30_000;
/** A tighter one would be a load. */
const MIN_INTERVAL_MS = 100;
/** Series of one metric. */
export const DEFAULT_MAX_SERIES = 2000;
const DEFAULT_TIMEOUT_MS = 10_000;

/** User's word, then the environment, then the default; `undefined` for a monitor without metrics. */
export function resolveMetricsOptions(
  options: MonitorOptions,
  environment: SdkEnvironment,
): ResolvedMetricsOptions | undefined {
  const enabled = options.enabled ?? !environment.disabled;
  const { metrics = {} } = options;
  if (!enabled || metrics === false || typeof metrics !== 'object' || metrics === null) return undefined;
  const { collect } = metrics;
  return {
    intervalMs: Math.max(finite(metrics.intervalMs, DEFAULT_INTERVAL_MS), MIN_INTERVAL_MS),
    collect: collect === false || collect === 'process' ? collect : 'all',
    diskPath: typeof metrics.diskPath === 'string' ? metrics.diskPath : '.',
    maxSeries: Math.max(Math.floor(finite(metrics.maxSeries, DEFAULT_MAX_SERIES)), 2),
    push: resolvePush(options, metrics, environment),
  };
}

function resolvePush(
  monitor: MonitorOptions,
  { push }: MetricsOptions,
  environment: SdkEnvironment,
): ResolvedPushOptions | undefined {
  if (push === false) return undefined;
  const own: MetricsPushOptions = typeof push === 'object' && push !== null ? push : {};
  // A key or header of the monitor's, and the key of the environment, belong to its endpoint and to no other.
  const target =
    own.endpoint === undefined
      ? resolveTarget({ ...pick(monitor), ...own }, environment, '/v1/metrics')
      : resolveTarget(own, { ...environment, apiKey: undefined }, '/v1/metrics');
  if (push === undefined && (monitor.sinks !== undefined || target.isForeign)) return undefined;
  return {
    url: target.url,
    headers: target.headers,
    encoding: own.encoding === 'json' ? 'json' : 'protobuf',
    timeoutMs: Math.max(finite(own.timeoutMs, DEFAULT_TIMEOUT_MS), 1),
    derived: own.derived ?? target.isForeign,
    problem: target.problem,
  };
}

function pick({ endpoint, apiKey, headers }: MonitorOptions): MetricsPushOptions {
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(headers === undefined ? {} : { headers }),
  };
}

function finite(value: number | undefined, fallback: number): number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : fallback;
}
