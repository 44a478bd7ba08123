import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

describeInBrowser('live updates', () => {
  let server: ServerProcess;
  let browser: Browser;
  const send = async (...names: readonly string[]) => {
    const requests = names.map((name) => ({ name, startUnixMs: Date.now() - 1000, durationMs: 900 }));
    expect(await postOtlp(server.url, toOtlpJson(requests))).toBe(200);
  };
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(), launchBrowser()]);
    await send('first');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('add rows to the list, are counted while paused, and come with the resume', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    const rows = page.locator('[data-request-row]');
    await eventually(() => rows.count()).toBe(1);
    await page.getByRole('button', { name: /Live/, pressed: true }).waitFor();
    await send('second');
    await eventually(() => rows.count()).toBe(2);

    await page.getByRole('button', { name: /Live/ }).click();
    await send('third', 'fourth');
    await page.getByTestId('show-new').getByText('2 new').waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: /Paused/ }).click();
    await eventually(() => rows.count()).toBe(4);
    await page.getByTestId('show-new').waitFor({ state: 'detached' });
    expect(faults).toEqual([]);
  });

  test('do not disturb a zoom that is being dragged', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/');
    const total = page.locator('[data-tile="total"] dd >> nth=0');
    const before = Number(await total.textContent());
    const box = await page.getByTestId('timeline-chart').locator('.u-over').boundingBox();
    if (box === null) throw new Error('the chart has no size');
    await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.4, box.y + 20, { steps: 3 });
    await send('while dragging');
    await eventually(async () => Number(await total.textContent())).toBe(before + 1);
    await page.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 3 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+/);
    const params = new URL(page.url()).searchParams;
    const hours = (Number(params.get('to')) - Number(params.get('from'))) / 3_600_000;
    expect(hours).toBeCloseTo(24 * 0.4, 0);
  });

  test('keep what is known when the server goes away, and say so', async () => {
    const other = await startServerProcess();
    const { page } = await openPage(browser, { url: other.url });
    expect(await postOtlp(other.url, toOtlpJson([{ startUnixMs: Date.now() - 1000, durationMs: 900 }]))).toBe(200);
    await page.goto('/');
    await page.locator('[data-tile="total"]').getByText('1', { exact: true }).waitFor();
    await other.kill();
    await page.getByRole('button', { name: /Connecting/ }).waitFor();
    await page.getByText('The server does not answer.').waitFor();
    expect(await page.locator('[data-tile="total"]').isVisible()).toBe(true);
    await other.stop();
  });
});
