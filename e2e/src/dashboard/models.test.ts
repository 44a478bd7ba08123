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
    '/api/chat': { ...ANSWER, prompt_eval_count: 12, eval_count: 2 },
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
      startServerProcess({ env: { VEDETTA_GATEWAY_OLLAMA_URL: url } }),
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
    expect(await row.textContent()).toContain('$0');
    await page.getByRole('button', { name: 'Show 1 more that is served' }).click();
    await page.getByTestId('models').getByText('nomic-embed-text:latest').waitFor();
    expect(new URL(page.url()).searchParams.get('show')).toBe('all');
    await page.context().close();
  });

  test('show the mean of what users thought of the answers', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests');
    await page.locator('[data-request-row]').first().click();
    await page.getByRole('tab', { name: /Events & scores/ }).click();
    await page.getByRole('button', { name: 'Thumb up' }).click();
    await page.getByText('user_satisfaction').waitFor();
    await page.goto('/models');
    await page.getByTestId('models').getByText('1.00').waitFor();
    await page.context().close();
  });
});
