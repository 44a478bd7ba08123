import { createClient } from '@vedetta/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';
import { HOSTILE_PAYLOADS } from './hostile-payloads.js';

/** Payloads that call a function of the page, and those that only set the mark. */
const WATCH = `window.__ran = 0; for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => { window.__ran = 1; };`;

const traceOf = (index: number) => `bad${String(index).padStart(29, '0')}`;

describeInBrowser('text from outside', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess({ env: { VEDETTA_CONTENT: 'full' } }), launchBrowser()]);
    const requests = HOSTILE_PAYLOADS.map((text, i) => ({
      traceId: traceOf(i + 1),
      name: text,
      startUnixMs: Date.now() - 60_000 - i * 1000,
      durationMs: 500,
      phases: [{ name: text, durationMs: 100 }],
      attributes: {
        'user.id': text,
        'session.id': text,
        'vedetta.modality': text,
        'vedetta.tags': JSON.stringify([text]),
        [text]: text,
        'vedetta.custom_data': JSON.stringify({ [text]: text }),
      },
      error: { type: text, message: text },
      call: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': text,
        'gen_ai.request.model': text,
        'gen_ai.response.finish_reasons': text,
        'gen_ai.response.id': text,
        'gen_ai.openai.response.service_tier': text,
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.input.messages': JSON.stringify([
          {
            role: text,
            parts: [
              { type: 'text', content: text },
              { type: text, x: text },
            ],
          },
        ]),
        'gen_ai.output.messages': JSON.stringify([
          {
            role: 'assistant',
            parts: [
              { type: 'text', content: text },
              { type: 'tool_call', name: text, arguments: text },
              { type: 'uri', modality: 'image', uri: text },
            ],
          },
        ]),
      },
    }));
    // One service a payload: its name comes with the resource.
    for (const [i, text] of HOSTILE_PAYLOADS.entries()) {
      expect(await postOtlp(server.url, toOtlpJson(requests.slice(i, i + 1), text))).toBe(200);
    }
    const client = createClient({ baseUrl: server.url });
    // The API refuses a body with this one key: it could change objects that are copied from it.
    for (const [i, text] of HOSTILE_PAYLOADS.entries()) {
      await client.postEvent({
        event_name: text,
        request_id: traceOf(i + 1),
        data: { [text.replaceAll('__proto__', 'proto')]: text },
      });
      await client.postScore(traceOf(i + 1), {
        name: text.slice(0, 200),
        value: i,
        label: text.slice(0, 200),
        comment: text,
      });
    }
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test.each([
    ['the overview', '/', '[data-testid="error-groups"]'],
    ['the list', '/requests', '[data-request-row]'],
    ['the errors', '/errors', '[data-testid="error-groups"]'],
    ['the models', '/models', 'main'],
    ['the status', '/status', 'main'],
  ])('stays text on %s', async (_, path, ready) => {
    const { page, faults } = await openPage(browser, { url: server.url, init: WATCH });
    await page.goto(path);
    await page.locator(ready).first().waitFor();
    await page.mouse.wheel(0, 600);
    // What appears under the pointer: the values of charts and bars, and titles.
    for (const chart of await page
      .locator('canvas, svg[role="img"], [title]')
      .all()
      .then((all) => all.slice(0, 20))) {
      await chart.hover({ timeout: 1_000 }).catch(() => undefined);
    }
    for (const row of await page
      .locator('[data-request-row], button bdi')
      .all()
      .then((all) => all.slice(0, 20))) {
      await row.hover({ timeout: 2_000 }).catch(() => undefined);
    }
    expect(await trouble(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  test.each(['waterfall', 'calls', 'messages', 'attributes', 'events'])(
    'stays text in the %s of every request',
    async (tab) => {
      const { page, faults } = await openPage(browser, { url: server.url, init: WATCH });
      await page.goto(`/requests?open=${traceOf(1)}&tab=${tab}`);
      await page.locator('[data-request-row]').first().waitFor();
      for (const [i, text] of HOSTILE_PAYLOADS.entries()) {
        // Once for its id in the header, once for what the tab shows.
        await page
          .getByTestId('request-panel')
          .getByTitle(traceOf(i + 1), { exact: true })
          .waitFor();
        await page.getByTestId('request-panel').getByRole('tabpanel').waitFor();
        expect(await trouble(page), text).toEqual([]);
        await page.keyboard.press('j');
      }
      expect(faults).toEqual([]);
    },
  );

  test('is data, never a page, in what the API answers', async () => {
    const { page } = await openPage(browser, { url: server.url, init: WATCH });
    const sql = 'select name, service_name, model, provider, user_id, session_id, tags, error_message from requests';
    const table = await fetch(`${server.url}/api/sql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql }),
    });
    const answers = await Promise.all([
      table,
      ...['', `/${traceOf(5)}`, `/${traceOf(5)}/timeline`].map((path) => fetch(`${server.url}/api/requests${path}`)),
      // What is refused says what was sent.
      fetch(`${server.url}/api/requests/${encodeURIComponent(HOSTILE_PAYLOADS[4] ?? '')}`),
      fetch(`${server.url}/api/requests?${encodeURIComponent(HOSTILE_PAYLOADS[0] ?? '')}=1`),
    ]);
    for (const answer of answers) {
      expect(answer.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    // Every column of its row holds the payload: nothing was lost on the way that might have run.
    const text = HOSTILE_PAYLOADS[4] ?? '';
    const { rows } = (await table.json()) as { rows: { readonly [column: string]: unknown }[] };
    const row = rows.find(({ name }) => name === text);
    expect(Object.entries(row ?? {}).filter(([, value]) => !String(value).includes(text))).toEqual([]);
    expect(Object.keys(row ?? {})).toHaveLength(8);
    // Opened as a page, it is still no page.
    for (const path of ['/api/requests', `/api/requests/${encodeURIComponent(HOSTILE_PAYLOADS[4] ?? '')}`]) {
      await page.goto(path);
      expect(await trouble(page)).toEqual([]);
    }
  });

  test('could not run if it became markup: the policy allows no inline script', async () => {
    const { page } = await openPage(browser, { url: server.url, init: WATCH });
    const answer = await page.goto('/');
    const policy = new Map(
      (answer?.headers()['content-security-policy'] ?? '').split(';').map((rule) => {
        const [name = '', ...sources] = rule.trim().split(' ');
        return [name, sources.join(' ')];
      }),
    );
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
    });
    expect([...policy.values()].join(' ')).not.toMatch(/unsafe|\*|https?:/);
    // The browser agrees: an element that would run is put in by force, and does not.
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.__ran=1">');
      const script = document.createElement('script'); script.textContent = 'window.__ran=1'; document.body.append(script);`);
    // Asked from here: a condition that waits in the page is compiled from text there, which the policy forbids.
    await expect.poll(() => page.evaluate(`[...document.images].every((image) => image.complete)`)).toBe(true);
    expect(await page.evaluate('window.__ran')).toBe(0);
  });

  test('stays text in the URL', async () => {
    const { page, faults } = await openPage(browser, { url: server.url, init: WATCH });
    for (const text of HOSTILE_PAYLOADS.filter((_, i) => i % 7 === 0)) {
      const escaped = encodeURIComponent(text);
      await page.goto(
        `/requests?q=${encodeURIComponent(JSON.stringify(text))}&open=${escaped}&tab=${escaped}&sort=${escaped}`,
      );
      await page.getByTestId('request-panel').getByRole('alert').waitFor();
      expect(await trouble(page), text).toEqual([]);
    }
    expect(faults.filter((fault) => !fault.includes('status of 404'))).toEqual([]);
  });

  test('is all there to read', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const text = HOSTILE_PAYLOADS[4] ?? '';
    await page.goto(`/requests/${traceOf(5)}`);
    expect(await page.getByTestId('request-detail').getByRole('heading', { level: 2 }).textContent()).toBe(text);
  });
});

/** What a payload did, if anything: it ran, or became an element. */
function trouble(page: Page): Promise<unknown> {
  return page.evaluate(`[
    ...(window.__ran ? ['a payload ran'] : []),
    ...[...document.querySelectorAll('script:not([src]), iframe, object, embed, base, marquee, math, video, audio, img:not([src="/favicon.svg"]), [onerror], [onload], [onfocus], [onclick], [href^="javascript:"]')]
      .map((element) => element.outerHTML.slice(0, 200)),
  ]`);
}
