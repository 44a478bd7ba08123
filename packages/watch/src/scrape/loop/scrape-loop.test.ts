import { compileRegex, findStale } from '@vedetta/query';
import { expect, test } from 'vitest';
import type { ScrapedExemplar } from './exemplar-sink.js';
import type { Page, PageSample } from './page.js';
import type { SampleRules } from './sample-rules.js';
import type { SinkOutcome, SinkSeries } from './sample-sink.js';
import type { ScrapeCounters } from './scrape-loop.js';
import { ScrapeLoop } from './scrape-loop.js';

const RULES: SampleRules = {
  honorLabels: false,
  honorTimestamps: true,
  trackTimestampsStaleness: false,
  metricRelabel: [],
  limits: { samples: 0, labels: 0, labelNameBytes: 0, labelValueBytes: 0 },
};
const STORED: SinkOutcome = { kind: 'stored', stored: 0, duplicate: 0, rejected: {}, message: '' };

function sample(name: string, value: number, labels: PageSample['labels'] = [], timestampMs?: number): PageSample {
  return { name, labels, value, timestampMs };
}

/** A loop whose pages and store are at hand. */
function setUp(rules: Partial<SampleRules> = {}) {
  let page: Page = { kind: 'failed', reason: 'nothing yet' };
  const outcomes: SinkOutcome[] = [];
  const written: (readonly SinkSeries[])[] = [];
  const exemplars: { labels: SinkSeries['labels']; exemplar: ScrapedExemplar }[] = [];
  const counters: ScrapeCounters = { scrapes: 0, failed: 0, skipped: 0, stored: 0, duplicate: 0, rejected: 0, lost: 0 };
  let at = 0;
  const loop = new ScrapeLoop({
    key: 'k',
    labels: [['instance', 'i']],
    intervalMs: 1000,
    timeoutMs: 1000,
    rules: { ...RULES, ...rules },
    source: { read: async () => page },
    sink: {
      write: async (series) => {
        written.push(series);
        return outcomes.shift() ?? STORED;
      },
    },
    exemplars: { add: (labels, exemplar) => exemplars.push({ labels, exemplar }) },
    counters,
    now: () => at,
    onSinkTrouble: () => {},
  });
  /** Scrapes the samples, or a failure; what was written, as text, without what tells of the scrape. */
  const scrape = async (samples: readonly PageSample[] | string): Promise<readonly string[]> => {
    page = typeof samples === 'string' ? { kind: 'failed', reason: samples } : { kind: 'page', samples, metadata: [] };
    at += 1000;
    await loop.scrape(at);
    return (written.at(-1) ?? []).map(show).filter((text) => !/^(?:up|scrape_)/.test(text));
  };
  return { loop, scrape, outcomes, written, exemplars, counters };
}

function show({ labels, values, timestampsMs }: SinkSeries): string {
  const names = new Map(labels);
  const rest = labels
    .filter(([name]) => name !== '__name__' && name !== 'instance')
    .map(([name, value]) => `${name}=${value}`);
  const value = findStale(values) === undefined ? String(values[0]) : 'stale';
  return `${names.get('__name__')}{${rest.join(',')}} ${value} @${timestampsMs[0]}`;
}

test('a series that is gone is ended once, and begins again', async () => {
  const { scrape } = setUp();
  expect(await scrape([sample('a', 1), sample('b', 2)])).toEqual(['a{} 1 @1000', 'b{} 2 @1000']);
  expect(await scrape([sample('b', 3)])).toEqual(['b{} 3 @2000', 'a{} stale @2000']);
  expect(await scrape([sample('b', 3)])).toEqual(['b{} 3 @3000']);
  expect(await scrape([sample('a', 1), sample('b', 3)])).toEqual(['a{} 1 @4000', 'b{} 3 @4000']);
});

test('a failed scrape, and a page that breaks a limit, end everything', async () => {
  const limited = setUp({ limits: { ...RULES.limits, samples: 1 } });
  await limited.scrape([sample('a', 1)]);
  expect(await limited.scrape([sample('a', 1), sample('b', 1)])).toEqual(['a{} stale @2000']);
  expect(limited.loop.state).toMatchObject({ health: 'down', lastError: 'sample limit exceeded' });
  await limited.scrape([sample('a', 1)]);
  expect(await limited.scrape('no answer')).toEqual(['a{} stale @4000']);
  expect(await limited.scrape('no answer')).toEqual([]);
  expect(limited.written.at(-1)?.map(show)[0]).toBe('up{} 0 @5000');
  expect(limited.counters).toMatchObject({ scrapes: 5, failed: 3 });
});

