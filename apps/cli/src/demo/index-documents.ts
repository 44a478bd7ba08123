import { setTimeout as delay } from 'node:timers/promises';
import type { Monitor } from '@vedetta/sdk';
import { createRandom } from './random.js';

const FORMATS: ReadonlyArray<readonly [format: string, weight: number]> = [
  ['pdf', 5],
  ['md', 3],
  ['docx', 2],
  ['html', 1],
];
/** Time between two jobs, and of one file. */
const MEAN_PAUSE_MS = 6000;
const MEDIAN_FILE_MS = 180;
const MAX_FILES = 12;
const FAULT_SHARE = 0.08;

/** Keeps an index of documents up to date, as a job of the application does, until `stopping` fires. */
export async function indexDocuments(monitor: Monitor, seed: number, stopping: AbortSignal): Promise<void> {
  const random = createRandom(seed);
  const pause = (ms: number) => delay(ms, undefined, { signal: stopping }).catch(() => undefined);
  while (!stopping.aborted) {
    const job = monitor.metrics.startIndexingJob({ queued: true });
    await pause(random.exponential(MEAN_PAUSE_MS / 4));
    job.run();
    const files = 1 + Math.floor(random.next() * MAX_FILES);
    const fails = random.next() < FAULT_SHARE;
    for (let file = 1; file <= files && !stopping.aborted; file++) {
      await pause(random.logNormal(MEDIAN_FILE_MS, 0.6));
      job.file({ format: random.pick(FORMATS), success: !(fails && file === files) });
    }
    job.end(stopping.aborted ? { status: 'cancelled' } : { success: !fails });
    await pause(random.exponential(MEAN_PAUSE_MS));
  }
}
