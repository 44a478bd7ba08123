import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { requestTimelineSchema } from '@vedetta/client/schemas';
import { afterEach, expect, test } from 'vitest';
import { createContext } from '../create-context.js';
import { DAY_MS } from '../http/time-query.js';
import { eventSpan } from '../ingest/recorded-span.js';
import { Retention } from '../retention.js';
import { chat, otlpJson } from '../testing/otlp-json.js';
import type { TestServer } from '../testing/test-server.js';
import { closeTestServers, send, startTestServer, testConfig } from '../testing/test-server.js';
import { deleteOld } from './delete-old.js';

const now = Date.parse('2026-11-21T12:00:00Z');
const folderOf = (server: TestServer) => path.join(server.config.dataDir, 'archive');
const ingest = (server: TestServer, spans: Parameters<typeof otlpJson>[0]) =>
  send(`${server.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: otlpJson(spans),
  });

function readLines(folder: string, name: string): unknown[] {
  const text = gunzipSync(readFileSync(path.join(folder, name))).toString();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const start = (archive: boolean) =>
  startTestServer({ content: 'full' }, { now: () => now, env: { VEDETTA_RETENTION_ARCHIVE: String(archive) } });

afterEach(closeTestServers);

test('a deletion archives by day what the API answered, then deletes it', async () => {
  const server = await start(true);
  const dayOf = (name: string, days: number) => ({ name, startMs: now - days * DAY_MS, attributes: chat('m', 2, 1) });
  await ingest(server, [dayOf('a', 3), dayOf('b', 3), dayOf('c', 2), dayOf('kept', 0)]);
  const { requests } = await server.client.listRequests({ from: '30d' });
  const old = requests.filter(({ name }) => name !== 'kept');
  await server.client.postScore(old[0]!.request_id, { name: 'satisfaction', thumb: 'up', comment: 'good' });
  await server.client.postEvent({ event_name: 'deploy', timestamp: '2026-11-18T01:00:00Z', data: { build: 7 } });
  const before = new Map(
    await Promise.all(old.map(async ({ request_id: id }) => [id, await server.client.requestTimeline(id)] as const)),
  );

  const folder = folderOf(server);
  expect(await server.client.clearLogs(1)).toMatchObject({ deleted: 3, archived: 3, archive_dir: folder });
  expect((await server.client.listRequests({ from: '30d' })).requests.map(({ name }) => name)).toEqual(['kept']);
  expect(readdirSync(folder).sort()).toEqual([
    '20261118_alone.jsonl.gz',
    '20261118_requests.jsonl.gz',
    '20261119_requests.jsonl.gz',
  ]);
  const archived = [
    ...readLines(folder, '20261118_requests.jsonl.gz'),
    ...readLines(folder, '20261119_requests.jsonl.gz'),
  ].map((line) => requestTimelineSchema.strict().parse(line));
  expect(archived.map(({ request }) => request.start_time.slice(0, 10))).toEqual([
    '2026-11-18',
    '2026-11-18',
    '2026-11-19',
  ]);
  expect(new Map(archived.map((line) => [line.request.request_id, line]))).toEqual(before);
  expect(archived.flatMap(({ scores }) => scores)).toMatchObject([{ comment: 'good' }]);
  expect(readLines(folder, '20261118_alone.jsonl.gz')).toMatchObject([
    { event: { event_name: 'deploy', data: { build: 7 } } },
  ]);

  await ingest(server, [dayOf('d', 3)]);
  expect(await server.client.clearLogs(1)).toMatchObject({ deleted: 1, archived: 1 });
  expect(readLines(folder, '20261118_requests.jsonl.gz')).toMatchObject([{}, {}, { request: { name: 'd' } }]);
});

test('an archive that cannot be written keeps everything and is a problem until it can', async () => {
  const server = await start(true);
  await ingest(server, [{ name: 'old', startMs: now - 3 * DAY_MS }]);
  const folder = folderOf(server);
  writeFileSync(folder, 'in the way');
  const answer = await send(`${server.url}/api/logs/clear?days=1`, { method: 'DELETE' });
  expect([answer.status, answer.json().detail]).toEqual([503, expect.stringContaining('was not deleted')]);
  expect((await server.client.listRequests({ from: '30d' })).requests).toMatchObject([{ name: 'old' }]);
  expect((await server.client.status()).problems).toEqual([
    expect.stringMatching(/^old requests are kept because the archive could not be written \(1 in all\)/),
  ]);
  expect(server.logLines.join('')).toContain('deletion on demand ended');

  rmSync(folder);
  expect(await server.client.clearLogs(1)).toMatchObject({ deleted: 1, archived: 1 });
  expect(await server.client.status()).toMatchObject({ problems: [], has_data: true });
});

test('a day that cannot be written keeps the days beside it too', async () => {
  const server = await start(true);
  await ingest(server, [{ startMs: now - 4 * DAY_MS }, { startMs: now - 3 * DAY_MS }]);
  mkdirSync(path.join(folderOf(server), '20261118_requests.jsonl.gz'), { recursive: true });
  await expect(server.client.clearLogs(1)).rejects.toThrow('archive');
  expect((await server.client.listRequests({ from: '30d' })).requests).toHaveLength(2);
});

test('nothing is archived unless it is asked for', async () => {
  const server = await start(false);
  await ingest(server, [{ startMs: now - 3 * DAY_MS }]);
  expect(await server.client.clearLogs(1)).toMatchObject({ deleted: 1, archived: 0, archive_dir: null });
  expect(existsSync(folderOf(server))).toBe(false);
});

test('retention archives; stopped half-way it deletes nothing unarchived and counts no failure', async () => {
  const env = { VEDETTA_RETENTION_ARCHIVE: 'on' };
  const config = await testConfig({ retentionDays: 2, logLevel: 'silent' }, env);
  const context = await createContext(config, { now: () => now });
  try {
    await context.pipeline.takeBody(Buffer.from(otlpJson([{ startMs: now - 3 * DAY_MS }])), 'json');
    await context.pipeline.takeSpans([
      eventSpan({ name: 'e', data: {}, timeUnixMs: now - 3 * DAY_MS, request: undefined, requestId: '' }).span,
    ]);
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(deleteOld(context, now - 2 * DAY_MS, stopped)).rejects.toThrow('stopped');
    expect(await context.store.maintenance.info()).toMatchObject({ requests: 1, spans: 2 });
    expect(context.counters).toMatchObject({ archiveFailures: 0, archiveFailure: '' });

    await new Retention(context).deleteExpired();
    expect(await context.store.maintenance.info()).toMatchObject({ requests: 0, spans: 0 });
    expect(readdirSync(path.join(config.dataDir, 'archive')).sort()).toEqual([
      '20261118_alone.jsonl.gz',
      '20261118_requests.jsonl.gz',
    ]);
  } finally {
    context.liveClients.close();
    await context.store.close();
  }
});
