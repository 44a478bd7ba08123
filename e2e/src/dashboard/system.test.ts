import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const CHARTS = ['cpu', 'memory', 'disk', 'network', 'process-cpu', 'process-memory', 'event-loop', 'gc'];

const answered = (method: string, route: string, status: number, durationMs: number) => ({
  startUnixMs: Date.now() - 60_000,
  durationMs,
  name: `${method} ${route}`,
  attributes: {
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
    'http.response.body.size': 2048,
  },
});

describeInBrowser('the system page', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '1' } }),
      launchBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('says that no HTTP request was recorded, and shows machine and process without any request', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto('/system?range=5m');
    await page.getByText('No HTTP request was recorded').waitFor();
    for (const id of ['memory', 'disk', 'rss', 'heap']) {
      await eventually(() => page.locator(`[data-tile="${id}"]`).textContent()).toMatch(/\d/);
    }
    for (const id of CHARTS) await page.locator(`[data-chart="${id}"] canvas`).waitFor();
    expect(await page.title()).toBe('System · Vedetta');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('shows how endpoints answer, in the order that is chosen', async () => {
    const requests = [
      ...Array.from({ length: 3 }, () => answered('GET', '/slow', 200, 900)),
      ...Array.from({ length: 9 }, () => answered('POST', '/chat/{id}', 200, 100)),
      answered('POST', '/chat/{id}', 503, 100),
    ];
    expect(await postOtlp(server.url, toOtlpJson(requests))).toBe(200);
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/system?range=1h');
    const rows = page.getByTestId('endpoints').getByRole('row');
    await eventually(() => rows.count()).toBe(3);
    expect(await rows.nth(1).textContent()).toMatch(/POST\/chat\/\{id\}10.*10.%.*100.ms.*2.KiB.*200 9.*503 1/);
    await page.getByRole('button', { name: 'p95' }).click();
    await eventually(() => rows.nth(1).textContent()).toMatch(/GET\/slow3.*900.ms/);
    expect(new URL(page.url()).searchParams.get('sort')).toBe('p95');
    await page.context().close();
  });

  test('is found by the sidebar and the palette, and a zoom holds for all charts', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/?range=5m');
    // Keys are heard once the page is drawn.
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search and commands' }).fill('system');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'System', level: 1 }).waitFor();
    const plot = page.locator('[data-chart="memory"] .u-over');
    await plot.hover();
    const box = await plot.boundingBox();
    if (box === null) throw new Error('the chart has no place');
    await page.mouse.move(box.x + 20, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 20, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await eventually(() => new URL(page.url()).searchParams.get('from')).toMatch(/^\d+$/);
    await page.getByText('Last 5 minutes, not the chosen range').waitFor();
    await page.context().close();
  });

  test('says what failed, and shows it again when it works', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.route('**/api/metrics/system*', (route) => route.fulfill({ status: 400, json: { title: 'Broken' } }));
    await page.goto('/system?range=5m');
    await page.getByRole('alert').getByText('Broken').waitFor();
    await page.unroute('**/api/metrics/system*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('[data-tile="memory"]').waitFor();
    await page.context().close();
  });
});
