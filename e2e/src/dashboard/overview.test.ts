import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import type { OtlpRequest } from '../support/otlp-request.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const MINUTE = 60_000;

/** 40 requests over the last 20 hours: every fourth of model-b, every tenth failed, durations 100 to 4000 ms. */
const REQUESTS: readonly OtlpRequest[] = Array.from({ length: 40 }, (_, i) => ({
  name: `request ${i}`,
  startUnixMs: Date.now() - (i * 30 + 5) * MINUTE,
  durationMs: (i + 1) * 100,
  phases: [
    { name: 'retrieval', durationMs: (i + 1) * 20 },
    { name: 'generation', durationMs: (i + 1) * 70 },
  ],
  attributes: { 'vedetta.modality': i % 2 === 0 ? 'text' : 'audio', 'user.id': `user-${i % 3}` },
  call: {
    'gen_ai.operation.name': 'chat',
    'gen_ai.request.model': i % 4 === 0 ? 'model-b' : 'model-a',
    'gen_ai.usage.input_tokens': 100,
    'gen_ai.usage.output_tokens': 10,
  },
  ...(i % 10 === 9 && { error: { type: 'RateLimitError', message: `try again in ${i} s` } }),
}));

describeInBrowser('the overview', () => {
  let server: ServerProcess;
  let own: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, own, browser] = await Promise.all([startServerProcess(), startServerProcess(), launchBrowser()]);
    expect(await postOtlp(server.url, toOtlpJson(REQUESTS))).toBe(200);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.stop(), own?.stop()]);
  });

  test('shows the totals of what was sent', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto('/');
    const tile = (id: string) => page.locator(`[data-tile="${id}"]`);
    await tile('total').getByText('40', { exact: true }).waitFor();
    await tile('success')
      .getByText(/^90\s%$/)
      .waitFor();
    await tile('mean')
      .getByText(/^2\.05\ss$/)
      .waitFor();
    await tile('tokens').getByText('4.4k', { exact: true }).waitFor();
    await page.getByTestId('distribution-model').getByText('10', { exact: true }).waitFor();
    await page.getByTestId('distribution-modality').getByText('audio').waitFor();
    await page
      .getByTestId('phases')
      .getByText(/^1\.43\ss|1\.44\ss$/)
      .waitFor();
    await page.getByTestId('error-groups').getByText('RateLimitError').waitFor();
    expect(await page.getByTestId('error-groups').getByRole('listitem').count()).toBe(1);
    expect(faults).toEqual([]);
  });

  test('says which part of the cost is not known, and leads to it', async () => {
    const call = (model: string, more = {}) => ({
      startUnixMs: Date.now() - MINUTE,
      durationMs: 100,
      call: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': model,
        'gen_ai.usage.input_tokens': 1_000_000,
        ...more,
      },
    });
    const { page } = await openPage(browser, { url: own.url });
    const cost = page.locator('[data-tile="cost"]');
    expect(await postOtlp(own.url, toOtlpJson([call('nobody-prices-this')]))).toBe(200);
    await page.goto('/');
    await cost.getByText('–', { exact: true }).waitFor();
    await cost.getByText('1 call without a price').waitFor();

    const guessed = call('gpt-4o-mini', { 'vedetta.usage.source': 'estimated' });
    const priced = [call('gpt-4o-mini'), call('gpt-4o-mini'), guessed, call('nobody-prices-this')];
    expect(await postOtlp(own.url, toOtlpJson(priced))).toBe(200);
    await cost.getByText('~$0.45', { exact: true }).waitFor();
    await cost.getByText('1 estimated').waitFor();
    expect(await page.locator('[data-tile="tokens"]').textContent()).toContain('~5M');
    await cost.getByText('2 calls without a price').click();
    await page.waitForURL((url) => url.pathname === '/requests' && url.searchParams.get('q') === 'unpriced:>0');
    await eventually(() => page.locator('[data-request-row]').count()).toBe(2);
    await page.goto('/?q=model:gpt-4o-mini');
    await cost.getByText('1 estimated').click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'model:gpt-4o-mini estimated:true');
    await eventually(() => page.locator('[data-request-row]').count()).toBe(1);
    await page.context().close();
  });

  test('keeps the filter in the URL, over a reload and from page to page', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/');
    await page
      .getByTestId('distribution-model')
      .getByRole('button', { name: /model-b/ })
      .click();
    await page.waitForURL(/q=model:model-b/);
    await page.locator('[data-tile="total"]').getByText('10', { exact: true }).waitFor();
    await page.reload();
    await page.locator('[data-tile="total"]').getByText('10', { exact: true }).waitFor();
    expect(await page.getByLabel('Filter requests').inputValue()).toBe('model:model-b');

    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Requests' }).click();
    await page.waitForURL(/\/requests\?q=model:model-b/);
    await eventually(() => page.locator('[data-request-row]').count()).toBe(10);
    await page.getByRole('button', { name: 'Remove the condition model:model-b' }).click();
    await eventually(() => page.locator('[data-request-row]').count()).toBeGreaterThan(10);
    expect(page.url()).not.toContain('q=');
  });

  test('names the fault of a filter and the field it should be', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    await page.getByLabel('Filter requests').fill('latency:>fast');
    await page.getByText(/latency is a duration with its unit/).waitFor();
    await page.getByLabel('Filter requests').fill('latency:>3.95s');
    await eventually(() => page.locator('[data-request-row]').count()).toBe(1);
  });

  test('zooms by dragging over the chart, and back by a double click', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/');
    await page.locator('[data-tile="total"]').getByText('40', { exact: true }).waitFor();
    const chart = page.getByTestId('timeline-chart').locator('.u-over');
    const box = await chart.boundingBox();
    if (box === null) throw new Error('the chart has no size');
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width * 0.5, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, y, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/from=\d+&to=\d+/);
    const params = new URL(page.url()).searchParams;
    const hours = (Number(params.get('to')) - Number(params.get('from'))) / 3_600_000;
    expect(hours).toBeGreaterThan(5.5);
    expect(hours).toBeLessThan(6.5);
    // Two requests an hour.
    await eventually(async () => Number(await totalOf(page))).toBeLessThanOrEqual(13);
    expect(Number(await totalOf(page))).toBeGreaterThanOrEqual(11);

    await page.getByTestId('timeline-chart').locator('.u-over').dblclick();
    await eventually(() => page.url()).not.toContain('from=');
    await page.locator('[data-tile="total"]').getByText('40', { exact: true }).waitFor();
  });

  test('narrows down with facets that add up', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    const facets = page.getByTestId('facets');
    await facets.getByRole('button', { name: 'All but model-b' }).click();
    await page.waitForURL(/q=-model:model-b/);
    await eventually(() => facets.getByRole('button', { name: /^completed/ }).textContent()).toContain('26');
    await facets.getByRole('button', { name: /^failed/ }).click();
    await eventually(() => page.locator('[data-request-row]').count()).toBe(4);
    await facets.getByRole('button', { name: /^completed/ }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === '-model:model-b status:failed,completed');
    await facets.getByRole('button', { name: /^failed/ }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === '-model:model-b status:completed');
  });

  test.each([
    ['light', 'rgb(245, 246, 248)'],
    ['dark', 'rgb(15, 18, 22)'],
  ] as const)('follows a system that is %s, and keeps the choice of the other', async (theme, ground) => {
    const { page } = await openPage(browser, { url: server.url, theme });
    await page.goto('/status');
    const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await background()).toBe(ground);
    const other = theme === 'light' ? 'dark' : 'light';
    const toggle = page.getByRole('button', { name: /^Theme:/ });
    for (let clicks = 0; clicks < (other === 'light' ? 1 : 2); clicks++) await toggle.click();
    expect(await background()).not.toBe(ground);
    await page.reload();
    expect(await background()).not.toBe(ground);
  });
});

function totalOf(page: {
  locator(selector: string): { textContent(): Promise<string | null> };
}): Promise<string | null> {
  return page.locator('[data-tile="total"] dd >> nth=0').textContent();
}
