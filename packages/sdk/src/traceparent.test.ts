import { expect, test } from 'vitest';
import { formatTraceparent, parseTraceparent } from './traceparent.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test.each([
  [`00-${traceId}-${spanId}-01`],
  [`00-${traceId}-${spanId}-00`],
  [` 00-${traceId}-${spanId}-01 `],
  [`01-${traceId}-${spanId}-01`],
  [`cc-${traceId}-${spanId}-01-what-the-future-will-be-like`],
])('%j is valid', (header) => {
  expect(parseTraceparent(header)).toEqual({ traceId, spanId });
});

test.each([
  [undefined],
  [12],
  [''],
  ['00'],
  [`00-${traceId}-${spanId}`],
  [`00-${traceId}-${spanId}-1`],
  [`00-${traceId}-${spanId}-01-more`],
  [`01-${traceId}-${spanId}-01.more`],
  [`ff-${traceId}-${spanId}-01`],
  [`00-${'0'.repeat(32)}-${spanId}-01`],
  [`00-${traceId}-${'0'.repeat(16)}-01`],
  [`00-${traceId.toUpperCase()}-${spanId}-01`],
  [`00-${traceId}-${spanId}-0g`],
  [`00-${traceId}-${spanId}-01`.repeat(20)],
])('%j is ignored', (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});

test('what is written can be read', () => {
  expect(parseTraceparent(formatTraceparent({ traceId, spanId }))).toEqual({ traceId, spanId });
});
