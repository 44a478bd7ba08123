import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const ANSWER = {
  model: 'llama3.2:3b',
  message: { role: 'assistant', content: 'Hello' },
  done: true,
  done_reason: 'stop',
};

/** As an Ollama that has two models, one of them in memory. */
const ollama = createServer((request, response) => {
  const answers: Record<string, unknown> = {
    '/api/tags': {
      models: [
        { model: 'llama3.2:3b', size: 2e9 },
        { model: 'nomic-embed-text:latest', size: 3e8 },
      ],
    },
    '/api/ps': { models: [{ model: 'llama3.2:3b', size_vram: 3e9 }] },
    '/api/chat': { ...ANSWER, prompt_eval_count: 120_000, eval_count: 20_000 },
  };
  request.resume();
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answers[request.url ?? ''] ?? {}));
});

describeInBrowser('the models', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    await new Promise<void>((resolve) => ollama.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(ollama.address() as AddressInfo).port}`;
    [server, browser] = await Promise.all([
      startServerProcess({
        env: {
          VEDETTA_GATEWAY_OLLAMA_URL: url,
          // The port of no service: nothing listens there.
          VEDETTA_GATEWAY_GPU_BOX_URL: 'http://127.0.0.1:1',
        },
      }),
      launchBrowser(),
    ]);
    const body = JSON.stringify({ model: 'llama3.2:3b', stream: false, messages: [{ role: 'user', content: 'Hi' }] });
    const answer = await fetch(`${server.url}/gateway/ollama/api/chat`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject(ANSWER);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    ollama.closeAllConnections();
    ollama.close();
  });

  test('that were called are shown with what their upstream says, and the others on demand', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/models');
    const row = page.getByTestId('models').getByRole('row', { name: /llama3\.2:3b/ });
    await row.waitFor();
    await eventually(() => row.textContent()).toMatch(/available.*in memory, 2\.8.GiB VRAM/);
    // What the same tokens would cost at the model of the settings: 0.15 and 0.6 USD a million.
    expect(await row.textContent()).toMatch(/\$0\$0\.03 elsewhere/);
    await page.getByRole('button', { name: 'Show 1 more that is served' }).click();
    await page.getByTestId('models').getByText('nomic-embed-text:latest').waitFor();
    expect(new URL(page.url()).searchParams.get('show')).toBe('all');
    await page.context().close();
  });

  test('show the mean and the range of what users thought of the answers', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    await page.locator('[data-request-row]').first().click();
    await page.getByRole('tab', { name: /Events & scores/ }).click();
    await page.getByRole('button', { name: 'Thumb up' }).click();
    await page.getByText('user_satisfaction').waitFor();
    await page.goto('/models');
    const row = page.getByTestId('models').getByRole('row', { name: /llama3\.2:3b/ });
    await row.getByText(/^1 \(1\)$/).waitFor();
    const { requests } = (await (await fetch(`${server.url}/api/requests`)).json()) as {
      requests: { request_id: string }[];
    };
    const lower = await fetch(`${server.url}/api/requests/${requests[0]?.request_id}/scores`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'user_satisfaction', value: 0.25 }),
    });
    expect(lower.ok).toBe(true);
    await row.getByText('0.63 (2)').waitFor();
    await row.getByText('0.25 to 1').waitFor();
    await page.context().close();
  });

  test('whose upstream does not answer are a link from the overview away', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/');
    await page.getByTestId('status-bar').getByRole('link', { name: 'gpu-box is unreachable' }).click();
    await page.waitForURL(/\/models/);
    await page.getByRole('listitem').filter({ hasText: 'gpu-box' }).getByText('unreachable').waitFor();
    await page.context().close();
  });
});
