import { setTimeout as delay } from 'node:timers/promises';
import type { Monitor } from '@vedetta/sdk';
import { playRequest } from './play-request.js';
import { createRandom } from './random.js';
import { planRequest } from './request-plan.js';

/** Arrivals swell and fall with this period, so that the charts have a shape. */
const WAVE_MS = 180_000;
const WAVE_HEIGHT = 0.6;

/** Drives traffic with independent arrivals, `ratePerSecond` on average, until `stopping` fires; answers how many requests. */
export async function generateTraffic(
  monitor: Monitor,
  ratePerSecond: number,
  seed: number,
  stopping: AbortSignal,
): Promise<number> {
  const random = createRandom(seed);
  const running = new Set<Promise<void>>();
  let count = 0;
  while (!stopping.aborted) {
    const wave = 1 + WAVE_HEIGHT * Math.sin((2 * Math.PI * performance.now()) / WAVE_MS);
    const waitMs = random.exponential(1000 / (ratePerSecond * wave));
    await delay(waitMs, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) break;
    const played = playRequest(monitor, planRequest(random), stopping).finally(() => running.delete(played));
    running.add(played);
    count++;
  }
  await Promise.all(running);
  return count;
}
