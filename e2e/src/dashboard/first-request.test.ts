import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, launchBrowser, openPage } from '../support/browser.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const run = promisify(execFile);
const SNIPPETS = fileURLToPath(new URL('../../.snippets', import.meta.url));

describeInBrowser('the page without any request', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('shows how to send one, and turns into the live view when the pasted snippet does', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto('/');
    await page.getByText('No request has arrived yet').waitFor();
    await page.getByText('Waiting for the first request').waitFor();
    for (const tab of ['Node SDK', 'Fastify, Express', 'OpenTelemetry', 'Python', 'curl']) {
      await page.getByRole('tab', { name: tab }).click();
      expect(await page.getByTestId('snippet').textContent()).toContain(
        tab === 'Fastify, Express' ? 'fastifyPlugin' : '',
      );
      expect(await page.getByTestId('snippet').textContent()).toContain(server.url);
    }

    const snippet = (await page.getByTestId('snippet').textContent()) ?? '';
    await run('bash', ['-c', snippet]);

    await page.locator('[data-tile="total"]').getByText('1', { exact: true }).waitFor();
    await page.getByTestId('phases').getByText('generation').waitFor();
    await page.getByRole('row', { name: /first request/ }).waitFor();
    await page
      .locator('[data-tile="mean"]')
      .getByText(/^2\.00\ss$/)
      .waitFor();
    expect(faults).toEqual([]);
  });

  test('shows a snippet of the SDK that runs as it is', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/status');
    await page.getByRole('tab', { name: 'Node SDK' }).click();
    const snippet = (await page.getByTestId('snippet').textContent()) ?? '';
    // Inside the workspace, so that its import resolves as it does for a user who installed the package.
    await mkdir(SNIPPETS, { recursive: true });
    const file = join(await mkdtemp(join(SNIPPETS, 'page-')), 'app.mjs');
    await writeFile(file, snippet);
    await run(process.execPath, [file]);
    await rm(dirname(file), { recursive: true });
    await page.goto('/requests?q=user:ada');
    await page.locator('[data-request-row]').getByText('answer', { exact: true }).click();
    await page.getByTestId('waterfall').getByText('retrieval').waitFor();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByText('It keeps watch, and raises the alarm.').waitFor();
  });

  test('is also at /monitoring', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/monitoring');
    await page.waitForURL(`${server.url}/`);
    await page.getByRole('heading', { level: 1, name: /Overview|Welcome/ }).waitFor();
  });
});
