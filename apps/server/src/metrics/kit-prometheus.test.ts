import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { closeTestServers, send, startTestServer } from '../testing/test-server.js';
import { needPrometheus, PROMTOOL } from './testing/prometheus-process.js';

const KIT = path.resolve(import.meta.dirname, '../../../../kit/prometheus');
afterAll(closeTestServers);

/** Throws with what it said when it finds a fault. */
function promtool(parameters: readonly string[]): string {
  return execFileSync(PROMTOOL, parameters, { cwd: KIT, encoding: 'utf8' });
}

test('the configuration, the rules and their tests are right', (context) => {
  needPrometheus(context);
  expect(promtool(['check', 'config', 'prometheus.yml'])).toContain('SUCCESS');
  const rules = readdirSync(path.join(KIT, 'rules')).map((name) => `rules/${name}`);
  expect(promtool(['check', 'rules', ...rules])).toContain('SUCCESS');
  const tests = readdirSync(path.join(KIT, 'tests')).map((name) => `tests/${name}`);
  expect(promtool(['test', 'rules', ...tests])).toContain('SUCCESS');
});

test('what is at /metrics is right, in format and in names', async (context) => {
  needPrometheus(context);
  const server = await startTestServer();
  const page = await send(`${server.url}/metrics`);
  expect(page.status).toBe(200);
  const { stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: page.body, encoding: 'utf8' });
  // This name is given, by those who count their users under it already.
  expect(stderr.trim()).toBe('active_users_total non-counter metrics should not have "_total" suffix');
});

test('Vedetta takes the same file, and leaves itself out', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'vedetta-kit-'));
  try {
    const file = path.join(folder, 'prometheus.yml');
    writeFileSync(file, '');
    const server = await startTestServer({ 'metrics-scrape-config-file': file });
    const kit = readFileSync(path.join(KIT, 'prometheus.yml'), 'utf8');
    writeFileSync(file, kit.replaceAll('127.0.0.1:8080', new URL(server.url).host));
    expect((await send(`${server.url}/prometheus/-/reload`, { method: 'POST' })).status).toBe(200);
    const answer = await send(`${server.url}/prometheus/api/v1/targets`);
    expect(answer.json()).toMatchObject({
      data: {
        activeTargets: [{ scrapePool: 'vedetta' }, { scrapePool: 'prometheus' }],
        droppedTargets: [{ discoveredLabels: { job: 'vedetta' } }, { discoveredLabels: { job: 'vedetta-pushed' } }],
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
