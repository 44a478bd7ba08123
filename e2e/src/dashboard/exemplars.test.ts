import { createClient } from '@vedetta/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';
import { toMetricsJson } from './took-metrics.js';

const HOSTILE = '<img src=x onerror="window.__ran=1">';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const QUANTILE = 'histogram_quantile(0.9, sum by (le) (rate(took_seconds_bucket[2m])))';

const editor = (page: Page) => page.getByRole('textbox', { name: 'PromQL query A' });
const stats = (page: Page) => page.getByTestId('query-stats').textContent();
const parameters = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const linkTo = (query: Record<string, string>) => `/metrics-explorer?${new URLSearchParams({ range: '5m', ...query })}`;

describeInBrowser('exemplars, and queries that are cancelled', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(), launchBrowser()]);
    const post = async (path: string, body: string) => {
      const headers = { 'content-type': 'application/json' };
      expect((await fetch(`${server.url}${path}`, { method: 'POST', headers, body })).status).toBe(200);
    };
    const now = Date.now();
    await post(
      '/v1/traces',
      toOtlpJson([{ startUnixMs: now - 120_000, durationMs: 700, traceId: TRACE, name: 'POST /slow' }]),
    );
    await post(
      '/v1/metrics',
      toMetricsJson(now, [
        { agoMs: 120_000, seconds: 0.7, traceId: TRACE },
        { agoMs: 90_000, seconds: 0.2, attributes: { note: HOSTILE } },
        { agoMs: 60_000, seconds: 30, traceId: 'a'.repeat(32) },
      ]),
    );
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('are points of the graph and a list, and each leads to its request', async () => {
    const { page, faults } = await openPage(browser, { url: server.url, init: 'window.__ran = 0;' });
    await page.goto(linkTo({ expr0: QUANTILE }));
    await eventually(() => stats(page)).toMatch(/^1 series/);
    expect(await page.getByTestId('exemplars').count()).toBe(0);
    await page.getByRole('checkbox', { name: 'Exemplars' }).check();
    await eventually(() => stats(page)).toMatch(/, 3 exemplars, /);
    expect(parameters(page)).toEqual({ range: '5m', expr0: QUANTILE, panel0: 'exemplars' });
    const points = page.getByTestId('exemplars').locator('> div');
    await eventually(() => points.count()).toBe(3);
    // By time, from left to right; what is far above the axis is at its upper end, and the axis stays as it is.
    const places = await points.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
    expect(places.map(({ x }) => x)).toEqual(places.map(({ x }) => x).sort((a, b) => a - b));
    const plot = await page.locator('[data-testid="time-series"] .u-over').boundingBox();
    expect(Math.abs(places[2].y + places[2].height / 2 - (plot?.y ?? 0))).toBeLessThan(2);

    await points.nth(1).hover();
    const popup = page.getByTestId('exemplar-popup');
    await eventually(() => popup.textContent()).toContain(`note${HOSTILE}`);
    expect(await popup.getByText('Open the request').count()).toBe(0);
    await page.keyboard.press('Escape');
    await eventually(() => popup.count()).toBe(0);
    await points.nth(0).hover();
    await eventually(() => popup.textContent()).toMatch(/700\sms.*took_seconds_bucket\{.*le="1".*trace_id/s);
    // The pointer gets from the point to the link beside it.
    await popup.getByText('Open the request').click();
    await page.waitForURL(`**/requests/${TRACE}?range=5m`);
    await page.getByRole('heading', { name: 'POST /slow' }).waitFor();
    expect(await page.evaluate('window.__ran')).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('are there for keys: the focus on a row shows its point', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto(linkTo({ expr0: QUANTILE, panel0: 'exemplars' }));
    const summary = page.getByText('Exemplars (3)');
    await summary.focus();
    await page.keyboard.press('Enter');
    const rows = page.getByRole('region', { name: 'Graph of query A: exemplars' }).getByRole('row');
    await eventually(() => rows.count()).toBe(4);
    expect(await rows.nth(2).textContent()).toContain('no trace');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await eventually(() => page.getByTestId('exemplar-popup').textContent()).toMatch(/30\ss/);
    await page.keyboard.press('Tab');
    await eventually(() => page.getByTestId('exemplar-popup').textContent()).toMatch(/700\sms/);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/requests/${TRACE}?range=5m`);
    await page.context().close();
  });

  test('that are none are said to be none', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto(linkTo({ expr0: 'vector(1)', panel0: 'exemplars' }));
    await eventually(() => stats(page)).toMatch(/, no exemplars, /);
    await page.context().close();
  });

  test('are in panels of dashboards that ask for them as Grafana does', async () => {
    const target = { refId: 'A', expr: QUANTILE, exemplar: true };
    const dashboard = {
      title: 'Slow',
      time: { from: 'now-5m', to: 'now' },
      panels: [
        {
          id: 1,
          type: 'timeseries',
          title: 'p90',
          gridPos: { x: 0, y: 0, w: 12, h: 9 },
          targets: [target],
          fieldConfig: { defaults: { unit: 's' } },
        },
        { id: 2, type: 'stat', title: 'Now', gridPos: { x: 12, y: 0, w: 12, h: 9 }, targets: [target] },
      ],
    };
    await createClient({ baseUrl: server.url }).putDashboard('slow', { dashboard });
    const { page, faults } = await openPage(browser, { url: server.url });
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/query_exemplars')) asked += 1;
    });
    await page.goto('/dashboards/slow');
    await eventually(() => page.getByTestId('exemplars').locator('> div').count()).toBe(3);
    await page.getByTestId('exemplars').locator('> div').first().hover();
    await eventually(() => page.getByTestId('exemplar-popup').textContent()).toMatch(/700\sms/);
    expect(await page.locator('[data-panel="2"]').getAttribute('data-panel-state')).toBe('shown');
    expect([asked, faults]).toEqual([1, []]);
    await page.context().close();
  });

  test('a query is cancelled by a button and by Escape, and stays so until it is run again', async () => {
    const { page } = await openPage(browser, { url: server.url });
    let asked = 0;
    const failed: string[] = [];
    page.on('requestfailed', (request) => failed.push(request.failure()?.errorText ?? ''));
    // Nothing is answered as long as the query is held.
    let held = true;
    await page.route('**/api/v1/query_range', async (route) => {
      asked += 1;
      if (!held) await route.continue();
    });
    await page.goto(linkTo({ expr0: 'vector(1)' }));
    await page.getByRole('button', { name: 'Cancel query A' }).click();
    await page.getByText('Run asks the query again.').waitFor();
    expect(failed).toEqual(['net::ERR_ABORTED']);
    await eventually(() => stats(page)).toBe('Cancelled');

    await page.getByRole('button', { name: 'Run' }).click();
    await eventually(() => asked).toBe(2);
    await page.keyboard.press('Escape');
    await eventually(() => failed.length).toBe(2);
    await eventually(() => stats(page)).toBe('Cancelled');

    await editor(page).click();
    await page.keyboard.press('Control+Enter');
    await eventually(() => asked).toBe(3);
    await page.keyboard.press('Escape');
    await eventually(() => failed.length).toBe(3);
    held = false;
    await page.keyboard.press('Control+Enter');
    await eventually(() => stats(page)).toMatch(/^1 series/);
    expect(asked).toBe(4);
    await page.context().close();
  });

  test('a newer query calls the older one off', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const failed: string[] = [];
    page.on('requestfailed', (request) => failed.push(request.postData() ?? ''));
    await page.route('**/api/v1/query_range', async (route) => {
      if (!route.request().postData()?.includes('older')) await route.continue();
    });
    await page.goto(linkTo({ expr0: 'vector(1) # older' }));
    await page.getByRole('button', { name: 'Cancel query A' }).waitFor();
    await editor(page).fill('vector(2)');
    await page.keyboard.press('Control+Enter');
    await eventually(() => stats(page)).toMatch(/^1 series/);
    expect(failed.length).toBe(1);
    expect(failed[0]).toContain('older');
    await page.context().close();
  });
});
