import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const COUNT = 350;

describeInBrowser('a long list', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(), launchBrowser()]);
    const startUnixMs = Date.now() - 600_000;
    const requests = Array.from({ length: COUNT }, (_, i) => ({
      name: `number ${i}`,
      startUnixMs: startUnixMs + i * 1000,
      durationMs: 100 + i,
    }));
    expect(await postOtlp(server.url, toOtlpJson(requests))).toBe(200);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('asks for further rows as its end comes near, and keeps few of them in the page', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    const pages: string[] = [];
    page.on('request', (request) => request.url().includes('/api/requests?') && pages.push(request.url()));
    await page.goto('/requests');
    const rows = page.locator('[data-request-row]');
    await rows.first().waitFor();
    expect(await rows.first().textContent()).toContain(`number ${COUNT - 1}`);
    await eventually(async () => {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      return rows.last().textContent();
    }).toContain('number 0');
    expect(await page.getByRole('table', { name: 'Requests' }).getAttribute('aria-rowcount')).toBe(String(COUNT));
    expect(await rows.count()).toBeLessThan(80);
    expect(pages.length).toBe(Math.ceil(COUNT / 100));
    expect(faults).toEqual([]);
  });

  test('fits a narrow screen', async () => {
    const { page } = await openPage(browser, { url: server.url, width: 390, height: 844 });
    for (const [path, ready] of [
      ['/', '[data-request-row]'],
      ['/requests', '[data-request-row]'],
      ['/errors', 'text=No errors'],
      ['/status', '[data-testid="snippet"]'],
    ] as const) {
      await page.goto(path);
      await page.locator(ready).first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(390);
    }
  });
});
