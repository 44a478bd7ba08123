import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ApiError } from '@vedetta/client';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { closeTestServers, send, sendJson, startTestServer, type TestServer, tempDir } from '../testing/test-server.js';

const KIT = new URL('../../../../kit/grafana/dashboards/', import.meta.url);
let dataDir: string;
let server: TestServer;
beforeEach(async () => {
  await closeTestServers();
  dataDir = tempDir();
  server = await startTestServer({}, { dataDir });
});
afterAll(closeTestServers);

const mine = (title = 'Mine') => ({
  title,
  tags: ['team'],
  panels: [
    { id: 1, type: 'stat' },
    { id: 2, type: 'row', panels: [{ id: 3 }] },
  ],
  custom: { kept: [1, null] },
});

async function problem(call: Promise<unknown>): Promise<[number, string]> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ApiError)) throw new Error('it was not refused');
  return [error.status, error.message];
}

test('the dashboards of the kit are there, and are the same files', async () => {
  const { dashboards, sample_interval_ms, broken } = await server.client.dashboards();
  expect(dashboards.map(({ uid, built_in, updated_at }) => [uid, built_in, updated_at])).toEqual([
    ['vedetta-ai-chat-analytics', true, null],
    ['vedetta-system-overview', true, null],
  ]);
  expect([sample_interval_ms, broken]).toEqual([30_000, []]);
  const { dashboard } = await server.client.dashboard('vedetta-system-overview');
  expect(dashboard).toEqual(JSON.parse(readFileSync(new URL('system-overview.json', KIT), 'utf8')));
});

test('a dashboard is created, listed, saved and deleted, with everything that was in it', async () => {
  const created = await server.client.putDashboard('mine', { dashboard: mine() });
  expect(created).toMatchObject({ uid: 'mine', version: 1 });
  const read = await server.client.dashboard('mine');
  expect(read).toMatchObject({ title: 'Mine', version: 1, built_in: false });
  expect(read.dashboard).toEqual({ ...mine(), id: null, uid: 'mine', version: 1 });
  const { dashboards } = await server.client.dashboards();
  expect(dashboards.at(-1)).toMatchObject({ uid: 'mine', panels: 2, tags: ['team'] });
  expect(await server.client.putDashboard('mine', { version: 1, dashboard: mine('Ours') })).toMatchObject({
    version: 2,
  });
  expect((await server.client.dashboard('mine')).title).toBe('Ours');
  expect(await server.client.deleteDashboard('mine', { version: 2 })).toEqual({ uid: 'mine', deleted: true });
  expect(await problem(server.client.dashboard('mine'))).toEqual([404, expect.stringContaining('no dashboard "mine"')]);
});

test('of two that save the same version, one is refused and told why', async () => {
  await server.client.putDashboard('mine', { dashboard: mine() });
  const both = await Promise.allSettled(
    ['A', 'B'].map((title) => server.client.putDashboard('mine', { version: 1, dashboard: mine(title) })),
  );
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await problem(server.client.putDashboard('mine', { version: 1, dashboard: mine() }))).toEqual([
    409,
    expect.stringContaining('has version 2 by now'),
  ]);
  expect(await problem(server.client.putDashboard('mine', { dashboard: mine() }))).toEqual([409, expect.any(String)]);
  expect(await problem(server.client.deleteDashboard('mine', { version: 1 }))).toEqual([409, expect.any(String)]);
  expect(await problem(server.client.putDashboard('gone', { version: 1, dashboard: mine() }))).toEqual([
    404,
    expect.any(String),
  ]);
});

test('built-in ones are neither changed nor deleted, and a uid is not another by case alone', async () => {
  const uid = 'vedetta-system-overview';
  expect(await problem(server.client.putDashboard(uid, { version: 1, dashboard: mine() }))).toEqual([
    409,
    expect.stringContaining('save it under another uid'),
  ]);
  expect(await problem(server.client.deleteDashboard(uid))).toEqual([409, expect.any(String)]);
  await server.client.putDashboard('mine', { dashboard: mine() });
  expect(await problem(server.client.putDashboard('MINE', { dashboard: mine() }))).toEqual([
    409,
    expect.stringContaining('only by case'),
  ]);
});

test('they survive a restart; files put there by hand are dashboards, and broken ones are named', async () => {
  await server.client.putDashboard('mine', { dashboard: mine() });
  await server.close();
  const folder = path.join(dataDir, 'dashboards');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, 'by-hand.json'),
    JSON.stringify({ title: 'By hand', panels: [], uid: 'other', version: 7 }),
  );
  writeFileSync(path.join(folder, 'half.json'), '{"title": "Ha');
  writeFileSync(path.join(folder, 'list.json'), '[]');
  writeFileSync(path.join(folder, 'no dashboard.json'), '{}');
  writeFileSync(path.join(folder, 'large.json'), ' '.repeat(2 * 1024 * 1024));
  writeFileSync(path.join(folder, '.draft'), 'x');
  symlinkSync('/etc/hostname', path.join(folder, 'link.json'));
  server = await startTestServer({}, { dataDir });
  const { dashboards, broken } = await server.client.dashboards();
  expect(dashboards.slice(2).map(({ uid, version }) => [uid, version])).toEqual([
    ['by-hand', 7],
    ['mine', 1],
  ]);
  expect(broken.map(({ file }) => file)).toEqual(['half.json', 'large.json', 'list.json', 'no dashboard.json']);
  expect(await server.client.putDashboard('by-hand', { version: 7, dashboard: mine() })).toMatchObject({ version: 8 });
});

test.each<[string, unknown, number, RegExp]>([
  ['no title', { dashboard: { panels: [] } }, 400, /^dashboard\.title: /],
  ['panels that are no list', { dashboard: { title: 'x', panels: {} } }, 400, /^dashboard\.panels: /],
  ['a panel that is no object', { dashboard: { title: 'x', panels: ['a'] } }, 400, /^dashboard\.panels\.0: /],
  ['an unknown field', { dashboard: mine(), overwrite: true }, 400, /^overwrite: there is no such field/],
  ['a version below 0', { version: -1, dashboard: mine() }, 400, /^version: /],
  ['a body over 1 MiB', { dashboard: { ...mine(), text: 'x'.repeat(1_100_000) } }, 413, /larger than/],
])('%s is refused with a sentence', async (_what, body, status, detail) => {
  const answer = await sendJson(`${server.url}/api/dashboards/mine`, body, 'PUT');
  expect([answer.status, answer.json().detail]).toEqual([status, expect.stringMatching(detail)]);
});

test.each(['..%2F..%2Fidentity', 'a.b', 'x'.repeat(41), '%00'])('the uid %s leads nowhere', async (uid) => {
  expect((await send(`${server.url}/api/dashboards/${uid}`)).status).toBe(400);
  const put = await sendJson(`${server.url}/api/dashboards/${uid}`, { dashboard: mine() }, 'PUT');
  expect(put.status).toBe(400);
});

test('what a browser calls cross-site saves nothing', async () => {
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' };
  const answer = await send(`${server.url}/api/dashboards/mine`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ dashboard: mine() }),
  });
  expect(answer.status).toBe(403);
});
