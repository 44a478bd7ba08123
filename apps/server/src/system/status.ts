import { statfs } from 'node:fs/promises';
import type { Status } from '@vedetta/client';
import { DAY_MS } from '../http/time-query.js';
import { toIso } from '../json/stats-json.js';
import { servedModelNames } from '../models/describe-models.js';
import type { ServerContext } from '../server-context.js';
import { VERSION } from '../version.js';
import { reuse } from './reuse.js';

/** Pages ask every few seconds, each of them: nothing is older than this, and a large store is not asked more often. */
const REUSE_MS = 1000;
const MAX_ACTIVE = 1000;
const MAX_MODELS = 1000;
/** What went wrong longer ago is in the counters, not among the problems. */
const RECENT_MS = 10 * 60_000;
const MIN_FREE_DISK_SHARE = 0.05;

/** Creates the reader behind `GET /api/status`. */
export function createStatusReader(context: ServerContext): () => Promise<Status> {
  const { store, config, counters, feed, modelWatch, now } = context;
  const readFigures = reuse(() => readAllFigures(context), { maxAgeMs: REUSE_MS, version: () => feed.position, now });
  // Once there was data, there was data: no need to ask again.
  let hasData = false;

  return async () => {
    hasData ||= counters.storedSpans > 0 || (await store.requests.hasAny());
    const { info, stats, models, active } = await readFigures();
    const writer = store.writer.state();
    const problems = await findProblems(context);
    const time = now();
    return {
      status: problems.length === 0 ? 'ok' : 'degraded',
      problems: [...problems],
      version: VERSION,
      pid: process.pid,
      started_at: toIso(context.startedAtUnixMs),
      uptime_seconds: Math.max(0, (time - context.startedAtUnixMs) / 1000),
      now: toIso(time),
      has_data: hasData,
      active_requests: active,
      total_requests: info.requests,
      failed_requests: stats.failed + stats.timeout,
      success_rate: stats.successRate ?? null,
      average_response_ms: stats.duration.meanMs ?? null,
      available_models: [...new Set([...servedModelNames(modelWatch.upstreams()), ...models])].slice(0, MAX_MODELS),
      unreachable_upstreams: modelWatch
        .upstreams()
        .filter(({ state, isService }) => isService && state.kind === 'unreachable')
        .map(({ name }) => name),
      endpoints: { page: context.urls.page, api: context.urls.api, otlp: [...context.urls.otlp] },
      store: {
        engine: `${info.engine} ${info.engineVersion}`.trim(),
        path: info.path,
        size_bytes: info.sizeBytes,
        requests: info.requests,
        spans: info.spans,
        oldest_request: info.oldestRequestUnixMs === undefined ? null : toIso(info.oldestRequestUnixMs),
        retention_days: config.retention.days,
      },
      ingest: {
        received_spans_total: counters.receivedSpans,
        stored_spans_total: counters.storedSpans,
        duplicate_spans_total: counters.duplicateSpans,
        rejected_spans_total: counters.rejectedSpans,
        refused_busy_total: counters.refusedBusy,
        queued_spans: writer.queuedSpans,
        redactions_total: counters.redactions,
        last_commit_ms: writer.lastCommitMs ?? null,
      },
      samples: sampleStatus(context),
      prices: context.pricing.status(),
      gateway: gatewayStatus(context),
      privacy: { content: config.privacy.content, preview_characters: config.privacy.previewCharacters },
    };
  };
}

function sampleStatus({ store, config }: ServerContext): Status['samples'] {
  const state = store.samples.state();
  return {
    series: state.series,
    max_series: config.metrics.maxSeries,
    stored_total: state.samplesTotal,
    duplicate_total: state.duplicatesTotal,
    rejected_total: { ...state.rejectedTotal },
    log_bytes: state.logBytes,
    head_bytes: state.headBytes,
    retention_days: config.metrics.retentionDays,
  };
}

function gatewayStatus({ gateway: { gateway, queue }, urls }: ServerContext): Status['gateway'] {
  const { counters } = gateway;
  return {
    upstreams: [...gateway.upstreams],
    active_calls: gateway.activeCalls,
    calls_total: counters.calls,
    recorded_calls_total: counters.recordedCalls,
    unrecorded_calls_total: counters.unrecordedCalls,
    dropped_calls_total: counters.droppedCalls,
    dropped_spans_total: queue.droppedSpans,
    capture_errors_total: counters.captureErrors,
    usage_asked_total: counters.usageAsked,
    waiting_spans: queue.waitingSpans,
    ollama_url: urls.ollama ?? null,
  };
}

/** Counts of the whole store and figures of the last day, read together so that they agree with each other. */
async function readAllFigures({ store, now }: ServerContext) {
  const time = now();
  const scope = { range: { fromUnixMs: time - DAY_MS, toUnixMs: time + 1 }, filter: { kind: 'all' } } as const;
  const [info, stats, rows, active] = await Promise.all([
    store.maintenance.info(),
    store.requests.stats(scope),
    store.requests.values(scope, 'model', MAX_MODELS),
    store.requests.active(MAX_ACTIVE),
  ]);
  const models = rows.map((row) => row.value).filter((model) => model !== '');
  return { info, stats, models, active: active.length };
}

async function findProblems({ store, config, counters, pricing, now }: ServerContext): Promise<readonly string[]> {
  const problems: string[] = [];
  const fatalError = store.writer.state().fatalError ?? store.samples.state().fatalError;
  if (fatalError !== undefined) problems.push(`the store failed and the server must be started again: ${fatalError}`);
  const { problem } = store.samples.state();
  if (problem !== undefined) problems.push(problem);
  const isRecent = (unixMs: number): boolean => unixMs > 0 && now() - unixMs < RECENT_MS;
  if (isRecent(counters.lastFailedUnixMs)) {
    problems.push(`writes to the store failed in the last minutes (${counters.failedWrites} in all); the log says why`);
  }
  if (isRecent(counters.lastRefusedUnixMs)) {
    problems.push(
      `batches were refused in the last minutes because the store was busy (${counters.refusedBusy} in all)`,
    );
  }
  if (counters.archiveFailure !== '') {
    problems.push(
      `old requests are kept because the archive could not be written (${counters.archiveFailures} in all): ${counters.archiveFailure}`,
    );
  }
  problems.push(...pricing.problems());
  const disk = await statfs(config.dataDir);
  const freeShare = disk.blocks === 0 ? 1 : disk.bavail / disk.blocks;
  if (freeShare < MIN_FREE_DISK_SHARE) {
    problems.push(`the disk of ${config.dataDir} has ${(freeShare * 100).toFixed(1)} % left`);
  }
  return problems;
}
