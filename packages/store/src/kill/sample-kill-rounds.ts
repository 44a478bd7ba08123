import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openDuckDbStore } from '../duckdb/open-store.js';
import type { KillSeries } from './sample-series.js';
import { killSeries, readSeries, TIERS, WINDOW_MS } from './sample-series.js';

/** How {@link runSampleKillRounds} goes about it. */
export interface SampleKillOptions {
  /** File of the store; new. */
  readonly path: string;
  /** The built `sample-program.js`. */
  readonly program: string;
  readonly kills: number;
  readonly maxLifeMs?: number;
}

/** What was found; any loss or doubling is in `faults`, one sentence each. */
export interface SampleKillReport {
  readonly acknowledged: number;
  readonly thinnedOut: boolean;
  readonly slowestOpenMs: number;
  readonly faults: readonly string[];
}

/**
 * Proves that no acknowledged sample is lost and none is there twice: a process writes while its log is begun anew and old
 * samples are thinned out, is killed at a random moment, and what is there is compared with what was acknowledged.
 */
export async function runSampleKillRounds(options: SampleKillOptions): Promise<SampleKillReport> {
  const { path, program, kills, maxLifeMs = 1000 } = options;
  const nowMs = Date.now();
  const all = killSeries(nowMs);
  const acknowledged = all.map(() => -1);
  const faults: string[] = [];
  let slowestOpenMs = 0;
  let thinnedOut = false;
  for (let round = 1; round <= kills; round += 1) {
    await runUntilKilled([program, path, String(nowMs)], 20 + Math.random() * maxLifeMs, (index, n) => {
      acknowledged[index] = Math.max(acknowledged[index] ?? -1, n);
    });
    const startMs = performance.now();
    const store = await openDuckDbStore({
      path,
      sampleTiers: TIERS,
      sampleRetentionMs: 1000 * 3_600_000,
      clock: () => nowMs,
    });
    slowestOpenMs = Math.max(slowestOpenMs, performance.now() - startMs);
    try {
      for (const [i, series] of all.entries()) {
        const samples = await readSeries(store.samples, series);
        const fault = findFault(series, samples, acknowledged[i] ?? -1);
        if (fault !== undefined) faults.push(`Round ${round}, series ${i}: ${fault}`);
        thinnedOut ||= series.isOld && samples.length > 0 && samples.length <= (samples.at(-1)?.[1] ?? 0);
      }
    } finally {
      await store.close();
    }
  }
  return { acknowledged: acknowledged.reduce((sum, n) => sum + n + 1, 0), thinnedOut, slowestOpenMs, faults };
}

function findFault(
  { firstMs, stepMs, isOld }: KillSeries,
  samples: readonly (readonly [timestampMs: number, value: number])[],
  acknowledged: number,
): string | undefined {
  const last = samples.at(-1)?.[1] ?? -1;
  if (last < acknowledged) return `${acknowledged} was acknowledged, ${last} is the last that is there`;
  if (samples.length > 0 && samples[0]?.[1] !== 0) return `it begins with ${samples[0]?.[1]}`;
  for (const [i, [timestampMs, value]] of samples.entries()) {
    if (timestampMs !== firstMs + value * stepMs) return `the sample ${value} has the time ${timestampMs}`;
    const before = samples[i - 1]?.[1];
    if (before === undefined) continue;
    // Windows of the widest tier are three times as wide; two neighbours lie in two of them at most.
    const farthest = isOld ? (2 * 3 * WINDOW_MS) / stepMs : 1;
    if (value <= before || value - before > farthest) return `${value} follows ${before}`;
  }
  return undefined;
}

async function runUntilKilled(
  command: readonly string[],
  lifeMs: number,
  onAck: (index: number, n: number) => void,
): Promise<void> {
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  let killed = false;
  child.stderr.on('data', (text: Buffer) => {
    errors = (errors + text.toString()).slice(-2000);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word, index, n] = line.split(' ');
    if (word === 'ack') onAck(Number(index), Number(n));
    if (word === 'ready') {
      setTimeout(() => {
        killed = true;
        child.kill('SIGKILL');
      }, lifeMs);
    }
  });
  await new Promise((resolve) => child.once('close', resolve));
  if (!killed) throw new Error(`The writing process ended by itself: ${errors}`);
}
