import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import { postOtlp } from '../support/otlp-body.js';
import { toOtlpJson } from '../support/otlp-request.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const TRACE = 'c0ffee00000000000000000000000001';

describeInBrowser('one request', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServerProcess(), launchBrowser()]);
    const body = toOtlpJson([
      {
        traceId: TRACE,
        name: 'rag answer',
        startUnixMs: Date.now() - 60_000,
        durationMs: 1000,
        phases: [
          { name: 'retrieval', durationMs: 250 },
          { name: 'generation', durationMs: 750 },
        ],
        call: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.request.model': 'gpt-4o',
          'gen_ai.input.messages': JSON.stringify([
            { role: 'user', parts: [{ type: 'text', content: 'What is a lookout?' }] },
          ]),
          'gen_ai.output.messages': JSON.stringify([
            {
              role: 'assistant',
              parts: [{ type: 'tool_call', id: 'c1', name: 'define', arguments: { word: 'lookout' } }],
            },
          ]),
        },
      },
    ]);
    expect(await postOtlp(server.url, body)).toBe(200);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  test('shows its phases to scale, and where the time went', async () => {
    const { page, faults } = await openPage(browser, { url: server.url });
    await page.goto(`/requests/${TRACE}`);
    const bar = async (name: string) => {
      const line = page.getByTestId('waterfall').getByRole('treeitem', { name: new RegExp(`^${name}`) });
      return line.locator('span.absolute').first().boundingBox();
    };
    await page.getByTestId('waterfall').getByText('generation').waitFor();
    const [root, retrieval, generation] = await Promise.all([bar('rag answer'), bar('retrieval'), bar('generation')]);
    if (root === null || retrieval === null || generation === null) throw new Error('a bar is missing');
    expect(retrieval.width / root.width).toBeCloseTo(0.25, 1);
    expect((generation.x - root.x) / root.width).toBeCloseTo(0.25, 1);
    expect(generation.width / root.width).toBeCloseTo(0.75, 1);
    await page.getByTestId('bottlenecks').getByText(/75\s%/).waitFor();
    await page.getByRole('tab', { name: 'Messages' }).click();
    await page.getByText('What is a lookout?').waitFor();
    await page.getByText('Calls define').waitFor();
    await page.waitForURL(/tab=messages/);
    await page.reload();
    await page.getByText('What is a lookout?').waitFor();
    await page.getByRole('tab', { name: 'Attributes' }).click();
    await page.getByRole('combobox', { name: 'Span' }).selectOption({ label: await optionOf(page, 'chat') });
    await page.getByText('gen_ai.request.model').waitFor();
    expect(faults).toEqual([]);
  });

  test('that runs is shown with its phase, and leaves when it ends', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/');
    await page.locator('[data-tile="total"]').waitFor();
    const running = {
      traceId: 'c0ffee00000000000000000000000002',
      spanId: 'c0ffee0000000002',
      name: 'slow one',
      startUnixMs: Date.now() - 2000,
    };
    const identity = { 'vedetta.span.kind': 'request', 'vedetta.request.id': 'slow-1' };
    const announcement = toOtlpJson([
      {
        ...running,
        durationMs: undefined,
        attributes: {
          ...identity,
          'vedetta.running': true,
          'vedetta.phase.current': 'generation',
          'vedetta.tokens_so_far': 42,
        },
      },
    ]);
    expect(await postOtlp(server.url, announcement)).toBe(200);
    const active = page.getByTestId('active');
    await active.getByText('slow one').waitFor();
    await active.getByText('generation').waitFor();
    await active.getByText('~42 out').waitFor();
    const first = await active.getByText(/\d\ss$/).textContent();
    await eventually(() => active.getByText(/\d\ss$/).textContent()).not.toBe(first);

    await active.getByText('slow one').click();
    const panel = page.getByTestId('request-panel');
    await panel.getByText('running').first().waitFor();
    await panel.getByTestId('request-facts').getByText('~42 out so far').waitFor();
    const end = toOtlpJson([{ ...running, durationMs: 3000, attributes: identity }]);
    expect(await postOtlp(server.url, end)).toBe(200);
    await active.waitFor({ state: 'detached' });
    await panel.getByText('completed').waitFor();
    await panel
      .getByTestId('request-facts')
      .getByText(/3\.00\ss/)
      .waitFor();
  });

  test('shows of its calls why they ended, how long the first words took, and who counted the tokens', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const traceId = 'c0ffee00000000000000000000000003';
    const call = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.response.finish_reasons': 'max_output_tokens',
      'gen_ai.response.time_to_first_chunk': 0.4,
      'vedetta.response.time_to_first_visible_chunk': 2.25,
      'gen_ai.usage.input_tokens': 1204,
      'gen_ai.usage.output_tokens': 880,
      'gen_ai.usage.cache_read.input_tokens': 1000,
      'gen_ai.usage.cache_creation.input_tokens': 50,
      'gen_ai.usage.reasoning.output_tokens': 640,
      'vedetta.usage.supplied.input_tokens': 1190,
      'vedetta.usage.supplied.output_tokens': 870,
    };
    const body = toOtlpJson([{ traceId, startUnixMs: Date.now() - 5000, durationMs: 4000, call }]);
    expect(await postOtlp(server.url, body)).toBe(200);
    await page.goto(`/requests/${traceId}?tab=calls`);
    const facts = page.getByTestId('llm-calls').getByRole('definition');
    await facts.first().waitFor();
    expect((await facts.allTextContents()).map((text) => text.replaceAll('\u202f', ' '))).toEqual([
      '4.00 s',
      '400 ms',
      'of reasoning; visible 2.25 s',
      expect.stringMatching(/^\d+$/),
      'length',
      '1,204',
      '1,000 from cache, 50 to cache',
      '880',
      '640 reasoning',
      'reported by the provider',
      'supplied by the sender: 1,190 in, 870 out',
      '$0.0092',
      expect.stringMatching(/^price of openai\/gpt-5, \d{4}-\d\d-\d\d$/),
    ]);
    await page.context().close();
  });

  test('shows what a call is billed for beside tokens', async () => {
    const { page } = await openPage(browser, { url: server.url });
    const traceId = 'c0ffee00000000000000000000000004';
    const call = {
      'gen_ai.operation.name': 'generate_content',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'dall-e-3',
      'vedetta.usage.output_images': 2,
      'vedetta.usage.image_size': '1024x1792',
      'vedetta.usage.image_quality': 'hd',
    };
    const body = toOtlpJson([{ traceId, startUnixMs: Date.now() - 5000, durationMs: 4000, call }]);
    expect(await postOtlp(server.url, body)).toBe(200);
    await page.goto(`/requests/${traceId}?tab=calls`);
    const calls = page.getByTestId('llm-calls');
    await calls.getByText('Billed').waitFor();
    await calls.getByText('2 pictures (1024x1792, hd)').waitFor();
    await calls.getByText('$0.24').waitFor();
    await page.context().close();
  });

  test('that is not there is answered with the reason', async () => {
    const { page } = await openPage(browser, { url: server.url });
    await page.goto('/requests/nope');
    await page.getByRole('alert').getByText(/nope/).waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
  });
});

async function optionOf(
  page: { locator(selector: string): { allInnerTexts(): Promise<string[]> } },
  name: string,
): Promise<string> {
  const options = await page.locator('select option').allInnerTexts();
  return options.find((option) => option.startsWith(name)) ?? name;
}
