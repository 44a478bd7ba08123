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
      // Scattered, all of them different.
      durationMs: 100 + ((i * 101) % COUNT),
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

  test('is sorted by the head of a column, in the address, from page to page of it', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    const asked: URL[] = [];
    page.on('request', (request) => request.url().includes('/api/requests?') && asked.push(new URL(request.url())));
    await page.goto('/requests');
    const rows = page.locator('[data-request-row]');
    const duration = page.getByRole('columnheader', { name: 'Duration' });
    await rows.first().waitFor();
    expect(await page.getByRole('columnheader', { name: 'Time' }).getAttribute('aria-sort')).toBe('descending');
    expect(await duration.getAttribute('aria-sort')).toBe('none');
    expect(await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort')).toBeNull();

    await duration.getByRole('button').click();
    await page.waitForURL(/sort=duration:desc/);
    await eventually(() => rows.first().textContent()).toMatch(/449.ms/);
    expect(await duration.getAttribute('aria-sort')).toBe('descending');
    expect(await page.getByRole('columnheader', { name: 'Time' }).getAttribute('aria-sort')).toBe('none');
    asked.length = 0;
    await eventually(async () => {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      return rows.last().textContent();
    }).toMatch(/100.ms/);
    expect(asked.map((url) => url.searchParams.get('sort'))).toEqual(Array(3).fill('duration:desc'));
    expect(asked.every((url) => url.searchParams.has('cursor'))).toBe(true);

    // By keys, the other way round, and at the top again.
    await duration.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=duration:asc/);
    await eventually(() => rows.first().textContent()).toMatch(/100.ms/);
    expect(await duration.getAttribute('aria-sort')).toBe('ascending');
    expect(await page.evaluate('scrollY')).toBe(0);

    await page.reload();
    await eventually(() => rows.first().textContent()).toMatch(/100.ms/);
    await page.getByRole('columnheader', { name: 'Time' }).getByRole('button').press(' ');
    await eventually(() => rows.first().textContent()).toContain(`number ${COUNT - 1}`);
    expect(page.url()).not.toContain('sort=');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('is sorted on a narrow screen too, and shows what it is sorted by', async () => {
    const { page } = await openPage(browser, { url: server.url, width: 390, height: 844 });
    await page.goto('/requests?sort=nonsense');
    const rows = page.locator('[data-request-row]');
    await eventually(() => rows.first().textContent()).toContain(`number ${COUNT - 1}`);
    await page.getByLabel('Order').selectOption({ label: 'shortest first' });
    await page.waitForURL(/sort=duration:asc/);
    await eventually(() => rows.first().textContent()).toMatch(/100.ms/);
    await page.getByLabel('Order').selectOption({ label: 'dearest first' });
    await page.getByRole('columnheader', { name: 'Cost' }).waitFor();
    await page.context().close();
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
