import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

describeInBrowser('the keyboard', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(), launchBrowser()]);
    const requests = Array.from({ length: 5 }, (_, i) => ({
      name: `number ${i}`,
      startUnixMs: Date.now() - i * 1000 - 10_000,
      durationMs: 500,
    }));
    expect(await postOtlp(server.url, toOtlpJson(requests))).toBe(200);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('goes through the list, opens, steps, closes, and stays where it was', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    await eventually(() => page.locator('[data-request-row]').count()).toBe(5);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const panel = page.getByTestId('request-panel');
    await panel.getByRole('heading', { name: 'number 1' }).waitFor();
    expect(
      await page.evaluate(`document.querySelector('[data-testid="request-panel"]').contains(document.activeElement)`),
    ).toBe(true);
    await page.keyboard.press('j');
    await panel.getByRole('heading', { name: 'number 2' }).waitFor();
    await page.keyboard.press('k');
    await panel.getByRole('heading', { name: 'number 1' }).waitFor();
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    await eventually(() => page.evaluate('document.activeElement.textContent')).toContain('number 1');
    expect(page.url()).not.toContain('open=');
  });

  test('reaches the filter, the help and the palette', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    await eventually(() => page.locator('[data-request-row]').count()).toBe(5);
    await page.keyboard.press('/');
    await page.keyboard.type('"number 3"');
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('[data-request-row]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys and filters' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('7 days');
    await page.keyboard.press('Enter');
    await page.waitForURL(/range=7d/);
  });
});
