import type { Daily, Distribution, DurationStats as DurationStatsJson, Errors, Stats, Timeline } from '@vedetta/client';
import type { TimeRange } from '@vedetta/model';
import type {
  DailyStats,
  DistributionRow,
  DurationStats,
  ErrorGroup,
  PhaseStats,
  RequestStats,
  TimelineBucket,
} from '@vedetta/store';

/** Figures of a scope. */
export function toStatsJson(range: TimeRange, stats: RequestStats, phases: readonly PhaseStats[]): Stats {
  const phasesTotalMs = phases.reduce((sum, phase) => sum + phase.totalMs, 0);
  return {
    from: toIso(range.fromUnixMs),
    to: toIso(range.toUnixMs),
    total: stats.total,
    active: stats.running,
    completed: stats.completed,
    failed: stats.failed,
    timeout: stats.timeout,
    cancelled: stats.cancelled,
    success_rate: stats.successRate ?? null,
    duration: toDurationJson(stats.duration),
    time_to_first_token: toDurationJson(stats.timeToFirstToken),
    input_tokens: stats.inputTokens,
    output_tokens: stats.outputTokens,
    total_tokens: stats.inputTokens + stats.outputTokens,
    cache_read_tokens: stats.cacheReadTokens,
    reasoning_tokens: stats.reasoningTokens,
    cost_usd: stats.costUsd ?? null,
    unpriced_calls: stats.unpricedCalls,
    usage_estimated_requests: stats.usageEstimatedRequests,
    cost_estimated_requests: stats.costEstimatedRequests,
    llm_calls: stats.llmCalls,
    users: stats.users,
    sessions: stats.sessions,
    phases: phases.map((phase) => ({
      phase: phase.phase,
      count: phase.count,
      failed: phase.failed,
      total_ms: phase.totalMs,
      share: phasesTotalMs === 0 ? 0 : phase.totalMs / phasesTotalMs,
      duration: toDurationJson(phase.duration),
    })),
  };
}

export function toTimelineJson(range: TimeRange, stepMs: number, buckets: readonly TimelineBucket[]): Timeline {
  return {
    from: toIso(range.fromUnixMs),
    to: toIso(range.toUnixMs),
    step_ms: stepMs,
    buckets: buckets.map((bucket) => ({
      start: toIso(bucket.startUnixMs),
      total: bucket.total,
      completed: bucket.completed,
      failed: bucket.failed,
      mean_ms: bucket.meanMs ?? null,
      p50_ms: bucket.p50Ms ?? null,
      p95_ms: bucket.p95Ms ?? null,
      input_tokens: bucket.inputTokens,
      output_tokens: bucket.outputTokens,
    })),
  };
}

export function toDailyJson(days: readonly DailyStats[]): Daily {
  return {
    days: days.map((day) => ({
      day: day.day,
      total: day.total,
      failed: day.failed,
      success_rate: day.successRate ?? null,
      duration: toDurationJson(day.duration),
      input_tokens: day.inputTokens,
      output_tokens: day.outputTokens,
      cost_usd: day.costUsd ?? null,
      users: day.users,
    })),
  };
}

export function toDistributionJson(by: Distribution['by'], rows: readonly DistributionRow[]): Distribution {
  return {
    by,
    rows: rows.map((row) => ({
      value: row.value,
      count: row.count,
      share: row.share,
      failed: row.failed,
      success_rate: row.successRate ?? null,
      duration: toDurationJson(row.duration),
      input_tokens: row.inputTokens,
      output_tokens: row.outputTokens,
      cost_usd: row.costUsd ?? null,
    })),
  };
}

export function toErrorGroupJson(group: ErrorGroup): Errors['groups'][number] {
  return {
    fingerprint: group.fingerprint,
    error_type: group.errorType,
    error_message: group.errorMessage,
    count: group.count,
    first_seen: toIso(group.firstSeenUnixMs),
    last_seen: toIso(group.lastSeenUnixMs),
    last_request_id: group.lastRequestId,
    models: [...group.models],
  };
}

export function toDurationJson(stats: DurationStats): DurationStatsJson {
  return {
    mean_ms: stats.meanMs ?? null,
    p50_ms: stats.p50Ms ?? null,
    p95_ms: stats.p95Ms ?? null,
    p99_ms: stats.p99Ms ?? null,
    max_ms: stats.maxMs ?? null,
  };
}

export function toIso(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
