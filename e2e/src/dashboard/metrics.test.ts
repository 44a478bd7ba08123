import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const HOSTILE = '<img src=x onerror="window.__ran=1">';
const HEAP = '{job="vedetta", __name__=~"nodejs_heap_size_.+"}';

const editor = (page: Page, letter = 'A') => page.getByRole('textbox', { name: `PromQL query ${letter}` });
const panel = (page: Page, letter = 'A') => page.getByRole('region', { name: `Query ${letter}` });
const parameters = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
/** The address of queries, by what the page calls them. */
const linkTo = (query: Record<string, string>) => `/metrics-explorer?${new URLSearchParams({ range: '5m', ...query })}`;

describeInBrowser('the metrics explorer', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '1' } }),
      launchBrowser(),
    ]);
    const call = { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': HOSTILE };
    expect(await postOtlp(server.url, toOtlpJson([{ startUnixMs: Date.now() - 5000, durationMs: 900, call }]))).toBe(
      200,
    );
    const hasSamples = async () => {
      const answer = await fetch(`${server.url}/prometheus/api/v1/label/__name__/values`);
      const { data } = (await answer.json()) as { data: string[] };
      return data.includes('cpu_usage_percent') && data.includes('ai_requests_total');
    };
    await vi.waitUntil(hasSamples, { timeout: 30_000, interval: 250 });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('completes names, runs with a key, and draws', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto('/metrics-explorer?range=5m');
    await editor(page).click();
    await page.keyboard.type('process_resid');
    const option = page.getByRole('option', { name: /process_resident_memory_bytes/ });
    await option.waitFor();
    await eventually(() => option.getAttribute('aria-selected')).toBe('true');
    // For a moment after it opens the list takes no Enter, so that nobody accepts what they have not seen. The half name is not run.
    await eventually(async () => {
      if (await option.isVisible()) await page.keyboard.press('Enter');
      return editor(page).textContent();
    }).toBe('process_resident_memory_bytes');
    expect(parameters(page)).toEqual({ range: '5m' });
    // A server that has just started may have no sample yet at the steps that are asked. Asked again, but not so soon that one
    // question breaks off the other.
    const run = async () => {
      await page.keyboard.press('Control+Enter');
      return page.getByTestId('query-stats').textContent();
    };
    await expect.poll(run, { timeout: 20_000, interval: 1000 }).toMatch(/^1 series, \d+ points?, /);
    expect(parameters(page)).toEqual({ range: '5m', expr0: 'process_resident_memory_bytes' });
    await page.getByTestId('time-series').locator('canvas').waitFor();
    // The unit comes from the name.
    expect(await page.getByRole('combobox', { name: 'Unit' }).textContent()).toContain('auto (bytes)');
    // Styles of the editor that the policy refuses would be faults.
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('what is typed while a query goes into the address stays', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/metrics-explorer?range=5m');
    await editor(page).click();
    await page.keyboard.type('12');
    // Both in one task, so that the address is sure to follow after the letter.
    await page.evaluate(`{
      const { activeElement } = document.querySelector('[data-testid="promql-editor"]').shadowRoot;
      const key = { key: 'Enter', ctrlKey: true, bubbles: true, composed: true };
      activeElement.dispatchEvent(new KeyboardEvent('keydown', key));
      document.execCommand('insertText', false, '3');
    }`);
    await eventually(() => parameters(page).expr0).toBe('12');
    await panel(page).getByTestId('time-series').waitFor();
    expect(await editor(page).textContent()).toBe('123');
    await page.keyboard.press('Control+Enter');
    await eventually(() => parameters(page).expr0).toBe('123');
    // The back button still brings back what was run before.
    await page.goBack();
    await eventually(() => editor(page).textContent()).toBe('12');
    await page.context().close();
  });

  test('a link brings all of it back', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const link = {
      expr0: HEAP,
      panel0: 'stack,unit:bytes',
      expr1: 'up',
      panel1: 'off',
      expr2: 'cpu_usage_percent',
      panel2: 'table',
      step: '30s',
    };
    await page.goto(linkTo(link));
    await eventually(() => editor(page).textContent()).toBe(HEAP);
    expect(await panel(page).getByRole('checkbox', { name: 'Stacked' }).isChecked()).toBe(true);
    expect(await panel(page, 'B').getByRole('button', { name: 'B', exact: true }).getAttribute('aria-pressed')).toBe(
      'false',
    );
    expect(await panel(page, 'B').getByRole('tab').count()).toBe(0);
    await panel(page, 'C').getByTestId('series-table').waitFor();
    expect(await page.getByTestId('resolution').inputValue()).toBe('30s');
    expect(parameters(page)).toEqual({ range: '5m', ...link });
    await page.context().close();
  });

  test('queries are added, duplicated, switched off and removed, each with what was typed into it', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto(linkTo({ expr0: 'up', panel0: 'table' }));
    await page.getByRole('button', { name: 'Add a query' }).click();
    await editor(page, 'B').waitFor();
    // It has the focus already.
    await page.keyboard.type('vector(1)');
    await page.getByRole('button', { name: 'Duplicate query A' }).click();
    await eventually(() => editor(page, 'C').textContent()).toBe('vector(1)');
    expect(await editor(page, 'B').textContent()).toBe('up');
    await page.getByRole('button', { name: 'A', exact: true }).click();
    await eventually(() => parameters(page).panel0).toBe('table,off');
    await page.getByRole('button', { name: 'Remove query A' }).click();
    await eventually(() => editor(page, 'B').textContent()).toBe('vector(1)');
    expect(await editor(page, 'A').textContent()).toBe('up');
    await page.getByRole('button', { name: 'Remove query A' }).click();
    await eventually(() => editor(page, 'A').textContent()).toBe('vector(1)');
    await page.getByRole('button', { name: 'Remove query A' }).click();
    await eventually(() => editor(page, 'A').textContent()).toMatch(/^PromQL, such as/);
    expect(parameters(page)).toEqual({ range: '5m' });
    await page.context().close();
  });

  test('a fault is marked where it is and never sent', async () => {
    const { page } = await openPage(browser, { url: server.url });
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/api/v1/query')) asked += 1;
    });
    await page.goto('/metrics-explorer?range=5m');
    await editor(page).click();
    await page.keyboard.type('1 + rate(up)');
    await panel(page).getByText('1:10: parse error').waitFor();
    await eventually(() => page.locator('.cm-lintRange-error').textContent()).toBe('up');
    await panel(page).getByRole('button', { name: 'Run' }).click();
    await eventually(() => parameters(page).expr0).toBe('1 + rate(up)');
    expect(asked).toBe(0);
    await page.context().close();
  });

  test('what the engine says is shown: errors, hints', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto(
      linkTo({ expr0: `${HEAP} * on(job) ${HEAP}`, expr1: 'rate(cpu_usage_percent[1m])', panel1: 'table' }),
    );
    await eventually(() => panel(page).getByRole('alert').textContent()).toMatch(
      /cannot be answered.*found duplicate series/,
    );
    await eventually(() => panel(page, 'B').textContent()).toContain('might not be a counter');
    await page.context().close();
  });

  test('a query is laid out over lines', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const rate = 'sum(rate(process_cpu_seconds_total[1m])) by (job)';
    await page.goto(linkTo({ expr0: `${rate}+${rate}` }));
    await page.getByRole('button', { name: 'Format' }).click();
    await eventually(() => page.locator('.cm-line').allTextContents()).toEqual([
      '  sum by (job) (rate(process_cpu_seconds_total[1m]))',
      '+',
      '  sum by (job) (rate(process_cpu_seconds_total[1m]))',
    ]);
    await page.context().close();
  });

  test('a metric is found by its help and taken into the query', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/metrics-explorer?range=5m');
    await page.getByRole('button', { name: 'List of metrics' }).click();
    await page.getByRole('searchbox', { name: 'Search metrics' }).fill('resident in ram');
    const row = page.getByTestId('metric-list').getByRole('button', { name: /process_resident_memory_bytes.*gauge/ });
    await row.click();
    await eventually(() => editor(page).textContent()).toBe('process_resident_memory_bytes');
    await page.context().close();
  });

  test('the legend hides, the link keeps it, and the figures are there as a table', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto(linkTo({ expr0: HEAP, panel0: 'unit:bytes' }));
    const entries = page.getByTestId('legend').getByRole('button');
    await eventually(() => entries.count()).toBe(3);
    const states = () => entries.evaluateAll((all) => all.map((one) => one.getAttribute('aria-pressed')));
    await entries.nth(1).click();
    await eventually(states).toEqual(['false', 'true', 'false']);
    await page.reload();
    await eventually(states).toEqual(['false', 'true', 'false']);
    await entries.nth(0).click({ modifiers: ['Control'] });
    await eventually(states).toEqual(['true', 'true', 'false']);
    await page.getByText('Show as table').click();
    const rows = page.getByRole('region', { name: 'Graph of query A: series' }).getByRole('row');
    await eventually(() => rows.count()).toBe(4);
    expect(await rows.nth(1).textContent()).toMatch(/nodejs_heap_size_limit_bytes.*[MG]iB/);
    await page.context().close();
  });

  test('a drag over the graph is the range of the page, a double click goes back', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto(linkTo({ expr0: 'vector(1)' }));
    const plot = page.locator('[data-testid="time-series"] .u-over');
    await plot.hover();
    const box = await plot.boundingBox();
    if (box === null) throw new Error('the graph has no place');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 40, { steps: 4 });
    await page.mouse.up();
    await eventually(() => Number(parameters(page).to) - Number(parameters(page).from)).toBeGreaterThan(60_000);
    await plot.dblclick();
    await eventually(() => parameters(page)).toEqual({ range: '5m', expr0: 'vector(1)' });
    await page.context().close();
  });

  test('keys of the page are text in the editor, and it is what "/" goes to', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/metrics-explorer?range=5m');
    await editor(page).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('j?/k');
    await eventually(() => editor(page).textContent()).toBe('j?/k');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
    await page.context().close();
  });

  test('labels from outside are text', async () => {
    const { page, faults } = await openPage(browser, { url: server.url, init: 'window.__ran = 0;' });
    await page.goto(linkTo({ expr0: 'ai_requests_total', expr1: 'ai_requests_total', panel1: 'table' }));
    await eventually(() => page.getByTestId('legend').textContent()).toContain('<img src=x');
    await eventually(() => page.getByTestId('series-table').textContent()).toContain('<img src=x');
    await page.locator('[data-testid="time-series"] .u-over').hover();
    expect(await page.evaluate('window.__ran')).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('other pages do not load the editor', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const scripts: string[] = [];
    page.on('request', (request) => request.url().endsWith('.js') && scripts.push(request.url()));
    await page.goto('/');
    await page.locator('[data-tile="total"]').waitFor();
    expect(scripts.filter((url) => url.includes('metrics-page'))).toEqual([]);
    await page.getByRole('link', { name: 'Metrics' }).click();
    await editor(page).waitFor();
    expect(scripts.filter((url) => url.includes('metrics-page'))).toHaveLength(1);
    await page.context().close();
  });
});
