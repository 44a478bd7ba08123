import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findStale } from '@vedetta/query';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ScrapeSettings } from './config/parse-scrape-file.js';
import { parseScrapeSettings } from './config/parse-scrape-file.js';
import { readYaml } from './config/read-yaml.js';
import type { Page } from './loop/page.js';
import { ScrapePool } from './scrape-pool.js';
import type { ScrapeWatchParts } from './scrape-watch.js';
import { ScrapeWatch } from './scrape-watch.js';

const dir = mkdtempSync(path.join(tmpdir(), 'vedetta-watch-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The latest value of each series, `name{job,instance}`; undefined after a marker. */
const latest = new Map<string, number | undefined>();
const troubles: string[] = [];
/** Answers that are under way, by path; the test ends them. */
const held = new Map<string, ServerResponse[]>();
const open: (() => unknown)[] = [];
let parts: ScrapeWatchParts;
let watch: ScrapeWatch;
let address: string;

beforeEach(async () => {
  for (const state of [latest, held]) state.clear();
  troubles.length = 0;
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    if (url.startsWith('/held')) held.set(url, [...(held.get(url) ?? []), response]);
    else response.end('asked 1\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  parts = {
    sink: {
      write: async (series) => {
        for (const { labels, values } of series) {
          const of = new Map(labels);
          const key = `${of.get('__name__')}{${of.get('job')},${of.get('instance')?.replace(address, 'here')}}`;
          latest.set(key, findStale(values) === undefined ? values.at(-1) : undefined);
        }
        return { kind: 'stored', stored: series.length, duplicate: 0, rejected: {}, message: '' };
      },
    },
    exemplars: { add: () => {} },
    parse: (text): Page => {
      const [name = '', value] = text.trim().split(' ');
      if (value === undefined) return { kind: 'failed', reason: 'no value' };
      const sample = { name, labels: [], value: Number(value), timestampMs: undefined };
      return { kind: 'page', samples: [sample], metadata: [] };
    },
    userAgent: 'test',
    now: Date.now,
    onSinkTrouble: (reason) => troubles.push(reason),
    onDiscoveryTrouble: (job, what, reason) => troubles.push(`${job} ${what}: ${reason}`),
  };
  watch = new ScrapeWatch(parts);
  open.push(
    () => server.close(),
    () => server.closeAllConnections(),
    () => watch.stop(),
  );
});
afterEach(async () => {
  for (let end = open.pop(); end !== undefined; end = open.pop()) await end();
});

async function settingsOf(jobs: string, global: string): Promise<ScrapeSettings> {
  const yaml = `{ global: { ${global} }, scrape_configs: [${jobs.replaceAll('HERE', address)}] }`;
  const parsed = parseScrapeSettings((await readYaml(yaml)).content, dir);
  if (parsed.kind === 'invalid') throw new Error(parsed.errors.join('\n'));
  return parsed.settings;
}

async function apply(jobs: string): Promise<void> {
  await watch.apply(await settingsOf(jobs, 'scrape_interval: 50ms, scrape_timeout: 40ms'));
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

test('a target that keeps silent in the middle of its page is down, and its series end', async () => {
  await apply(`{ job_name: slow, metrics_path: /held, static_configs: [{ targets: [HERE] }] }`);
  // On a busy machine one whole answer may come too late, but not all of them.
  await until(() => {
    for (const response of held.get('/held') ?? []) if (!response.writableEnded) response.end('asked 1\n');
    expect(latest.get('asked{slow,here}')).toBe(1);
  });
  const whole = held.get('/held')?.length ?? 0;
  await until(() => expect(held.get('/held')?.length).toBeGreaterThan(whole));
  for (const response of held.get('/held')?.slice(whole) ?? []) response.write('asked');
  await until(() => expect(latest.get('up{slow,here}')).toBe(0));
  expect([latest.has('asked{slow,here}'), latest.get('asked{slow,here}')]).toEqual([true, undefined]);
  expect(watch.pools()[0]?.targets[0]).toMatchObject({ health: 'down', lastError: 'no whole answer within 40 ms' });
});

test('a change ends what is gone, keeps what is known of the rest, and leaves jobs alone that stay as they are', async () => {
  const kept = `{ job_name: kept, metrics_path: /held, scrape_interval: 3s, scrape_timeout: 3s, static_configs: [{ targets: [HERE] }] }`;
  const both = `{ job_name: both, static_configs: [{ targets: [HERE, 'gone.invalid:1'] }] }`;
  await apply(`${both}, { job_name: gone, static_configs: [{ targets: [HERE] }] }`);
  await until(() => expect([latest.get('asked{both,here}'), latest.get('asked{gone,here}')]).toEqual([1, 1]));
  await until(() => expect(latest.get('up{both,gone.invalid:1}')).toBe(0));

  await apply(both.replace(", 'gone.invalid:1'", '').replace('both,', 'both, sample_limit: 5,'));
  expect([latest.get('asked{gone,here}'), latest.get('up{gone,here}')]).toEqual([undefined, undefined]);
  expect([latest.has('up{both,gone.invalid:1}'), latest.get('up{both,gone.invalid:1}')]).toEqual([true, undefined]);
  expect(latest.get('asked{both,here}')).toBe(1);
  expect(watch.pools().map(({ name, targets }) => [name, targets.map(({ health }) => health)])).toEqual([
    ['both', ['up']],
  ]);

  // A scrape that is under way goes on when nothing about its job changed.
  await apply(kept);
  await until(() => expect(held.get('/held')).toHaveLength(1));
  await apply(`${both}, ${kept}`);
  held.get('/held')?.[0]?.end('asked 7\n');
  await until(() => expect(latest.get('asked{kept,here}')).toBe(7));
});

test('targets of the same labels are each ended with their job', async () => {
  const groups = ['/a', '/b'].map((metricsPath) => `{ targets: [HERE], labels: { __metrics_path__: ${metricsPath} } }`);
  const { jobs } = await settingsOf(`{ job_name: twins, static_configs: [${groups.join(', ')}] }`, '');
  const counters = { scrapes: 0, failed: 0, skipped: 0, stored: 0, duplicate: 0, rejected: 0, lost: 0 };
  const pool = new ScrapePool(jobs[0]!, { ...parts, counters, isOwn: () => false });
  await pool.start();
  const { targets } = pool;
  expect(targets.map(({ target }) => new URL(target.url).pathname)).toEqual(['/a', '/b']);
  expect((await pool.stop()).length).toBe(2);
  for (const { loop } of targets) await loop.scrape(1);
  expect(counters.scrapes).toBe(0);
});

test('a file of targets is read again when it changes, and one that is broken keeps those it had', async () => {
  const file = path.join(dir, 'targets.yml');
  writeFileSync(file, `- targets: ['${address}']\n`);
  await apply(`{ job_name: files, file_sd_configs: [{ files: [targets.yml], refresh_interval: 20ms }] }`);
  await until(() => expect(latest.get('up{files,here}')).toBe(1));
  writeFileSync(file, '- targets: [a:1]\n  lables: { a: b }\n');
  await until(() => expect(troubles).toEqual([`files ${file}: line 2: [0].lables is no key that is known here`]));
  expect(watch.pools()[0]?.targets).toHaveLength(1);
  writeFileSync(file, `- targets: ['${address}', 'gone.invalid:1']\n  labels: { team: seven }\n`);
  await until(() => expect(watch.pools()[0]?.targets).toHaveLength(2));
  expect(watch.pools()[0]?.targets.map(({ labels }) => new Map(labels).get('team'))).toEqual(['seven', 'seven']);
  rmSync(file);
  await until(() => expect(watch.pools()[0]?.targets).toEqual([]));
  await until(() => expect(latest.get('up{files,here}')).toBeUndefined());
});

test('an address with a password in it is told of without it', async () => {
  await apply(`{ job_name: open, static_configs: [{ targets: ['user:open-sesame@host:80'] }] }`);
  expect(troubles).toEqual(['open …@host:80: a user and password in an address are not used: say basic_auth']);
});
