import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AppTraffic, startAppTraffic } from '../support/app-traffic.js';
import { describeInBrowser, launchBrowser, openPage } from '../support/browser.js';
import { describeWithPrometheus, type RealPrometheus, startPrometheus } from '../support/real-prometheus.js';
import type { ServerProcess } from '../support/server-process.js';
import { freePort, startServerProcess } from '../support/server-process.js';

const DASHBOARDS = [
  ['vedetta-system-overview', 20],
  ['vedetta-ai-chat-analytics', 25],
] as const;
const PATIENCE = { timeout: 60_000, interval: 1000 };

/** As an Ollama that has a model: a service whose health is known. */
const ollama = createServer((request, response) => {
  request.resume();
  const models = request.url === '/api/tags' ? [{ model: 'llama3.2:3b', size: 2e9 }] : [];
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ models }));
});

let server: ServerProcess;
let app: AppTraffic;
let target: string;
let folder: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve));
  const metricsPort = await freePort();
  target = `127.0.0.1:${metricsPort}`;
  folder = await mkdtemp(join(tmpdir(), 'vedetta-kit-'));
  const scrapes = join(folder, 'prometheus.yml');
  const job = `{ job_name: app, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{ targets: ["${target}"] }] }`;
  await writeFile(scrapes, `scrape_configs: [${job}]\n`);
  server = await startServerProcess({
    env: {
      VEDETTA_METRICS_SCRAPE_CONFIG_FILE: scrapes,
      VEDETTA_METRICS_INTERVAL_SECONDS: '1',
      VEDETTA_GATEWAY_OLLAMA_URL: `http://127.0.0.1:${(ollama.address() as AddressInfo).port}`,
    },
  });
  app = await startAppTraffic(server.url, metricsPort);
});
afterAll(async () => {
  await app?.stop();
  await server?.stop();
  ollama.closeAllConnections();
  ollama.close();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** A question that a page asked: the path of the API and its form. */
interface Asked {
  readonly path: string;
  readonly form: string;
}

describeInBrowser('the dashboards of the kit', () => {
  let browser: Browser;
  const asked = new Map<string, Asked>();
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  describe('in Vedetta', () => {
    test.each(DASHBOARDS)('every panel of %s has data', async (uid, count) => {
      const { page, faults } = await openPage(browser, { url: server.url, height: 6000 });
      page.on('request', (request) => note(request, asked));
      await page.goto(`/dashboards/${uid}?range=5m&refresh=5s`);
      await page.getByTestId('dashboard').locator('[data-panel]').first().waitFor();
      for (const shut of await page.locator('main h2 button[aria-expanded="false"]').all()) await shut.click();
      const states = () =>
        page
          .locator('[data-panel]')
          .evaluateAll((panels) =>
            panels.map((panel) => [
              panel.querySelector('h3')?.textContent ?? '',
              panel.getAttribute('data-panel-state') ?? '',
              panel.querySelector('[data-panel-notes]')?.textContent ?? '',
            ]),
          );
      await expect
        .poll(async () => (await states()).filter(([, state, notes]) => state !== 'shown' || notes !== ''), PATIENCE)
        .toEqual([]);
      expect(await states()).toHaveLength(count);
      expect(faults).toEqual([]);
      await page.context().close();
    });
  });

  describeWithPrometheus('in a real Prometheus', () => {
    let prometheus: RealPrometheus;
    beforeAll(async () => {
      prometheus = await startPrometheus({ vedetta: new URL(server.url).host, app: target });
    });
    afterAll(() => prometheus?.stop());

    test('every question that the panels ask has an answer there too', async () => {
      expect(asked.size).toBeGreaterThan(50);
      await expect.poll(() => unanswered(prometheus.url, [...asked.values()]), PATIENCE).toEqual([]);
    });
  });
});

/** Keeps each question once, with the times that it was asked for last. */
function note(request: Request, asked: Map<string, Asked>): void {
  const path = /\/prometheus(\/api\/v1\/query(?:_range)?)$/.exec(new URL(request.url()).pathname)?.[1];
  const form = request.postData();
  if (path === undefined || form === null) return;
  asked.set(`${path} ${new URLSearchParams(form).get('query')}`, { path, form });
}

/** Questions to which the API has no answer now. */
async function unanswered(url: string, questions: readonly Asked[]): Promise<readonly string[]> {
  const open: string[] = [];
  const now = Date.now() / 1000;
  for (const { path, form } of questions) {
    const parameters = new URLSearchParams(form);
    // Prometheus began to look later than the page did.
    parameters.delete('limit');
    if (parameters.has('time')) parameters.set('time', String(now));
    if (parameters.has('end')) parameters.set('end', String(now));
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(url + path, { method: 'POST', headers, body: parameters.toString() });
    const body = (await response.json()) as { error?: string; data?: { result: readonly unknown[] } };
    if (body.error !== undefined || body.data?.result.length === 0) {
      open.push(`${parameters.get('query')} ${body.error ?? ''}`);
    }
  }
  return open;
}
