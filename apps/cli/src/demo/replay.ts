import { setTimeout as delay } from 'node:timers/promises';
import type { Monitor, Sink } from '@vedetta/sdk';
import { playRequest } from './play-request.js';
import { createRandom } from './random.js';
import { planDurationMs, planRequest } from './request-plan.js';
import { toSpanRecords } from './span-records.js';
import type { Workload } from './workload.js';

/** Requests that are handed to the SDK before it is waited for: its queue is bounded and drops what is too much. */
const CHUNK_REQUESTS = 500;
const FLUSH_LIMIT_MS = 60_000;
/** The last request of a past replay ends this long ago at least. */
const REPLAY_ENDS_BEFORE_MS = 1000;
const SEED = 20231116;

/**
 * Plays a recorded workload as it arrived, `speed` times faster. Requests themselves take the time that they would take.
 * Resolves when the last one has ended, or early when `stopping` fires; answers how many were started. Another `round` has
 * the same arrivals and tokens with other users, models and faults.
 */
export async function replayLive(
  monitor: Monitor,
  workload: Workload,
  speed: number,
  round: number,
  stopping: AbortSignal,
): Promise<number> {
  const random = createRandom(SEED + round - 1);
  const started = performance.now();
  const running = new Set<Promise<void>>();
  let count = 0;
  for (const row of workload.rows) {
    const waitMs = started + row.offsetMs / speed - performance.now();
    if (waitMs > 1) await delay(waitMs, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) break;
    const played = playRequest(monitor, planRequest(random, row), stopping).finally(() => running.delete(played));
    running.add(played);
    count++;
  }
  await Promise.all(running);
  return count;
}

/** What a replay into the past came to. */
export interface PastReplay {
  readonly requests: number;
  readonly spans: number;
  /** Spans that the server did not take; 0 unless something is wrong. */
  readonly lost: number;
  readonly elapsedMs: number;
}

/**
 * Sends a recorded workload as requests that are over: with the distances in time that the recording has, the last one
 * having just ended, as fast as the server takes them.
 */
export async function replayPast(
  sink: Sink,
  serviceName: string,
  workload: Workload,
  nowUnixMs: number,
  stopping: AbortSignal,
): Promise<PastReplay> {
  const random = createRandom(SEED);
  const started = performance.now();
  sink.open?.({ serviceName, notice: () => {} });
  const plans = workload.rows.map((row) => ({ row, plan: planRequest(random, row) }));
  const lastEndMs = plans.reduce((last, { row, plan }) => Math.max(last, row.offsetMs + planDurationMs(plan)), 0);
  const originUnixMs = nowUnixMs - REPLAY_ENDS_BEFORE_MS - lastEndMs;
  let requests = 0;
  let spans = 0;
  for (const [index, { row, plan }] of plans.entries()) {
    const records = toSpanRecords(plan, `replay/${serviceName}/${index}`, originUnixMs + row.offsetMs);
    requests += 1;
    spans += records.length;
    sink.write(records);
    if (requests % CHUNK_REQUESTS === 0) await sink.flush?.(FLUSH_LIMIT_MS);
    if (stopping.aborted) break;
  }
  await sink.flush?.(FLUSH_LIMIT_MS);
  const lost = spans - (sink.stats?.().delivered ?? spans);
  await sink.close?.();
  return { requests, spans, lost, elapsedMs: performance.now() - started };
}
