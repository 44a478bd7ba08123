import { expect, test } from 'vitest';
import { EventFilter } from './event-filter.js';

const EXTRA = 'data: {"choices":[],"usage":{"total_tokens":3}}';
const isExtra = (data: unknown): boolean => (data as { choices?: unknown[] }).choices?.length === 0;

function pass(pieces: readonly Buffer[]): { text: string; removed: number } {
  const filter = new EventFilter({ isExtraEvent: isExtra, nullMember: 'usage' });
  const out = pieces.map((piece) => filter.push(piece));
  out.push(filter.end());
  return { text: Buffer.concat(out).toString(), removed: filter.removed };
}

test.each([
  ['LF', (text: string) => text],
  ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
  ['CR', (text: string) => text.replaceAll('\n', '\r')],
])('takes the extra event out and leaves every other byte, however it is cut: %s', (_name, ends) => {
  const before = ends(': comment\n\ndata: {"choices":[{"d":"👋🏽\\n"}]}\n\nevent: x\ndata: not json\n\n');
  const after = ends('data: [DONE]\n\n');
  const bytes = Buffer.from(before + ends(`${EXTRA}\n\n`) + after);
  const expected = { text: before + after, removed: 1 };
  expect(pass([bytes])).toEqual(expected);
  for (let at = 0; at <= bytes.length; at += 1)
    expect(pass([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
  expect(pass([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected);
});

test('takes an extra event out that ends without its blank line', () => {
  expect(pass([Buffer.from(`data: {}\n\n${EXTRA}`)])).toEqual({ text: 'data: {}\n\n', removed: 1 });
});

test('gives an event on as soon as its blank line is there', () => {
  const filter = new EventFilter({ isExtraEvent: isExtra, nullMember: 'usage' });
  expect(filter.push(Buffer.from('data: {"a":1}\n\ndata: {')).toString()).toBe('data: {"a":1}\n\n');
});

test('lets an event through that is too long to hold, and filters again after it', () => {
  const long = `data: "${'x'.repeat(200_000)}"\n\n`;
  const bytes = Buffer.from(`${long}${EXTRA}\n\ndata: [DONE]\n\n`);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 1000) pieces.push(bytes.subarray(at, at + 1000));
  expect(pass(pieces)).toEqual({ text: `${long}data: [DONE]\n\n`, removed: 1 });
});

test.each([
  ['{"a":1,"usage":null}', '{"a":1}'],
  ['{"usage":null,"a":1}', '{"a":1}'],
  ['{"usage": null , "a":1}', '{"a":1}'],
  ['{"a":1 , "usage":null,"b":[{"usage":null}]}', '{"a":1 ,"b":[{"usage":null}]}'],
  ['{"usage":null}', '{}'],
  ['{"a":"\\"usage\\":null","usage":null}', '{"a":"\\"usage\\":null"}'],
  ['{"a":1,"usage":{"total_tokens":1}}', '{"a":1,"usage":{"total_tokens":1}}'],
  ['{"a":{"usage":null}}', '{"a":{"usage":null}}'],
])('takes the member that only the option brought out of %s', (data, expected) => {
  const bytes = Buffer.from(`data: ${data}\n\n`);
  for (let at = 0; at <= bytes.length; at += 1)
    expect(pass([bytes.subarray(0, at), bytes.subarray(at)]).text).toBe(`data: ${expected}\n\n`);
});
