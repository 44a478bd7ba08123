import axe from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeInBrowser, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const TRACE = 'acce550000000000000000000000001a';
const METRICS = `/metrics-explorer?${new URLSearchParams({ expr0: 'process_resident_memory_bytes', expr1: 'sum(', expr2: 'vector(1) or 1', expr3: '{job="vedetta"}', panel3: 'table', range: '5m' })}`;
const PAGES = [
  ['the overview', '/', '[data-tile="total"]'],
  ['the list', '/requests?q=-status:cancelled', '[data-request-row]'],
  ['the side panel', `/requests?open=${TRACE}`, '[data-testid="waterfall"]'],
  ['a request', `/requests/${TRACE}`, '[data-testid="waterfall"]'],
  ['its messages', `/requests/${TRACE}?tab=messages`, '[data-testid="messages"]'],
  ['its attributes', `/requests/${TRACE}?tab=attributes`, 'select'],
  ['its LLM calls', `/requests/${TRACE}?tab=calls`, 'text=reported by'],
  ['its scores', `/requests/${TRACE}?tab=events`, 'form[aria-label="Give a score"]'],
  ['the models', '/models', '[data-testid="models"]'],
  ['the errors', '/errors', '[data-testid="error-groups"]'],
  ['the metrics explorer', METRICS, '[data-testid="series-table"]'],
  ['the system', '/system?range=5m', '[data-chart="gc"] figure'],
  ['the dashboards', '/dashboards', '[data-testid="dashboards"]'],
  ['a dashboard', '/dashboards/vedetta-system-overview', '[data-panel-state="shown"]'],
  ['another dashboard', '/dashboards/vedetta-ai-chat-analytics', '[data-panel-state="shown"]'],
  ['the status', '/status', '[data-testid="snippet"]'],
  ['a request that is not there', '/requests/nope', '[role="alert"]'],
  ['an empty list', '/requests?q=nothing-like-it', 'text=No request matches'],
] as const;

describeInBrowser('accessibility', () => {
  let server: ServerProcess;
  let empty: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, empty, browser] = await Promise.all([
      startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '1' } }),
      startServerProcess(),
      launchBrowser(),
    ]);
    const startUnixMs = Date.now() - 60_000;
    const messages = JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: 'Hello' }] }]);
    const body = toOtlpJson([
      {
        traceId: TRACE,
        startUnixMs,
        durationMs: 900,
        phases: [{ name: 'retrieval', durationMs: 300 }],
        call: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.input.messages': messages,
          'gen_ai.usage.input_tokens': 7,
        },
      },
      { startUnixMs, durationMs: 400, error: { type: 'RateLimitError', message: 'slow down' } },
      {
        startUnixMs,
        durationMs: 400,
        attributes: { 'vedetta.state': 'timeout' },
        error: { type: 'TimeoutError', message: 'late' },
      },
      { startUnixMs, durationMs: undefined, attributes: { 'vedetta.running': true, 'vedetta.span.kind': 'request' } },
    ]);
    expect(await postOtlp(server.url, body)).toBe(200);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.stop(), empty?.stop()]);
  });

  describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
    test.each(PAGES)('%s has no serious fault', async (_, path, ready) => {
      expect(await faultsOf(browser, server.url, path, ready, theme)).toEqual([]);
    });

    test('the page without requests has no serious fault', async () => {
      expect(await faultsOf(browser, empty.url, '/', '[data-testid="welcome"]', theme)).toEqual([]);
    });
  });
});

async function faultsOf(
  browser: Browser,
  url: string,
  path: string,
  ready: string,
  theme: 'light' | 'dark',
): Promise<readonly string[]> {
  const { page } = await openPage(browser, { url, theme });
  await page.goto(path);
  await page.locator(ready).first().waitFor();
  await page.waitForLoadState('load');
  await page.evaluate(axe.source);
  const results = (await page.evaluate('axe.run(document)')) as axe.AxeResults;
  await page.context().close();
  return results.violations
    .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
    .map(
      (violation) =>
        `${violation.id}: ${violation.nodes.map((node) => `${node.html} ${node.any[0]?.message ?? ''}`).join('\n')}`,
    );
}
