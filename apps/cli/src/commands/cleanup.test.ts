import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@vedetta/client';
import type { RunningServer } from '@vedetta/server';
import { loadConfig, startServer } from '@vedetta/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommand } from '../main.js';
import { captureContext } from '../testing/captured-context.js';

const DAY_MS = 86_400_000;
let dir: string;
let server: RunningServer;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'vedetta-cleanup-'));
  const loaded = await loadConfig({
    cwd: dir,
    env: {},
    flags: { port: 0, otlpPort: 'off', dataDir: dir, logLevel: 'silent', 'metrics-interval-seconds': 3600 },
  });
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.errors));
  server = await startServer(loaded.config, { dashboardDir: join(dir, 'none') });
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

async function push(name: string, ageDays: number): Promise<void> {
  const timeUnixNano = `${Date.now() - ageDays * DAY_MS}000000`;
  const metrics = [{ name, gauge: { dataPoints: [{ timeUnixNano, asDouble: 1 }] } }];
  const answer = await fetch(`${server.urls.page}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }),
  });
  expect(await answer.json()).toEqual({});
}

async function cleanup(...args: readonly string[]): Promise<string> {
  const context = captureContext(dir, { VEDETTA_URL: server.urls.page });
  expect([await runCommand(['cleanup', ...args], context), context.stderr()]).toEqual([0, '']);
  return context.stdout();
}

it('says how many metric samples went, and of how many series nothing is left', async () => {
  await push('old', 5);
  await push('older', 10);
  await push('young', 2);
  const standard = await cleanup();
  const { retention_days: days } = (await createClient({ baseUrl: server.urls.page }).status()).samples;
  expect(standard).toMatch(
    /^Deleted 0 requests older than \d+ days \(0 spans, 0 phases, 0 events\); .* of disk freed\.$/m,
  );
  expect(standard).toContain(`Deleted 0 metric samples older than ${days} days (0 series ended).`);
  expect(await cleanup('--days', '7')).toContain('Deleted 1 metric samples older than 7 days (1 series ended).');
  expect(await cleanup('--days', '1')).toContain('Deleted 2 metric samples older than 1 day (2 series ended).');
});
