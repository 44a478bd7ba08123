import { readFileSync } from 'node:fs';
import { createClient } from '@vedetta/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser, eventually, launchBrowser, openPage } from '../support/browser.js';
import type { ServerProcess } from '../support/server-process.js';
import { startServerProcess } from '../support/server-process.js';

const panel = (id: number, more: object = {}) => ({
  id,
  type: 'stat',
  title: `Panel ${id}`,
  gridPos: { x: 0, y: (id - 1) * 4, w: 6, h: 4 },
  targets: [{ refId: 'A', expr: 'vedetta_build_info', instant: true }],
  ...more,
});
const MINE = {
  title: 'Mine',
  schemaVersion: 39,
  time: { from: 'now-15m', to: 'now' },
  templating: {
    list: [{ type: 'custom', name: 'metric', query: 'vedetta_build_info, process_start_time_seconds', multi: true }],
  },
  panels: [
    panel(1, {
      title: 'Of $metric',
      targets: [{ refId: 'A', expr: '{__name__=~"$metric"}', instant: true, legendFormat: '{{__name__}}' }],
    }),
    panel(2, { type: 'nodeGraph' }),
    panel(3, { targets: [{ refId: 'A', expr: 'sum(', instant: true }] }),
    panel(4, {
      type: 'text',
      targets: [],
      options: { content: '<img src=x onerror="alert(1)"> **plain** <script>alert(2)</script>' },
    }),
    panel(5, {
      title: '<b>bold</b>',
      targets: [{ refId: 'A', expr: '{a="b"}', datasource: { type: 'loki', uid: 'x' } }],
    }),
  ],
};

