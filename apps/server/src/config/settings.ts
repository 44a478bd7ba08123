import { readScrapeConfigs } from './scrape-settings.js';
import type { SettingReader } from './setting-readers.js';
import {
  readHosts,
  readInteger,
  readOneOf,
  readPort,
  readPortOrOff,
  readPriceOverrides,
  readSecrets,
  readSwitch,
  readText,
  readTexts,
  readTiers,
} from './setting-readers.js';
import { readUpstreams } from './upstream-settings.js';

/** One setting: its names in each place, its default and its meaning. The only source of `docs/configuration.md`. */
export interface Setting {
  /** Path in the configuration file: `retention.days`. */
  readonly path: string;
  /** Environment variables, the first is the documented one. */
  readonly variables: readonly string[];
  /** Command-line flag without its dashes; absent for secrets, which other users of the machine could read there. */
  readonly flag?: string;
  /** The type as documented. */
  readonly type: string;
  readonly default: unknown;
  readonly description: string;
  /** Turns a value from a file (typed) or from a variable or flag (text) into the setting's type. */
  readonly read: SettingReader;
}

const CONTENT_MODES = ['off', 'preview', 'full', 'numbers'] as const;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Every setting, in the order of the documentation. */
export const SETTINGS: readonly Setting[] = [
  {
    path: 'port',
    variables: ['VEDETTA_PORT'],
    flag: 'port',
    type: 'integer, 0 to 65535',
    default: 8080,
    description: 'Port of the pages, the API and OTLP. 0 picks a free one.',
    read: readPort,
  },
  {
    path: 'host',
    variables: ['VEDETTA_HOST'],
    flag: 'host',
    type: 'address',
    default: '127.0.0.1',
    description: 'Address to listen on. Any but a loopback address needs `access.password` or `access.apiKeys`.',
    read: readText,
  },
  {
    path: 'dataDir',
    variables: ['VEDETTA_DATA_DIR'],
    flag: 'data-dir',
    type: 'path',
    default: '.vedetta',
    description: 'Folder of the database, relative to the folder the server is started in. Made when it is missing.',
    read: readText,
  },
  {
    path: 'access.password',
    variables: ['VEDETTA_PASSWORD'],
    type: 'text',
    default: '',
    description: 'Password of every page and route. Browsers ask for it; any user name will do.',
    read: readText,
  },
  {
    path: 'access.apiKeys',
    variables: ['VEDETTA_API_KEYS', 'VEDETTA_API_KEY'],
    type: 'list of texts',
    default: [],
    description: 'Keys for programs, sent as `Authorization: Bearer` or `x-api-key`. At least 8 characters each.',
    read: readSecrets,
  },
  {
    path: 'access.allowedHosts',
    variables: ['VEDETTA_ALLOWED_HOSTS'],
    flag: 'allowed-hosts',
    type: 'list of host names',
    default: [],
    description:
      'Names the server may be addressed by, besides loopback names and the address it listens on: `monitor.example.com`.',
    read: readHosts,
  },
  {
    path: 'otlp.port',
    variables: ['VEDETTA_OTLP_PORT'],
    flag: 'otlp-port',
    type: 'integer, 0 to 65535, or `off`',
    default: 4318,
    description:
      'Additional port for OpenTelemetry exporters, on loopback. When it is taken, the main port still takes OTLP.',
    read: readPortOrOff,
  },
  {
    path: 'otlp.maxBodyMb',
    variables: ['VEDETTA_OTLP_MAX_BODY_MB'],
    flag: 'otlp-max-body-mb',
    type: 'integer, 1 to 512',
    default: 64,
    description: 'Largest OTLP body after decompression, in MiB; larger ones are answered with 413.',
    read: readInteger(1, 512),
  },
  {
    path: 'privacy.content',
    variables: ['VEDETTA_CONTENT'],
    flag: 'content',
    type: CONTENT_MODES.map((mode) => `\`${mode}\``).join(', '),
    default: 'preview',
    description:
      'What is kept of prompts and answers: `preview` redacts and cuts them, `full` redacts them, `off` drops them, `numbers` keeps only names, timings and token counts.',
    read: readOneOf(CONTENT_MODES),
  },
  {
    path: 'privacy.previewCharacters',
    variables: ['VEDETTA_PREVIEW_CHARACTERS'],
    flag: 'preview-characters',
    type: 'integer, 1 to 100000',
    default: 200,
    description: 'Length to which `privacy.content: preview` cuts each text.',
    read: readInteger(1, 100_000),
  },
  {
    path: 'models.checkIntervalSeconds',
    variables: ['VEDETTA_MODELS_CHECK_INTERVAL_SECONDS'],
    flag: 'models-check-interval-seconds',
    type: 'integer, 1 to 86400',
    default: 10,
    description: 'Time between two looks at which models each upstream serves. Lists are read, no tokens are spent.',
    read: readInteger(1, 86_400),
  },
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
  {
    path: 'gateway.upstreams',
    variables: ['VEDETTA_GATEWAY_<NAME>_URL', 'VEDETTA_GATEWAY_<NAME>_PROVIDER', 'VEDETTA_GATEWAY_<NAME>_CHECK_KEY'],
    type: 'by name: `url`, `provider`, `checkKey`',
    default: {},
    description:
      'Where the gateway passes calls to: `/gateway/<name>/...`; see [gateway.md](gateway.md#upstreams). `provider` is the API it speaks, by default that of the name, else `openai-compatible`. `checkKey` is sent to list its models; see [models.md](models.md).',
    read: readUpstreams,
  },
  {
    path: 'gateway.ollamaPort',
    variables: ['VEDETTA_GATEWAY_OLLAMA_PORT'],
    flag: 'gateway-ollama-port',
    type: 'integer, 0 to 65535, or `off`',
    default: 'off',
    description:
      'Additional port on loopback where every request goes to the upstream `ollama`, for `OLLAMA_HOST` to point at.',
    read: readPortOrOff,
  },
  {
    path: 'gateway.injectUsage',
    variables: ['VEDETTA_GATEWAY_INJECT_USAGE'],
    flag: 'gateway-inject-usage',
    type: '`true` or `false`',
    default: true,
    description:
      'Asks for the usage of streams where a provider sends it only on request; the client does not see what comes because of it.',
    read: readSwitch,
  },
  {
    path: 'gateway.connectTimeoutSeconds',
    variables: ['VEDETTA_GATEWAY_CONNECT_TIMEOUT_SECONDS'],
    flag: 'gateway-connect-timeout-seconds',
    type: 'integer, 1 to 600',
    default: 10,
    description: 'An upstream that takes no connection for this long is answered for with 504.',
    read: readInteger(1, 600),
  },
  {
    path: 'gateway.headersTimeoutSeconds',
    variables: ['VEDETTA_GATEWAY_HEADERS_TIMEOUT_SECONDS'],
    flag: 'gateway-headers-timeout-seconds',
    type: 'integer, 1 to 86400',
    default: 600,
    description:
      'An upstream that has the request and does not begin to answer for this long is answered for with 504.',
    read: readInteger(1, 86_400),
  },
  {
    path: 'gateway.idleTimeoutSeconds',
    variables: ['VEDETTA_GATEWAY_IDLE_TIMEOUT_SECONDS'],
    flag: 'gateway-idle-timeout-seconds',
    type: 'integer, 1 to 86400',
    default: 300,
    description: 'A response that stands still for this long is cut.',
    read: readInteger(1, 86_400),
  },
  {
    path: 'prices.overrides',
    variables: ['VEDETTA_PRICES_OVERRIDES'],
    type: 'map of `provider/model` to prices, or path of a file',
    default: {},
    description: 'Prices that stand above those of the price list; see [cost.md](cost.md#overrides).',
    read: readPriceOverrides,
  },
  {
    path: 'prices.local',
    variables: ['VEDETTA_PRICES_LOCAL'],
    flag: 'prices-local',
    type: 'list of providers, hosts or `provider/model`',
    default: [],
    description:
      'What runs on your own machines and costs nothing a call, besides the known engines; see [cost.md](cost.md#local-models).',
    read: readTexts,
  },
  {
    path: 'prices.compareWith',
    variables: ['VEDETTA_PRICES_COMPARE_WITH'],
    flag: 'prices-compare-with',
    type: '`provider/model`',
    default: 'openai/gpt-4o-mini',
    description: 'Model whose price is shown beside the tokens of local ones.',
    read: readText,
  },
  {
    path: 'prices.staleDays',
    variables: ['VEDETTA_PRICES_STALE_DAYS'],
    flag: 'prices-stale-days',
    type: 'integer, 1 to 3650',
    default: 90,
    description: 'Age of the price list in days past which it is warned of.',
    read: readInteger(1, 3650),
  },
  {
    path: 'prices.estimateTokens',
    variables: ['VEDETTA_PRICES_ESTIMATE_TOKENS'],
    flag: 'prices-estimate-tokens',
    type: '`missing`, `all`, `off`',
    default: 'missing',
    description:
      'Which LLM calls have their messages counted: those whose tokens nobody reported, or all, so that an estimate stands beside what the provider reported; see [cost.md](cost.md#estimates).',
    read: readOneOf(['missing', 'all', 'off']),
  },
  {
    path: 'retention.days',
    variables: ['VEDETTA_RETENTION_DAYS'],
    flag: 'retention-days',
    type: 'integer, 1 to 36500',
    default: 30,
    description: 'Requests that started longer ago are deleted, at start and once an hour.',
    read: readInteger(1, 36_500),
  },
  {
    path: 'retention.archive',
    variables: ['VEDETTA_RETENTION_ARCHIVE'],
    flag: 'retention-archive',
    type: '`true` or `false`',
    default: false,
    description:
      'Writes what is about to be deleted to the folder `archive` in the data directory first, compressed; see [store.md](store.md#archive).',
    read: readSwitch,
  },
  {
    path: 'retention.runningTimeoutMinutes',
    variables: ['VEDETTA_RUNNING_TIMEOUT_MINUTES'],
    flag: 'running-timeout-minutes',
    type: 'integer, 1 to 10080',
    default: 30,
    description: 'A running request that nothing was heard of for this long is marked as `timeout`.',
    read: readInteger(1, 10_080),
  },
  {
    path: 'sql.maxRows',
    variables: ['VEDETTA_SQL_MAX_ROWS'],
    flag: 'sql-max-rows',
    type: 'integer, 1 to 100000',
    default: 10_000,
    description: 'Most rows that `POST /api/sql` answers.',
    read: readInteger(1, 100_000),
  },
  {
    path: 'sql.timeoutSeconds',
    variables: ['VEDETTA_SQL_TIMEOUT_SECONDS'],
    flag: 'sql-timeout-seconds',
    type: 'integer, 1 to 60',
    default: 10,
    description: 'Longest run of a statement of `POST /api/sql`.',
    read: readInteger(1, 60),
  },
  {
    path: 'limits.connections',
    variables: ['VEDETTA_MAX_CONNECTIONS'],
    flag: 'max-connections',
    type: 'integer, 10 to 100000',
    default: 4096,
    description: 'Most TCP connections at once, for each port; more are closed at once.',
    read: readInteger(10, 100_000),
  },
  {
    path: 'limits.liveClients',
    variables: ['VEDETTA_MAX_LIVE_CLIENTS'],
    flag: 'max-live-clients',
    type: 'integer, 1 to 10000',
    default: 100,
    description: 'Most pages that follow `GET /api/live` at once.',
    read: readInteger(1, 10_000),
  },
  {
    path: 'log.level',
    variables: ['VEDETTA_LOG_LEVEL'],
    flag: 'log-level',
    type: LOG_LEVELS.map((level) => `\`${level}\``).join(', '),
    default: 'info',
    description: "Least important message that the server's own log shows.",
    read: readOneOf(LOG_LEVELS),
  },
];

/** The variable that names the configuration file; it is no setting, since it cannot stand in the file. */
export const CONFIG_FILE_VARIABLE = 'VEDETTA_CONFIG';

/** Variables of the SDK, the CLI and the browser tests, which may be set in the server's process too. */
export const OTHER_VARIABLES: readonly string[] = [
  'VEDETTA_URL',
  'VEDETTA_ENDPOINT',
  'VEDETTA_SERVICE_NAME',
  'VEDETTA_DISABLED',
  'VEDETTA_CHROMIUM',
];
