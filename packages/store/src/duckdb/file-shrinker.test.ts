import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { BASE_UNIX_MS, makePhase, makeRequest } from '../contract/span-maker.js';
import { openDuckDbStore } from './open-store.js';

const folder = mkdtempSync(join(tmpdir(), 'vedetta-shrink-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const REQUESTS = 1500;
const DAY_MS = 86_400_000;

it('gives the disk back what retention deleted, and keeps every live row once', async () => {
  const path = join(folder, 'vedetta.duckdb');
  let store = await openDuckDbStore({ path, groupCommitMs: 1 });
  // Text that does not compress, or the file would be too small to tell.
  const filler = (): string => randomBytes(9000).toString('base64');
  for (let n = 0; n < REQUESTS; n += 50) {
    const spans = Array.from({ length: 50 }, (_, i) => {
      const trace = n + i + 1;
      const atMs = (trace / REQUESTS) * 10 * DAY_MS;
      return [
        makeRequest(`r${trace}`, { trace, span: 1, atMs, attributes: { filler: filler() } }),
        makePhase(`r${trace}`, { trace, span: 2, parent: 1, atMs, attributes: { filler: filler() } }),
      ];
    });
    expect(await store.writer.write(spans.flat())).toMatchObject({ kind: 'stored' });
  }
  await store.close();
  const before = statSync(path).size;

  store = await openDuckDbStore({ path, groupCommitMs: 1 });
  const kept = await store.requests.detail(`r${REQUESTS}`);
  const deleted = await store.maintenance.deleteBefore(BASE_UNIX_MS + 8 * DAY_MS);
  await store.maintenance.freeDiskSpace();
  const live = REQUESTS - deleted.requests;
  expect(live).toBeGreaterThan(0);
  expect(deleted).toMatchObject({ spans: deleted.requests * 2, phases: deleted.requests });
  expect(await store.requests.detail(`r${REQUESTS}`)).toEqual(kept);
  const counts = await store.sql.query(
    `SELECT (SELECT count(*) FROM requests), (SELECT count(DISTINCT request_id) FROM requests), (SELECT count(*) FROM spans),
      (SELECT count(*) FROM request_phases)`,
    { maxRows: 1, timeoutMs: 20_000 },
  );
  expect(counts).toMatchObject({ rows: [[live, live, live * 2, live]] });
  await store.close();
  expect(statSync(path).size).toBeLessThan(before / 2);
}, 60_000);