describeInBrowser('dashboards', () => {
  let server: ServerProcess;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startServerProcess({ env: { VEDETTA_METRICS_INTERVAL_SECONDS: '1' } }),
      launchBrowser(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  const client = () => createClient({ baseUrl: server.url });
  const panelOf = (page: Page, key: string) => page.locator(`[data-panel="${key}"]`);
  const open = async (path: string): Promise<Page> => {
    const { page } = await openPage(browser, { url: server.url, height: 1600 });
    await page.goto(path);
    return page;
  };

  test('the built-in ones are listed, and a wrong import is explained', async () => {
    const page = await open('/dashboards');
    await page.getByRole('link', { name: /System overview/ }).waitFor();
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByLabel('or paste it').fill('{"title": "x",\n "panels": [}');
    await page.getByText('there is a mistake in line 2, column 13').waitFor();
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Import' }).isDisabled()).toBe(true);
    await page.context().close();
  });

  test('one out of a file is shown, with what of it cannot be shown said in its panels', async () => {
    const page = await open('/dashboards');
    const alerts: string[] = [];
    page.on('dialog', (dialog) => alerts.push(dialog.message()));
    await page.getByRole('button', { name: 'Import' }).click();
    const file = { name: 'mine.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(MINE)) };
    await page.getByLabel('File').setInputFiles(file);
    await page.getByRole('dialog').getByText('5 panels').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click();
    await page.getByTestId('dashboard').waitFor();
    await eventually(() => panelOf(page, '1').getAttribute('data-panel-state')).toBe('shown');
    // It opens with its own range, which the address then says.
    expect(new URL(page.url()).searchParams.get('range')).toBe('15m');
    await eventually(() => panelOf(page, '2').textContent()).toContain('Panels of the type "nodeGraph" are not drawn.');
    await eventually(() => panelOf(page, '3').getByRole('alert').textContent()).toMatch(/A: .*(unclosed|end of input)/);
    expect(await panelOf(page, '4').textContent()).toContain('**plain**');
    expect(await panelOf(page, '4').locator('img, script').count()).toBe(0);
    expect(await panelOf(page, '5').getByRole('heading').textContent()).toBe('<b>bold</b>');
    expect(await panelOf(page, '5').textContent()).toContain('Data sources of the type "loki" are not asked here.');
    expect(alerts).toEqual([]);
    await page.context().close();
  });

  test('variables, the range and the panel that is alone are in the address', async () => {
    await client().putDashboard('linked', { dashboard: MINE });
    const page = await open('/dashboards/linked?var-metric=process_start_time_seconds&from=now-1h&to=now&viewPanel=1');
    await eventually(() => panelOf(page, '1').getByRole('heading').textContent()).toBe('Of process_start_time_seconds');
    await eventually(() => panelOf(page, '1').getAttribute('data-panel-state')).toBe('shown');
    expect(await page.locator('[data-panel]').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('range')).toBe('1h');
    await page.getByRole('button', { name: 'All panels' }).click();
    await eventually(() => page.locator('[data-panel]').count()).toBe(5);
    await page.locator('[data-variable="metric"]').getByRole('button').click();
    await page.getByRole('checkbox', { name: 'vedetta_build_info' }).check();
    await eventually(() => new URL(page.url()).searchParams.getAll('var-metric')).toEqual([
      'process_start_time_seconds',
      'vedetta_build_info',
    ]);
    await eventually(() => panelOf(page, '1').locator('li').count()).toBe(2);
    await page.getByRole('button', { name: /^Menu of Of / }).click();
    expect(await page.getByRole('link', { name: 'Open in Metrics' }).getAttribute('href')).toContain(
      '/metrics-explorer?range=1h&expr0=',
    );
    await page.getByRole('button', { name: 'View JSON' }).click();
    await page.getByRole('dialog').getByText('"legendFormat"').waitFor();
    await page.context().close();
  });

  test('one is changed in place, by keys too, and saved; what is not touched stays', async () => {
    const dashboard = { ...MINE, title: 'Edited', unknown: { kept: true } };
    await client().putDashboard('edited', { dashboard });
    const page = await open('/dashboards/edited');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Title of the dashboard').fill('Edited twice');
    const handle = page.getByRole('button', { name: /^Move Of / });
    await handle.press('ArrowRight');
    await handle.press('Shift+ArrowRight');
    await page.getByRole('button', { name: 'Menu of Panel 2' }).click();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Menu of Panel 3' }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const editor = page.getByRole('dialog');
    await editor.getByLabel('Title').fill('Started');
    await editor.getByLabel('Query A', { exact: true }).fill('process_start_time_seconds * 1000');
    await editor.getByLabel('Unit').fill('dateTimeAsIso');
    await editor.getByRole('button', { name: 'Apply' }).click();
    await eventually(() => panelOf(page, '3').getAttribute('data-panel-state')).toBe('shown');
    expect(await panelOf(page, '3').textContent()).toContain(String(new Date().getFullYear()));
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    const saved = await client().dashboard('edited');
    expect(saved).toMatchObject({ title: 'Edited twice', version: 2, dashboard: { unknown: { kept: true } } });
    const panels = saved.dashboard.panels as { id: number; title: string; gridPos: object; targets: object[] }[];
    expect(panels.map(({ id }) => id)).toEqual([1, 3, 4, 5]);
    expect(panels[0]?.gridPos).toEqual({ x: 1, y: 0, w: 7, h: 4 });
    expect(panels[1]).toMatchObject({ title: 'Started', targets: [{ refId: 'A', instant: true }] });
    await page.context().close();
  });

  test('a panel is dragged with the pointer', async () => {
    await client().putDashboard('dragged', { dashboard: MINE });
    const page = await open('/dashboards/dragged');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const handle = page.getByRole('button', { name: 'Move Panel 2: arrows move, Shift and arrows resize' });
    const [box, grid] = [await handle.boundingBox(), await panelOf(page, '2').boundingBox()];
    if (box === null || grid === null) throw new Error('the panel is not there');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    // As far to the right as the panel is wide: 6 columns.
    await page.mouse.move(box.x + 5 + grid.width + 8, box.y + 5, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit', exact: true }).waitFor();
    const { panels } = (await client().dashboard('dragged')).dashboard as { panels: { gridPos: object }[] };
    expect(panels[1]?.gridPos).toMatchObject({ x: 6, y: 4 });
    await page.context().close();
  });

  test('who saves what somebody else saved meanwhile is told, and may keep it as a copy', async () => {
    await client().putDashboard('shared', { dashboard: { ...MINE, title: 'Shared' } });
    const page = await open('/dashboards/shared');
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByLabel('Title of the dashboard').fill('Late');
    await client().putDashboard('shared', { version: 1, dashboard: { ...MINE, title: 'First' } });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('has version 2 by now').waitFor();
    await page.getByRole('button', { name: 'Save as a copy instead' }).click();
    await eventually(() => new URL(page.url()).pathname).toMatch(/^\/dashboards\/late-copy-[0-9a-f]{8}$/);
    expect((await client().dashboard('shared')).title).toBe('First');
    await page.context().close();
  });

  test('a built-in one is copied to be changed, exported as it is, and a copy is deleted', async () => {
    const page = await open('/dashboards/vedetta-system-overview');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export JSON' }).click(),
    ]);
    const kit = new URL('../../../kit/grafana/dashboards/system-overview.json', import.meta.url);
    expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toEqual(JSON.parse(readFileSync(kit, 'utf8')));
    await page.getByRole('button', { name: 'Copy to edit' }).click();
    await eventually(() => new URL(page.url()).pathname).toMatch(/system-overview-copy/);
    await page.getByRole('button', { name: 'Delete the dashboard' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await eventually(() => new URL(page.url()).pathname).toBe('/dashboards');
    const { dashboards } = await client().dashboards();
    expect(dashboards.filter(({ uid }) => uid.startsWith('system-overview-copy'))).toEqual([]);
    await page.context().close();
  });
});
