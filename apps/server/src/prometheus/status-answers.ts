import type { SampleCardinality } from '@vedetta/store';
import { VERSION } from '../version.js';

/** What the server tells of itself in Prometheus' words. */
export interface ServerFacts {
  /** Milliseconds since the epoch. */
  readonly startedAtUnixMs: number;
  readonly retentionDays: number;
  readonly queryTimeoutMs: number;
  readonly queryMaxSamples: number;
}

/** `data` of `/status/buildinfo`. Clients read from the version what they may ask: this is the Prometheus whose language is spoken. */
export function answerBuildInfo(): object {
  return {
    version: '3.5.0',
    revision: `vedetta-${VERSION}`,
    branch: '',
    buildUser: '',
    buildDate: '',
    goVersion: '',
  };
}

/** `data` of `/status/flags`: those of Prometheus' flags that have a meaning here. */
export function answerFlags({ retentionDays, queryTimeoutMs, queryMaxSamples }: ServerFacts): object {
  return {
    'query.lookback-delta': '5m',
    'query.max-samples': String(queryMaxSamples),
    'query.timeout': `${queryTimeoutMs / 1000}s`,
    'storage.tsdb.retention.time': `${retentionDays}d`,
  };
}

/** `data` of `/status/runtimeinfo`. Folders and the like are not told. */
export function answerRuntimeInfo({ startedAtUnixMs, retentionDays }: ServerFacts, isReloaded: boolean): object {
  return {
    startTime: new Date(startedAtUnixMs).toISOString(),
    CWD: '',
    reloadConfigSuccess: isReloaded,
    lastConfigTime: new Date(startedAtUnixMs).toISOString(),
    corruptionCount: 0,
    goroutineCount: 0,
    GOMAXPROCS: 1,
    GOMEMLIMIT: 0,
    GOGC: '',
    GODEBUG: '',
    storageRetention: `${retentionDays}d`,
  };
}

/** `data` of `/status/tsdb`. */
export function answerTsdb({ head, ...counts }: SampleCardinality, numSeries: number): object {
  const list = (from: SampleCardinality['seriesByMetric']) => from.map(({ name, count }) => ({ name, value: count }));
  return {
    headStats: {
      numSeries,
      numLabelPairs: counts.labelPairs,
      chunkCount: head.chunks,
      minTime: head.firstMs ?? 0,
      maxTime: head.lastMs ?? 0,
    },
    seriesCountByMetricName: list(counts.seriesByMetric),
    labelValueCountByLabelName: list(counts.valuesByLabel),
    memoryInBytesByLabelName: list(counts.bytesByLabel),
    seriesCountByLabelValuePair: list(counts.seriesByPair),
  };
}
