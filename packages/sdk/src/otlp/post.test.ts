import { expect, test } from 'vitest';
import { encodePartialSuccess } from '../testing/otlp-proto.js';
import { backoffMs } from './backoff.js';
import { readRejected } from './partial-success.js';
import { classifyAnswer, parseRetryAfter } from './post.js';

const now = Date.parse('2026-11-21T10:00:00Z');

test.each([
  ['5', 5000],
  [' 120 ', 120_000],
  ['Sat, 21 Nov 2026 10:00:07 GMT', 7000],
  ['Sat, 21 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %j is %j ms', (value, ms) => {
  expect(parseRetryAfter(value, now)).toBe(ms);
});

test('answers are classified as OTLP asks', () => {
  const kind = (status: number) => classifyAnswer(status, {}, new Uint8Array()).kind;
  expect([200, 202, 204].map(kind)).toEqual(['delivered', 'delivered', 'delivered']);
  expect([429, 502, 503, 504].map(kind)).toEqual(['retry', 'retry', 'retry', 'retry']);
  expect([301, 400, 401, 404, 413, 500, 501].map(kind)).toEqual(Array(7).fill('refused'));
  expect(classifyAnswer(503, { 'retry-after': '3' }, new Uint8Array())).toMatchObject({ kind: 'retry', afterMs: 3000 });
});

test('rejected spans are read from the answer, and nonsense is none', () => {
  expect(readRejected(encodePartialSuccess(300, 'too old'))).toEqual({ rejected: 300, message: 'too old' });
  expect(readRejected(new Uint8Array())).toEqual({ rejected: 0, message: '' });
  for (const bytes of [
    [255, 255, 255],
    [10, 200, 1],
    [10, 2, 8],
    [11, 3, 4],
    [123, 125],
  ]) {
    expect(readRejected(Uint8Array.from(bytes)).rejected).toBe(0);
  }
});

test('pauses double up to ten seconds, with jitter, and respect the server up to thirty', () => {
  expect([1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, undefined, 1))).toEqual([
    500, 1000, 2000, 4000, 8000, 10_000, 10_000,
  ]);
  expect(backoffMs(1, undefined, 0)).toBe(250);
  expect(backoffMs(1, 4000, 0)).toBe(4000);
  expect(backoffMs(1, 600_000, 0)).toBe(30_000);
});
