import { readScrapeConfigs } from '../scrape-settings.js';
import type { Setting } from './setting.js';
import { readInteger, readText, readTiers } from './setting-readers.js';

/** Samples: scraped, kept, limited and asked. */
export const METRICS_SETTINGS: readonly Setting[] = [
  {
    path: 'metrics.intervalSeconds',
    variables: ['VEDETTA_METRICS_INTERVAL_SECONDS'],
    flag: 'metrics-interval-seconds',
    type: 'integer, 1 to 3600',
    default: 30,
    description: 'Time between two samples of the machine and of every metric; see [metrics.md](metrics.md).',
    read: readInteger(1, 3600),
  },
  {
    path: 'metrics.retentionDays',
    variables: ['VEDETTA_METRICS_RETENTION_DAYS'],
    flag: 'metrics-retention-days',
    type: 'integer, 1 to 36500',
    default: 30,
    description:
      'Metric samples older than this are neither taken nor kept; they are deleted at start and once an hour.',
    read: readInteger(1, 36_500),
  },
  {
    path: 'metrics.downsampling',
    variables: ['VEDETTA_METRICS_DOWNSAMPLING'],
    flag: 'metrics-downsampling',
    type: 'list of `age:window`, or `off`',
    default: [],
    description:
      'Thins out samples older than an age to what a question needs of each window: `7d:5m,30d:1h`; see [store.md](store.md#downsampling).',
    read: readTiers,
  },
  {
    path: 'metrics.scrapeConfigFile',
    variables: ['VEDETTA_METRICS_SCRAPE_CONFIG_FILE'],
    flag: 'metrics-scrape-config-file',
    type: 'path',
    default: '',
    description:
      'A Prometheus configuration (`prometheus.yml`) whose targets are scraped; see [metrics.md](metrics.md#scraped). Relative to the folder the server is started in.',
    read: readText,
  },
  {
    path: 'metrics.scrapeConfigs',
    variables: [],
    type: "list of Prometheus' `scrape_configs`",
    default: [],
    description: 'Targets to scrape, beside those of the file; in the configuration file only.',
    read: readScrapeConfigs,
  },
  {
    path: 'metrics.maxSeries',
    variables: ['VEDETTA_METRICS_MAX_SERIES'],
    flag: 'metrics-max-series',
    type: 'integer, 1000 to 50000000',
    default: 1_000_000,
    description:
      'Most series of metrics at once; new ones beyond are refused and counted. About 0.5 KB of memory each.',
    read: readInteger(1000, 50_000_000),
  },
  {
    path: 'metrics.maxSeriesPerMetric',
    variables: ['VEDETTA_METRICS_MAX_SERIES_PER_METRIC'],
    flag: 'metrics-max-series-per-metric',
    type: 'integer, 1 to 50000000',
    default: 100_000,
    description: 'Most series of one metric name.',
    read: readInteger(1, 50_000_000),
  },
  {
    path: 'metrics.maxLabels',
    variables: ['VEDETTA_METRICS_MAX_LABELS'],
    flag: 'metrics-max-labels',
    type: 'integer, 1 to 1000',
    default: 64,
    description: 'Most labels of a series, its name included.',
    read: readInteger(1, 1000),
  },
  {
    path: 'metrics.maxLabelNameLength',
    variables: ['VEDETTA_METRICS_MAX_LABEL_NAME_LENGTH'],
    flag: 'metrics-max-label-name-length',
    type: 'integer, 1 to 65536',
    default: 512,
    description: 'Longest name of a label, in UTF-16 code units.',
    read: readInteger(1, 65_536),
  },
  {
    path: 'metrics.maxLabelValueLength',
    variables: ['VEDETTA_METRICS_MAX_LABEL_VALUE_LENGTH'],
    flag: 'metrics-max-label-value-length',
    type: 'integer, 1 to 65536',
    default: 2048,
    description: 'Longest value of a label, in UTF-16 code units.',
    read: readInteger(1, 65_536),
  },
  {
    path: 'metrics.queryTimeoutSeconds',
    variables: ['VEDETTA_METRICS_QUERY_TIMEOUT_SECONDS'],
    flag: 'metrics-query-timeout-seconds',
    type: 'integer, 1 to 3600',
    default: 30,
    description: 'Longest run of a PromQL query, which may itself ask for less.',
    read: readInteger(1, 3600),
  },
  {
    path: 'metrics.queryMaxSeries',
    variables: ['VEDETTA_METRICS_QUERY_MAX_SERIES'],
    flag: 'metrics-query-max-series',
    type: 'integer, 1 to 50000000',
    default: 100_000,
    description: 'Most series that one selector of a PromQL query may read.',
    read: readInteger(1, 50_000_000),
  },
  {
    path: 'metrics.queryMaxSamples',
    variables: ['VEDETTA_METRICS_QUERY_MAX_SAMPLES'],
    flag: 'metrics-query-max-samples',
    type: 'integer, 1 to 1000000000',
    default: 20_000_000,
    description:
      'Most samples that one PromQL query may read, and most points that it may hold meanwhile; 16 bytes of memory each.',
    read: readInteger(1, 1_000_000_000),
  },
];
