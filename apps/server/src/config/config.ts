import type { PriceList } from '@vedetta/prices';
import type { UpstreamSettings } from './upstream-settings.js';

/**
 * The complete configuration of a server: every setting resolved, every relative path absolute. `loadConfig` makes one;
 * each member is documented in `docs/configuration.md`, which is generated from the table of settings.
 */
export interface ResolvedConfig {
  /** TCP port of pages, API and OTLP; 0 picks a free one. */
  readonly port: number;
  /** Address to listen on. Any but a loopback address needs a password or an API key. */
  readonly host: string;
  /** Absolute path of the folder that holds the database. */
  readonly dataDir: string;
  readonly access: {
    /** `''` when none is set. */
    readonly password: string;
    readonly apiKeys: readonly string[];
    /** Names under which the server may be addressed, besides loopback names and the bind address. */
    readonly allowedHosts: readonly string[];
  };
  readonly otlp: {
    /** Additional OTLP port on loopback; `off` listens on the main port only; 0 picks a free one. */
    readonly port: number | 'off';
    /** Largest body after decompression, in MiB. */
    readonly maxBodyMb: number;
  };
  readonly privacy: {
    /** What is kept of prompts and answers: nothing, a preview, all of it, or only token counts and timings. */
    readonly content: 'off' | 'preview' | 'full' | 'numbers';
    readonly previewCharacters: number;
  };
  /** How often each upstream is asked for its models. */
  readonly models: { readonly checkIntervalSeconds: number };
  readonly metrics: {
    /** How often machine and metrics are sampled. */
    readonly intervalSeconds: number;
    /** Samples older than this are neither taken nor kept. */
    readonly retentionDays: number;
    /** How old samples are thinned out, youngest tier first; empty when they are not. */
    readonly downsampling: readonly { readonly ageMs: number; readonly windowMs: number }[];
    /** Absolute path of a Prometheus configuration whose targets are scraped; `''` for none. */
    readonly scrapeConfigFile: string;
    /** Members of Prometheus' `scrape_configs`. */
    readonly scrapeConfigs: readonly unknown[];
    readonly maxSeries: number;
    /** Of one metric name. */
    readonly maxSeriesPerMetric: number;
    readonly maxLabels: number;
    /** In UTF-16 code units, as the next. */
    readonly maxLabelNameLength: number;
    readonly maxLabelValueLength: number;
    readonly maxHistogramBuckets: number;
    /** Of one PromQL query, as the next. */
    readonly queryTimeoutSeconds: number;
    /** Of one selector. */
    readonly queryMaxSeries: number;
    readonly queryMaxSamples: number;
  };
  readonly gateway: {
    /** By name; over and beside the known ones. */
    readonly upstreams: UpstreamSettings;
    /** Port on loopback where every request goes to the upstream `ollama`. */
    readonly ollamaPort: number | 'off';
    readonly injectUsage: boolean;
    readonly connectTimeoutSeconds: number;
    readonly headersTimeoutSeconds: number;
    readonly idleTimeoutSeconds: number;
  };
  readonly prices: {
    /** Prices that stand above the list's. */
    readonly overrides: PriceList['models'];
    /** Providers, hosts or `provider/model` of the user's own machines, lower case. */
    readonly local: readonly string[];
    /** `provider/model` that local models are compared with. */
    readonly compareWith: string;
    /** Age past which the price list is warned of. */
    readonly staleDays: number;
    /** Calls whose messages are counted: those without tokens, all of them, or none. */
    readonly estimateTokens: 'missing' | 'all' | 'off';
  };
  readonly retention: {
    readonly days: number;
    /** What is about to be deleted is written to `<dataDir>/archive` first. */
    readonly archive: boolean;
    /** A running request not heard of for this long becomes `timeout`. */
    readonly runningTimeoutMinutes: number;
  };
  readonly sql: { readonly maxRows: number; readonly timeoutSeconds: number };
  readonly limits: {
    readonly connections: number;
    /** Pages that may follow live updates at once. */
    readonly liveClients: number;
  };
  readonly log: { readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent' };
}

/** A fault in the configuration: where it was found, the setting at fault and a sentence that says what to do. */
export interface ConfigError {
  /** `file /path/vedetta.config.yaml`, `variable`, `flag`, or `default`. */
  readonly source: string;
  /** The key as the user wrote it: `retention.dayz`, `VEDETTA_PROT`, `--port`. */
  readonly key: string;
  readonly message: string;
}

/** What `loadConfig` answers: a complete configuration, or every fault that was found. */
export type LoadedConfig =
  | {
      readonly kind: 'resolved';
      readonly config: ResolvedConfig;
      /** Absolute path of the configuration file that was read; `undefined` when there is none. */
      readonly file: string | undefined;
    }
  | { readonly kind: 'invalid'; readonly errors: readonly ConfigError[] };
