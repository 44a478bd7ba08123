import path from 'node:path';
import { MetricRegistry } from '@vedetta/metrics';
import { DEFAULT_DECODE_LIMITS } from '@vedetta/receive';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import type { DestinationStream } from 'pino';
import { pino } from 'pino';
import { FailedAttempts } from './access/failed-attempts.js';
import type { ResolvedConfig } from './config/config.js';
import { createServerGateway } from './gateway/server-gateway.js';
import { DAY_MS } from './http/time-query.js';
import { BodyBudget } from './ingest/body-budget.js';
import { loadIdentityKey } from './ingest/identity-key.js';
import { createIngestCounters } from './ingest/ingest-counters.js';
import { MetricIntake } from './ingest/metric-intake.js';
import { PushedMetadataRegistry } from './ingest/pushed-metadata.js';
import { LiveClients } from './live/live-clients.js';
import { LiveFeed } from './live/live-feed.js';
import { deriveMetrics } from './metrics/derived/derived-metrics.js';
import { registerExemplarMetrics } from './metrics/exemplar-metrics.js';
import { registerOwnMetrics } from './metrics/own-metrics.js';
import { Scraping } from './metrics/scraping.js';
import { SystemMetrics } from './metrics/system-metrics.js';
import { watchModels } from './models/watch-models.js';
import { watchedUpstreams } from './models/watched-upstreams.js';
import { findDashboard } from './pages/dashboard-files.js';
import { createPipeline } from './pipeline.js';
import { createPricing } from './pricing/pricing.js';
import { ExemplarStore } from './prometheus/exemplars/exemplar-store.js';
import type { ServerContext } from './server-context.js';

const MIB = 1024 * 1024;
/** Bodies that wait together: as much as four of the largest. */
const BODY_BUDGET_OF_LARGEST = 4;
const STORE_FILE = 'vedetta.duckdb';
const MAX_EXEMPLARS = 50_000;
/** Half of it holds them all where series have several each. */
const MAX_EXEMPLAR_BYTES = 48 * MIB;

/** Parts that a host program may put in. */
export interface ContextOptions {
  /** Where the log goes, JSON a line; standard output by default. */
  readonly logStream?: DestinationStream;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Folder of the built dashboard; found beside this package by default. */
  readonly dashboardDir?: string;
}

/** Opens the store and makes every part a server needs. The only place that names a concrete store. */
export async function createContext(config: ResolvedConfig, options: ContextOptions): Promise<ServerContext> {
  const now = options.now ?? Date.now;
  const log = pino({ level: config.log.level, base: { pid: process.pid } }, options.logStream ?? pino.destination(1));
  const store = await openDuckDbStore({
    path: path.join(config.dataDir, STORE_FILE),
    clock: now,
    sampleRetentionMs: config.metrics.retentionDays * DAY_MS,
    sampleLimits: config.metrics,
    sampleTiers: config.metrics.downsampling,
    onSampleLogDamage: ({ damaged, foreign }) => {
      if (damaged.length > 0) {
        log.error({ damaged }, 'a log of samples was changed after it was written; what could not be read is lost');
      }
      if (foreign.length > 0) log.error({ foreign }, 'a log of samples is not of this database and was put aside');
    },
    onUpgrade: (from, to) => log.info({ from, to }, 'the store is brought to a newer schema: with much data, minutes'),
  });
  const content = {
    mode: config.privacy.content,
    previewCodePoints: config.privacy.previewCharacters,
    identityKey: loadIdentityKey(config.dataDir),
  };
  const feed = new LiveFeed();
  const metrics = new MetricRegistry();
  const derive = deriveMetrics(metrics, now);
  const counters = createIngestCounters();
  const pricing = createPricing(config, now);
  const pipeline = createPipeline({
    store,
    counters,
    limits: DEFAULT_DECODE_LIMITS,
    content,
    estimate: pricing.estimate,
    price: pricing.pricer.priceSpans,
    log,
    announce: (commit) => {
      feed.apply(commit);
      derive(commit);
    },
    running: (span) => feed.running(span),
    now,
  });
  const modelWatch = watchModels({
    upstreams: watchedUpstreams(config.gateway.upstreams),
    intervalSeconds: config.models.checkIntervalSeconds,
    log,
    now,
  });
  const startedAtUnixMs = now();
  registerOwnMetrics(metrics, { counters, store, modelWatch, startedAtUnixMs });
  const exemplars = new ExemplarStore({ maxExemplars: MAX_EXEMPLARS, maxBytes: MAX_EXEMPLAR_BYTES, now });
  registerExemplarMetrics(metrics, exemplars);
  const scraping = new Scraping({
    registry: metrics,
    samples: store.samples,
    exemplars,
    sources: config.metrics,
    intervalSeconds: config.metrics.intervalSeconds,
    log,
    now,
  });
  const pushedMetadata = new PushedMetadataRegistry();
  return {
    config,
    store,
    pushedMetadata,
    metricIntake: new MetricIntake({
      samples: store.samples,
      registry: metrics,
      counters,
      metadata: pushedMetadata,
      exemplars,
      log,
      now,
    }),
    content,
    counters,
    feed,
    gateway: createServerGateway({ config, pipeline, feed, log }),
    pipeline,
    pricing,
    log,
    now,
    modelWatch,
    metrics,
    exemplars,
    scraping,
    systemMetrics: new SystemMetrics({
      registry: metrics,
      dataDir: config.dataDir,
      intervalSeconds: config.metrics.intervalSeconds,
      log,
      now,
      keep: (sample) => store.systemMetrics.write(sample),
    }),
    liveClients: new LiveClients(feed, now),
    bodyBudget: new BodyBudget(config.otlp.maxBodyMb * MIB * BODY_BUDGET_OF_LARGEST),
    failedAttempts: new FailedAttempts(now),
    startedAtUnixMs,
    dashboardDir: options.dashboardDir ?? findDashboard(),
    urls: { page: '', api: '', otlp: [] },
  };
}
