import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import type { Health } from '@vedetta/client';
import type { ServerContext } from '../server-context.js';

const CHECK_TIMEOUT_MS = 5000;
const MIN_FREE_DISK_PERCENT = 10;
const MAX_USED_MEMORY_PERCENT = 85;

type Check = Health['checks'][string];
/** What a check found; a throw is an `error`. */
interface Finding {
  readonly healthy: boolean;
  readonly message: string;
  readonly details: Record<string, unknown>;
}

/** Runs the checks together, each timed and with its own time-out; one that fails or hangs never stops the others. */
export async function checkHealth(context: ServerContext): Promise<Health> {
  const checks = Object.fromEntries(
    await Promise.all([
      run('store', () => checkStore(context)),
      run('disk', () => checkDisk(context)),
      run('memory', async () => checkMemory()),
    ]),
  );
  const results = Object.values(checks);
  const score = (results.filter((check) => check.status === 'healthy').length / results.length) * 100;
  return {
    status: score >= 90 ? 'healthy' : score >= 70 ? 'degraded' : 'unhealthy',
    timestamp: new Date(context.now()).toISOString(),
    checks,
    overall_score: Math.round(score * 10) / 10,
  };
}

async function run(name: string, check: () => Promise<Finding>): Promise<[string, Check]> {
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS).unref();
  });
  try {
    const { healthy, message, details } = await Promise.race([check(), timeout]);
    const status = healthy ? 'healthy' : 'unhealthy';
    return [name, { status, response_time: performance.now() - startMs, message, details }];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [name, { status: 'error', response_time: performance.now() - startMs, message, details: {} }];
  } finally {
    clearTimeout(timer);
  }
}

async function checkStore({ store }: ServerContext): Promise<Finding> {
  await store.maintenance.probe();
  const { queuedSpans, failedCommitsTotal } = store.writer.state();
  return {
    healthy: true,
    message: 'a write and a read succeeded',
    details: { queued_spans: queuedSpans, failed_commits: failedCommitsTotal },
  };
}

async function checkDisk({ config }: ServerContext): Promise<Finding> {
  const disk = await statfs(config.dataDir);
  const freePercent = disk.blocks === 0 ? 100 : (disk.bavail / disk.blocks) * 100;
  return {
    healthy: freePercent > MIN_FREE_DISK_PERCENT,
    message: `${freePercent.toFixed(1)} % of the disk is free`,
    details: { free_percent: freePercent, free_bytes: disk.bavail * disk.bsize },
  };
}

function checkMemory(): Finding {
  const usedPercent = (1 - freemem() / totalmem()) * 100;
  return {
    healthy: usedPercent < MAX_USED_MEMORY_PERCENT,
    message: `${usedPercent.toFixed(1)} % of the memory is used`,
    details: { used_percent: usedPercent, process_rss_bytes: process.memoryUsage.rss() },
  };
}
