import type { MetricRegistry } from '@vedetta/metrics';
import type { ContentPolicy } from '@vedetta/receive';
import type { Store } from '@vedetta/store';
import type { ModelWatch } from '@vedetta/watch';
import type { Logger } from 'pino';
import type { FailedAttempts } from './access/failed-attempts.js';
import type { ResolvedConfig } from './config/config.js';
import type { ServerGateway } from './gateway/server-gateway.js';
import type { BodyBudget } from './ingest/body-budget.js';
import type { IngestCounters } from './ingest/ingest-counters.js';
import type { MetricIntake } from './ingest/metric-intake.js';
import type { PushedMetadataRegistry } from './ingest/pushed-metadata.js';
import type { LiveClients } from './live/live-clients.js';
import type { LiveFeed } from './live/live-feed.js';
import type { Scraping } from './metrics/scraping.js';
import type { SystemMetrics } from './metrics/system-metrics.js';
import type { Pipeline } from './pipeline.js';
import type { Pricing } from './pricing/pricing.js';
import type { ExemplarStore } from './prometheus/exemplars/exemplar-store.js';

/** Addresses a running server is reached by. */
export interface ServerUrls {
  /** Page, such as `http://127.0.0.1:8080`. */
  readonly page: string;
  readonly api: string;
  /** Base URLs for `OTEL_EXPORTER_OTLP_ENDPOINT`, the standard port first when it could be had. */
  readonly otlp: readonly string[];
  /** What `OLLAMA_HOST` may point at; `undefined` when the gateway has no such port. */
  readonly ollama?: string;
}

/** The parts that routes are built from; made once by `startServer`. */
export interface ServerContext {
  readonly config: ResolvedConfig;
  readonly store: Store;
  readonly pipeline: Pipeline;
  /** The way in of metrics that are pushed. */
  readonly metricIntake: MetricIntake;
  readonly pushedMetadata: PushedMetadataRegistry;
  /** Price list, costs and estimates. */
  readonly pricing: Pricing;
  /** What is kept of texts, and the key of pseudonyms. */
  readonly content: ContentPolicy;
  readonly counters: IngestCounters;
  readonly bodyBudget: BodyBudget;
  /** Passes calls to the providers and records them. */
  readonly gateway: ServerGateway;
  readonly feed: LiveFeed;
  readonly liveClients: LiveClients;
  /** Which models are served, as far as upstreams say. */
  readonly modelWatch: ModelWatch;
  /** Everything that is counted; read at `/metrics`. */
  readonly metrics: MetricRegistry;
  /** The latest measurements that stand for others of their series. */
  readonly exemplars: ExemplarStore;
  /** How the machine and the server's process are. */
  readonly systemMetrics: SystemMetrics;
  /** Keeps what is at `/metrics`, here and at the targets that are configured, as samples. */
  readonly scraping: Scraping;
  readonly failedAttempts: FailedAttempts;
  readonly log: Logger;
  readonly startedAtUnixMs: number;
  /** Folder of the built dashboard; `undefined` when it is not there. */
  readonly dashboardDir: string | undefined;
  readonly now: () => number;
  /** Empty until the server listens. */
  urls: ServerUrls;
}
