import type { CustomEventRow, RequestRow } from '@vedetta/model';
import { expect, test } from 'vitest';
import { customEventRow, requestRow } from '../testing/rows.js';
import { LiveFeed } from './live-feed.js';

const commit = (requests: RequestRow[], customEvents: CustomEventRow[] = []) => ({
  requests,
  customEvents,
  scores: [],
  spans: [],
});
const ids = (rows: readonly RequestRow[]) => rows.map((row) => row.requestId);

test('gives what changed after a position, the newest version once', () => {
  const feed = new LiveFeed();
  feed.apply(commit([requestRow('a', { status: 'running' }), requestRow('b')]));
  const { position } = feed.changesSince(0, 10);
  feed.apply(commit([requestRow('a', { status: 'completed' })], [customEventRow('e')]));
  const changes = feed.changesSince(position, 10);
  expect(changes.requests.map(({ requestId, status }) => [requestId, status])).toEqual([['a', 'completed']]);
  expect(changes.events.map(({ eventId }) => eventId)).toEqual(['e']);
  expect(feed.changesSince(changes.position, 10)).toMatchObject({ requests: [], events: [], more: 0 });
  expect(ids(feed.changesSince(0, 10).requests)).toEqual(['b', 'a']);
});

test('gives the newest when there are more than the limit, and counts the others', () => {
  const feed = new LiveFeed();
  feed.apply(commit(['a', 'b', 'c'].map((id) => requestRow(id))));
  expect(feed.changesSince(0, 2)).toMatchObject({ more: 1, requests: [{ requestId: 'b' }, { requestId: 'c' }] });
});

test('keeps a thousand requests and a thousand events, however many come', () => {
  const feed = new LiveFeed();
  for (let i = 0; i < 2500; i++) feed.apply(commit([requestRow(`r${i}`)], [customEventRow(`e${i}`)]));
  expect(feed.recent(5000).length).toBe(1000);
  expect(feed.recent(1)[0]?.requestId).toBe('r2499');
  expect(feed.changesSince(0, 5000).events.length).toBe(1000);
});

test('calls its listeners until they stop', () => {
  const feed = new LiveFeed();
  let calls = 0;
  const stop = feed.onChange(() => {
    calls += 1;
  });
  feed.apply(commit([requestRow('a')]));
  stop();
  feed.apply(commit([requestRow('b')]));
  expect(calls).toBe(1);
});
