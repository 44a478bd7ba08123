import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { customEventRow, requestRow } from '../testing/rows.js';
import { LiveClients } from './live-clients.js';
import { LiveFeed } from './live-feed.js';

let feed: LiveFeed;
let clients: LiveClients;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  feed = new LiveFeed();
  clients = new LiveClients(feed, Date.now);
});

afterEach(() => {
  clients.close();
  vi.useRealTimers();
});

/** A response as the stream it is; a small buffer fills at once when nobody reads. */
function follow(options: { lastEventId?: string; highWaterMark?: number } = {}) {
  const stream = new PassThrough({ highWaterMark: options.highWaterMark ?? 1_000_000 });
  clients.add(stream as unknown as ServerResponse, options.lastEventId);
  return { stream, read: () => String(stream.read() ?? '') };
}

const store = (...ids: string[]) =>
  feed.apply({ requests: ids.map((id) => requestRow(id)), customEvents: [], scores: [], spans: [] });
const idsIn = (text: string) => [...text.matchAll(/"request_id":"([^"]+)"/g)].map((match) => match[1]);

test('says hello at once and every 15 s', async () => {
  const page = follow();
  expect(page.read()).toMatch(/^event: hello\ndata: \{"now":"1970-01-01T00:16:40.000Z"\}\n\n$/);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(page.read()).toContain('event: hello');
});

test('holds the changes of half a second together, newest version each', async () => {
  const page = follow();
  page.read();
  store('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(idsIn(page.read())).toEqual(['a']);
  for (let i = 0; i < 50; i++) store('b', `c${i % 3}`);
  await vi.advanceTimersByTimeAsync(499);
  expect(page.read()).toBe('');
  await vi.advanceTimersByTimeAsync(1);
  const text = page.read();
  expect(text.match(/event: requests/g)).toHaveLength(1);
  expect(idsIn(text).sort()).toEqual(['b', 'c0', 'c1', 'c2']);
});

test('sends the 200 newest of a burst and counts the others', async () => {
  const page = follow();
  store(...Array.from({ length: 350 }, (_, i) => `r${i}`));
  await vi.advanceTimersByTimeAsync(500);
  const text = page.read();
  expect(idsIn(text)).toHaveLength(200);
  expect(idsIn(text).at(-1)).toBe('r349');
  expect(text).toContain('"more":150');
});

test('sends custom events under their own name', async () => {
  const page = follow();
  feed.apply({ requests: [], customEvents: [customEventRow('e1')], scores: [], spans: [] });
  await vi.advanceTimersByTimeAsync(500);
  const text = page.read();
  expect(text).toContain('event: events\ndata: {"events":[{"event_id":"e1"');
  expect(text).not.toContain('event: requests');
});

describe('a page that connects again', () => {
  test('gets what it missed', async () => {
    const first = follow();
    store('a');
    await vi.advanceTimersByTimeAsync(500);
    const lastEventId = /^id: (.+)$/m.exec(first.read())?.[1] ?? '';
    first.stream.destroy();
    store('b');
    const again = follow({ lastEventId });
    await vi.advanceTimersByTimeAsync(500);
    expect(idsIn(again.read())).toEqual(['b']);
  });

  test.each(['', 'other-run.0', 'rubbish', 'x.-5'])('starts at the present with the id %j', async (lastEventId) => {
    store('a');
    const page = follow({ lastEventId });
    await vi.advanceTimersByTimeAsync(2000);
    expect(idsIn(page.read())).toEqual([]);
  });
});

describe('a page that does not read', () => {
  test('is passed over, holds nobody up, and gets the newest state when it reads again', async () => {
    const stuck = follow({ highWaterMark: 10 });
    const page = follow();
    page.read();
    store('a');
    await vi.advanceTimersByTimeAsync(500);
    store('b');
    await vi.advanceTimersByTimeAsync(500);
    expect(idsIn(page.read())).toEqual(['a', 'b']);
    expect(clients.counters.skipped).toBeGreaterThan(0);
    const buffered = stuck.stream.writableLength;
    for (let i = 0; i < 100; i++) store(`c${i}`);
    await vi.advanceTimersByTimeAsync(5000);
    expect(stuck.stream.writableLength).toBe(buffered);

    stuck.stream.resume();
    await vi.advanceTimersByTimeAsync(1000);
    expect(stuck.stream.writableNeedDrain).toBe(false);
    expect(clients.counters.clients).toBe(2);
  });

  test('is closed after a minute, and counted', async () => {
    const stuck = follow({ highWaterMark: 10 });
    for (let second = 0; second < 80; second++) {
      store(`r${second}`);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(stuck.stream.destroyed).toBe(true);
    expect(clients.counters).toMatchObject({ clients: 0, closedStalled: 1 });
  });
});

test('forgets a page that went away', async () => {
  const page = follow();
  page.stream.destroy();
  await vi.advanceTimersByTimeAsync(0);
  expect(clients.counters.clients).toBe(0);
  store('a');
  await vi.advanceTimersByTimeAsync(1000);
});

test('ends every stream when it closes', async () => {
  const page = follow();
  page.stream.resume();
  const ended = new Promise((resolve) => page.stream.once('end', resolve));
  clients.close();
  await ended;
});
