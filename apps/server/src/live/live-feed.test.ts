import type { CustomEventRow, RequestRow, Span } from '@vedetta/model';
import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import { describe, expect, test } from 'vitest';
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

describe('tokens so far', () => {
  const announcement = (spanId: string, tokens: unknown, endUnixNano = 0n): Span =>
    ({
      traceId: 't',
      spanId,
      endUnixNano,
      attributes: { [VEDETTA_ATTRIBUTES.tokensSoFar]: tokens },
    }) as unknown as Span;

  test('are shown of running requests, and pages are told of more', () => {
    const feed = new LiveFeed();
    feed.apply(commit([requestRow('a', { traceId: 't', status: 'running', outputTokens: undefined })]));
    let calls = 0;
    feed.onChange(() => {
      calls += 1;
    });
    const { position } = feed.changesSince(0, 10);
    feed.running(announcement('1', 5));
    feed.running(announcement('2', 7));
    feed.running(announcement('1', 5));
    expect(calls).toBe(2);
    expect(feed.changesSince(position, 10).requests).toMatchObject([{ outputTokens: 12, usageEstimated: true }]);
  });

  test('give way to those of the call when it is over', () => {
    const feed = new LiveFeed();
    feed.apply(commit([requestRow('a', { traceId: 't', status: 'running', outputTokens: undefined })]));
    feed.running(announcement('1', 5));
    feed.apply({
      ...commit([requestRow('a', { traceId: 't', status: 'completed', outputTokens: 6 })]),
      spans: [announcement('1', 5, 1n)],
    });
    expect(feed.changesSince(0, 10).requests).toMatchObject([{ outputTokens: 6, usageEstimated: false }]);
    const again = requestRow('b', { traceId: 't', status: 'running', outputTokens: undefined });
    expect(feed.withProgress(again)).toBe(again);
  });

  test.each(['5', -1, Number.NaN, null])('are a count: %s is not', (tokens) => {
    const feed = new LiveFeed();
    const row = requestRow('a', { traceId: 't', status: 'running' });
    feed.apply(commit([row]));
    feed.running(announcement('1', tokens));
    expect(feed.withProgress(row)).toBe(row);
  });
});