test('series with times of their own are not ended, unless they are to be', async () => {
  const plain = setUp();
  expect(await plain.scrape([sample('a', 1, [], 5)])).toEqual(['a{} 1 @5']);
  expect(await plain.scrape([])).toEqual([]);
  const tracked = setUp({ trackTimestampsStaleness: true });
  await tracked.scrape([sample('a', 1, [], 5)]);
  expect(await tracked.scrape([])).toEqual(['a{} stale @2000']);
  const ignored = setUp({ honorTimestamps: false });
  expect(await ignored.scrape([sample('a', 1, [], 5)])).toEqual(['a{} 1 @1000']);
  expect(await ignored.scrape([])).toEqual(['a{} stale @2000']);
});

test('markers that could not be stored are written with the next scrape', async () => {
  const { scrape, outcomes, counters, loop } = setUp();
  await scrape([sample('a', 1), sample('b', 1)]);
  outcomes.push({ kind: 'failed', message: 'disk full' });
  await scrape([sample('a', 1)]);
  expect(loop.state).toMatchObject({ health: 'up', lastError: 'not stored: disk full' });
  expect(counters.lost).toBe(7);
  expect(await scrape([sample('a', 1)])).toEqual(['a{} 1 @3000', 'b{} stale @3000']);
  expect(await scrape([sample('a', 1)])).toEqual(['a{} 1 @4000']);
});

test('the same series has the same labels object, wherever it stands on the page', async () => {
  const { scrape, written } = setUp();
  const page = Array.from({ length: 5 }, (_, i) => sample('a', i, [['n', String(i)]]));
  await scrape(page);
  await scrape([page[4]!, sample('new', 1), ...page.slice(0, 4)]);
  const labelsOf = (turn: number) => new Map(written[turn]?.map(({ labels }) => [JSON.stringify(labels), labels]));
  const [first, second] = [labelsOf(0), labelsOf(1)];
  for (const [key, labels] of first) expect(second.get(key)).toBe(labels);
  expect(second.size).toBe(first.size + 1);
});

test('a sample that is there twice counts once', async () => {
  const { scrape, counters } = setUp();
  expect(await scrape([sample('a', 1), sample('a', 2)])).toEqual(['a{} 1 @1000']);
  expect(counters.duplicate).toBe(1);
});

test('exemplars go to their series as it is stored, with their own time or that of the sample', async () => {
  const drop = { action: 'drop', sourceLabels: ['__name__'], separator: ';', regex: compileRegex('dropped') } as const;
  const { scrape, written, exemplars, outcomes } = setUp({
    metricRelabel: [{ ...drop, targetLabel: '', replacement: '', modulus: 0n }],
  });
  const labels = [['trace_id', 't']] as const;
  const withExemplar = (name: string, timestampMs?: number, sampleMs?: number): PageSample => ({
    ...sample(name, 1, [['instance', 'mine']], sampleMs),
    exemplar: { labels, value: 0.5, timestampMs },
  });
  const page = [withExemplar('a', 77), withExemplar('b'), withExemplar('c', undefined, 99), withExemplar('dropped')];
  await scrape([...page, withExemplar('a', 78)]);
  expect(exemplars.map(({ exemplar }) => exemplar)).toEqual([
    { labels, value: 0.5, timestampMs: 77, borrowedTime: false },
    { labels, value: 0.5, timestampMs: 1000, borrowedTime: true },
    { labels, value: 0.5, timestampMs: 99, borrowedTime: true },
  ]);
  for (const [i, { labels: of }] of exemplars.entries()) expect(of).toBe(written[0]?.[i]?.labels);
  expect(exemplars[0]?.labels).toContainEqual(['exported_instance', 'mine']);
  outcomes.push({ kind: 'failed', message: 'disk full' });
  await scrape(page);
  expect(exemplars).toHaveLength(3);
});

test('labels that the target has too go on as exported ones, or count themselves', async () => {
  const labels = [
    ['instance', 'mine'],
    ['exported_instance', 'x'],
  ] as const;
  expect(await setUp().scrape([sample('a', 1, labels)])).toEqual([
    'a{exported_exported_instance=mine,exported_instance=x} 1 @1000',
  ]);
  const { scrape, written } = setUp({ honorLabels: true });
  await scrape([sample('a', 1, labels), sample('b', 1, [['instance', '']])]);
  expect(written[0]?.[0]?.labels).toContainEqual(['instance', 'mine']);
  expect(written[0]?.[1]?.labels).toEqual([['__name__', 'b']]);
});

test('a target that is gone takes everything along, what tells of its scrapes too', async () => {
  const { scrape, loop, written } = setUp();
  await scrape([sample('a', 1)]);
  await loop.stop();
  await loop.takeLeave();
  expect(written.at(-1)?.map(show)).toEqual(
    [
      'a',
      'up',
      'scrape_duration_seconds',
      'scrape_samples_scraped',
      'scrape_samples_post_metric_relabeling',
      'scrape_series_added',
    ].map((name) => `${name}{} stale @1001`),
  );
});
