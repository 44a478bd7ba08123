import { describe, expect, test } from 'vitest';
import { AwsEventReader } from './aws-event-reader.js';
import { JsonArrayReader } from './json-array-reader.js';
import { NdjsonReader } from './ndjson-reader.js';
import { SseReader } from './sse-reader.js';
import type { OnEvent, StreamReader } from './stream-reader.js';

type Create = (onEvent: OnEvent, maxBytes?: number) => StreamReader;
const sse: Create = (onEvent, max) => new SseReader(onEvent, max);
const ndjson: Create = (onEvent, max) => new NdjsonReader(onEvent, max);
const array: Create = (onEvent, max) => new JsonArrayReader(onEvent, max);
const aws: Create = (onEvent, max) => new AwsEventReader(onEvent, max);

function read(create: Create, pieces: readonly Buffer[], max?: number) {
  const events: [string, string][] = [];
  const reader = create((text, name) => events.push([name, text]), max);
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return { events, cut: reader.cut };
}

/** An AWS message with an event type. */
function awsMessage(type: string, payload: string): Buffer {
  const name = Buffer.from(':event-type');
  const value = Buffer.from(type);
  const header = Buffer.concat([Buffer.from([name.length]), name, Buffer.from([7, 0, value.length]), value]);
  const body = Buffer.from(payload);
  const message = Buffer.alloc(12 + header.length + body.length + 4);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(header.length, 4);
  header.copy(message, 12);
  body.copy(message, 12 + header.length);
  return message;
}

const CASES: readonly (readonly [string, Create, Buffer | string, [string, string][]])[] = [
  [
    'LF',
    sse,
    'data: a\n\ndata:b\n\n',
    [
      ['', 'a'],
      ['', 'b'],
    ],
  ],
  [
    'CRLF',
    sse,
    'data: a\r\n\r\ndata: b\r\n\r\n',
    [
      ['', 'a'],
      ['', 'b'],
    ],
  ],
  [
    'CR',
    sse,
    'data: a\r\rdata: b\r\r',
    [
      ['', 'a'],
      ['', 'b'],
    ],
  ],
  ['several data lines', sse, 'data: a\ndata: b\ndata\n\n', [['', 'a\nb\n']]],
  [
    'an event name',
    sse,
    'event: ping\ndata: {}\n\ndata: x\n\n',
    [
      ['ping', '{}'],
      ['', 'x'],
    ],
  ],
  ['comments and other fields', sse, ': OPENROUTER PROCESSING\n\nid: 4\nretry: 9\ndata: a\n\n', [['', 'a']]],
  ['one space after the colon only', sse, 'data:  a\n\n', [['', ' a']]],
  [
    'a missing last blank line',
    sse,
    'data: a\n\ndata: b',
    [
      ['', 'a'],
      ['', 'b'],
    ],
  ],
  ['a byte order mark', sse, '\ufeffdata: a\n\n', [['', 'a']]],
  ['emoji', sse, 'data: "👋🏽 Grüße 你好"\n\n', [['', '"👋🏽 Grüße 你好"']]],
  [
    'lines',
    ndjson,
    '{"a":1}\n\n{"b":"👋🏽"}\r\n{"c":3}',
    [
      ['', '{"a":1}'],
      ['', '{"b":"👋🏽"}'],
      ['', '{"c":3}'],
    ],
  ],
  [
    'an array',
    array,
    '[{"a":"}]\\"{👋🏽"}\r\n,\n{"b":[{"c":{}}]}]',
    [
      ['', '{"a":"}]\\"{👋🏽"}'],
      ['', '{"b":[{"c":{}}]}'],
    ],
  ],
  ['an object alone', array, '{"error":{"code":429}}', [['', '{"error":{"code":429}}']]],
  [
    'messages',
    aws,
    Buffer.concat([
      awsMessage('chunk', `{"bytes":"${Buffer.from('{"x":"👋"}').toString('base64')}"}`),
      awsMessage('messageStop', '{"stopReason":"end_turn"}'),
    ]),
    [
      ['chunk', '{"x":"👋"}'],
      ['messageStop', '{"stopReason":"end_turn"}'],
    ],
  ],
];

describe.each(CASES)('%s', (_name, create, text, events) => {
  const bytes = Buffer.from(text);
  test('are read whole', () => expect(read(create, [bytes])).toEqual({ events, cut: false }));

  test('are read when cut at any byte', () => {
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read(create, [bytes.subarray(0, at), bytes.subarray(at)]).events).toEqual(events);
    }
  });

  test('are read when cut at every byte', () => {
    expect(
      read(
        create,
        [...bytes].map((byte) => Buffer.from([byte])),
      ).events,
    ).toEqual(events);
  });
});

test.each([
  ['server-sent events', sse, `data: ${'x'.repeat(100)}\n\ndata: a\n\n`],
  ['data lines without end', sse, `${'data: 123456789\n'.repeat(10)}\ndata: a\n\n`],
  ['lines', ndjson, `${'x'.repeat(100)}\na\n`],
])('%s that are too long are left out, and said so', (_name, create, text) => {
  expect(read(create, [Buffer.from(text)], 64)).toEqual({ events: [['', 'a']], cut: true });
  expect(
    read(
      create,
      [...Buffer.from(text)].map((byte) => Buffer.from([byte])),
      64,
    ).cut,
  ).toBe(true);
});

test('objects that are too long are left out', () => {
  const { events, cut } = read(array, [Buffer.from(`[{"a":"${'x'.repeat(100)}"},{"b":1}]`)], 64);
  expect({ events, cut }).toEqual({ events: [['', '{"b":1}']], cut: true });
});

test('a frame whose length cannot be ends the reading', () => {
  const { events, cut } = read(aws, [Buffer.from('\xff\xff\xff\xff\0\0\0\0\0\0\0\0', 'latin1'), awsMessage('a', '{}')]);
  expect({ events, cut }).toEqual({ events: [], cut: true });
});
