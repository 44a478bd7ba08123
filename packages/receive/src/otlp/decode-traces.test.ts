import { readFileSync } from 'node:fs';
import type { AttributeValue } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODE_LIMITS } from '../limit/decode-limits.js';
import type { OtlpRequest, OtlpSpan } from '../testing/index.js';
import { encodeJsonTraces, encodeProtobufTraces, sharedDataFolder, toKeyValues } from '../testing/index.js';
import type { DecodeResult } from './decode-result.js';
import { decodeTraces } from './decode-traces.js';

const NOW_UNIX_MS = 1_700_000_100_000;
const ENCODINGS = ['protobuf', 'json'] as const;
const folder = sharedDataFolder('otlp-genai-traces');

const SPAN: OtlpSpan = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'chat m1',
  kind: 3,
  startTimeUnixNano: '1700000000000000001',
  endTimeUnixNano: '1700000000500000002',
  attributes: [],
};

function requestOf(...spans: readonly OtlpSpan[]): OtlpRequest {
  return {
    resourceSpans: [
      {
        resource: { attributes: toKeyValues({ 'service.name': 'demo' }) },
        scopeSpans: [{ scope: { name: 't', version: '1' }, spans }],
      },
    ],
  };
}

function decode(encoding: 'protobuf' | 'json', request: OtlpRequest, limits = {}): DecodeResult {
  const body = encoding === 'json' ? encodeJsonTraces(request) : encodeProtobufTraces(request);
  return decodeTraces(body, encoding, { ...DEFAULT_DECODE_LIMITS, ...limits }, NOW_UNIX_MS);
}

function spansOf(result: DecodeResult) {
  if (result.kind !== 'ok') throw new Error(result.message);
  return result.spans;
}

function withAttributes(attributes: { readonly [key: string]: AttributeValue }): OtlpRequest {
  return requestOf({ ...SPAN, attributes: toKeyValues(attributes) });
}

describe.each(ENCODINGS)('a %s body', (encoding) => {
  it('gives a span with exact times and its origin', () => {
    expect(decode(encoding, requestOf(SPAN))).toEqual({
      kind: 'ok',
      rejected: 0,
      rejectedReason: '',
      truncated: 0,
      spans: [
        {
          traceId: SPAN.traceId,
          spanId: SPAN.spanId,
          parentSpanId: '',
          name: 'chat m1',
          kind: 3,
          startUnixNano: 1700000000000000001n,
          endUnixNano: 1700000000500000002n,
          statusCode: 0,
          statusMessage: '',
          attributes: {},
          events: [],
          links: [],
          origin: { serviceName: 'demo', resource: { 'service.name': 'demo' }, scopeName: 't', scopeVersion: '1' },
        },
      ],
    });
  });

  it('reads every kind of value', () => {
    const attributes = {
      text: 'grüße 👋',
      long: 'x'.repeat(100),
      yes: true,
      no: false,
      int: -42,
      float: 0.25,
      empty: null,
      list: ['a', 1, ['b']],
      map: { inner: { deeper: 'c' }, n: 2 },
      '': 'no key',
    };
    expect(spansOf(decode(encoding, withAttributes(attributes)))[0]?.attributes).toEqual(attributes);
    const odd = requestOf({
      ...SPAN,
      attributes: [
        { key: 'big', value: { intValue: '9007199254740993' } },
        { key: 'least', value: { intValue: '-9223372036854775808' } },
        { key: 'bytes', value: { bytesValue: 'AAEC/w==' } },
        { key: 'whole', value: { doubleValue: 3 } },
      ],
    });
    expect(spansOf(decode(encoding, odd))[0]?.attributes).toEqual({
      big: '9007199254740993',
      least: '-9223372036854775808',
      bytes: 'AAEC/w==',
      whole: 3,
    });
  });

  it('keeps keys that name parts of a prototype as keys', () => {
    const attributes = JSON.parse(
      '{"__proto__": "a", "constructor": "b", "map": {"__proto__": {"polluted": true}}}',
    ) as {
      [key: string]: AttributeValue;
    };
    const [span] = spansOf(decode(encoding, withAttributes(attributes)));
    expect(Object.keys(span?.attributes ?? {})).toEqual(['__proto__', 'constructor', 'map']);
    expect(JSON.stringify(span?.attributes)).toBe(JSON.stringify(attributes));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('takes empty requests and envelopes', () => {
    for (const request of [
      { resourceSpans: [] },
      requestOf(),
      { resourceSpans: [{ resource: { attributes: [] }, scopeSpans: [] }] },
    ]) {
      expect(decode(encoding, request)).toEqual({
        kind: 'ok',
        spans: [],
        rejected: 0,
        rejectedReason: '',
        truncated: 0,
      });
    }
  });

  it('rejects spans one by one and says how many and why', () => {
    const future = `${NOW_UNIX_MS + 2 * 24 * 3600 * 1000}000000`;
    const result = decode(
      encoding,
      requestOf(
        SPAN,
        { ...SPAN, traceId: '0'.repeat(32) },
        { ...SPAN, traceId: 'abcd' },
        { ...SPAN, spanId: '' },
        { ...SPAN, parentSpanId: 'aabb' },
        { ...SPAN, startTimeUnixNano: '0' },
        { ...SPAN, startTimeUnixNano: future, endTimeUnixNano: future },
        { ...SPAN, endTimeUnixNano: '18446744073709551615' },
      ),
    );
    expect(result).toMatchObject({ kind: 'ok', rejected: 7 });
    expect(spansOf(result)).toHaveLength(1);
    expect(result.kind === 'ok' && result.rejectedReason).toBe(
      'rejected spans: 2: trace id must be 32 hex digits that are not all zero; ' +
        '1: span id must be 16 hex digits that are not all zero; 1: parent span id must be empty or 16 hex digits; ' +
        '1: start time must not be 0; 1: start time lies too far in the future; 1: end time lies too far in the future',
    );
  });

  it('takes an all-zero parent as none', () => {
    expect(spansOf(decode(encoding, requestOf({ ...SPAN, parentSpanId: '0'.repeat(16) })))[0]?.parentSpanId).toBe('');
  });

  it('moves an end before the start to the start and flags it', () => {
    const [span] = spansOf(decode(encoding, requestOf({ ...SPAN, endTimeUnixNano: '1600000000000000000' })));
    expect(span).toMatchObject({ endUnixNano: 1700000000000000001n, attributes: { 'vedetta.end_clamped': true } });
  });

  it('keeps an end of 0 only for an announced span', () => {
    const running = requestOf({ ...SPAN, endTimeUnixNano: '0', attributes: toKeyValues({ 'vedetta.running': true }) });
    expect(spansOf(decode(encoding, running))[0]?.endUnixNano).toBe(0n);
    expect(spansOf(decode(encoding, requestOf({ ...SPAN, endTimeUnixNano: '0' })))[0]?.endUnixNano).toBe(
      1700000000000000001n,
    );
  });

  it('gives an event without a believable time that of the span, and drops links to nothing', () => {
    const result = decode(
      encoding,
      requestOf({
        ...SPAN,
        events: [{ name: 'e', timeUnixNano: '18446744073709551615', attributes: [] }],
        links: [{ traceId: 'ab', spanId: 'cd', attributes: [] }],
      }),
    );
    expect(result).toMatchObject({
      truncated: 1,
      spans: [{ links: [], events: [{ timeUnixNano: 1700000000000000001n }] }],
    });
  });

  it('cuts what is over a limit, before a word, and counts it', () => {
    const events = ['a', 'b', 'c'].map((name) => ({ name, timeUnixNano: '1700000000100000000', attributes: [] }));
    const result = decode(
      encoding,
      requestOf({
        ...SPAN,
        name: 'a very long name',
        attributes: toKeyValues({ a: 'xxxxxx€', 'gen_ai.prompt': 'content is longer', b: 1, c: 2 }),
        events,
      }),
      { maxNameBytes: 16, maxValueBytes: 8, maxContentBytes: 12, maxAttributes: 3, maxEvents: 2 },
    );
    expect(result).toMatchObject({
      truncated: 4,
      spans: [{ name: 'a very long name', attributes: { a: 'xxxxxx', 'gen_ai.prompt': 'content is ', b: 1 } }],
    });
    expect(spansOf(result)[0]?.attributes).not.toHaveProperty('c');
    expect(spansOf(result)[0]?.events.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('cuts lists and maps that are over the budget of one span', () => {
    const result = decode(
      encoding,
      withAttributes({ list: Array.from({ length: 50 }, (_, i) => i), map: { a: 1, b: 2 } }),
      {
        maxValueNodes: 11,
      },
    );
    expect(result).toMatchObject({ truncated: 41 });
    expect(spansOf(result)[0]?.attributes.list).toHaveLength(11);
    expect(spansOf(result)[0]?.attributes.map).toEqual({});
  });

  it('rejects the spans over the limit of one body', () => {
    expect(decode(encoding, requestOf(SPAN, SPAN, SPAN), { maxSpans: 2 })).toMatchObject({
      rejected: 1,
      rejectedReason: 'rejected spans: 1: over the limit of 2 spans in one request',
      spans: [{}, {}],
    });
  });

  it('refuses a body whose attributes nest too deep', () => {
    const nested = (levels: number): AttributeValue => (levels === 0 ? 'x' : [nested(levels - 1)]);
    expect(decode(encoding, withAttributes({ a: nested(32) }))).toMatchObject({ kind: 'ok', rejected: 0 });
    expect(decode(encoding, withAttributes({ a: nested(33) }))).toEqual({
      kind: 'invalid',
      message: 'attribute nested deeper than 32 levels',
    });
    expect(decode(encoding, withAttributes({ a: nested(500) }))).toMatchObject({ kind: 'invalid' });
  });
});

describe('an OTLP/JSON body', () => {
  const json = (text: string) => decodeTraces(Buffer.from(text), 'json', DEFAULT_DECODE_LIMITS, NOW_UNIX_MS);
  const spanText = (members: string) => json(`{"resourceSpans":[{"scopeSpans":[{"spans":[{${members}}]}]}]}`);
  const IDS = '"traceId":"0AF7651916CD43DD8448EB211C80319C","spanId":"B7AD6B7169203331"';

  it('takes ids in any case, numbers as text or number, and unknown members', () => {
    const result = spanText(
      `${IDS},"startTimeUnixNano":1700000000000000000,"endTimeUnixNano":"1700000000500000000","flags":1,"novel":{"a":[]},` +
        '"attributes":[{"key":"n","value":{"intValue":12}},{"key":"s","value":{"intValue":"12"}},{"key":"d","value":{"doubleValue":"NaN"}},{"key":"none"}]',
    );
    expect(result).toMatchObject({
      rejected: 0,
      spans: [{ traceId: '0af7651916cd43dd8448eb211c80319c', attributes: { n: 12, s: 12, d: 'NaN', none: null } }],
    });
  });

  it.each([
    ['', 'the body is not valid JSON'],
    ['{"resourceSpans":[', 'the body is not valid JSON'],
    ['[]', 'the body must be an object'],
    ['null', 'the body must be an object'],
    ['{"resourceSpans":{}}', 'resourceSpans must be an array'],
    ['{"resourceSpans":[1]}', 'resourceSpans[] must be an object'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":5}]}]}]}', 'span.name must be a string'],
    [
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":"now"}]}]}]}',
      /^startTimeUnixNano must be nanoseconds/,
    ],
  ])('is refused with a sentence: %s', (text, message) => {
    const result = json(text);
    expect(result.kind).toBe('invalid');
    expect(result.kind === 'invalid' && result.message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    );
  });

  it('does not quote the body in an error', () => {
    const result = json('{"resourceSpans": secret prompt}');
    expect(JSON.stringify(result)).not.toContain('secret');
  });

  it('of the deepest nesting is refused and not a crash', () => {
    expect(json(`${'['.repeat(1_000_000)}`).kind).toBe('invalid');
    expect(json(`{"resourceSpans":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).kind).toBe('invalid');
  });

  it('of little more than brackets is refused before it takes memory', () => {
    expect(json(`{"resourceSpans":[${'{},'.repeat(1_000_000)}{}]}`)).toEqual({
      kind: 'invalid',
      message: 'the body holds too many objects and lists for its size',
    });
    // Brackets in a text are no structure, whatever quotes it holds.
    const text = JSON.stringify(`${'[{}],"\\'.repeat(100_000)}`);
    expect(
      spanText(`${IDS},"startTimeUnixNano":"1","attributes":[{"key":"gen_ai.prompt","value":{"stringValue":${text}}}]`),
    ).toMatchObject({ kind: 'ok', rejected: 0, spans: [{}] });
  });

  it('takes a byte order mark and an escaped half of a surrogate pair', () => {
    expect(json('\ufeff{}')).toMatchObject({ kind: 'ok' });
    expect(spanText(`${IDS},"startTimeUnixNano":"1","name":"\\ud800"`)).toMatchObject({ spans: [{ name: '\ufffd' }] });
  });
});

describe('a protobuf body', () => {
  it.each([
    ['ends in the middle of a field', '0a05'],
    ['has a field longer than the body', '0affffffff0f'],
    ['has a varint of eleven bytes', 'ffffffffffffffffffffff'],
    ['has a field number of 0', '0000'],
    ['uses groups', '0b0c'],
    ['has a message that ends in the middle of a field', '0a0212ff'],
  ])('that %s is refused', (_, hex) => {
    expect(decodeTraces(Buffer.from(hex, 'hex'), 'protobuf')).toMatchObject({ kind: 'invalid' });
  });

  it('ignores unknown fields and takes fields in any order', () => {
    const known = Buffer.from(encodeProtobufTraces(requestOf(SPAN)));
    const unknown = Buffer.from('f8018080808010', 'hex');
    const result = decodeTraces(
      Buffer.concat([unknown, known, unknown]),
      'protobuf',
      DEFAULT_DECODE_LIMITS,
      NOW_UNIX_MS,
    );
    expect(spansOf(result)).toHaveLength(1);
    // The key after the value, as an encoder may write it: {2: {1: "v"}, 1: "k"} in attribute 9.
    const pair = Buffer.from('4a0812030a01760a016b', 'hex');
    const ids = Buffer.concat([Buffer.from([10, 16]), Buffer.alloc(16, 1), Buffer.from([18, 8]), Buffer.alloc(8, 1)]);
    const start = Buffer.from('390100000000000000', 'hex');
    const span = Buffer.concat([pair, ids, start]);
    const scopeSpans = Buffer.concat([Buffer.from([18, span.length]), span]);
    const resourceSpans = Buffer.concat([Buffer.from([18, scopeSpans.length]), scopeSpans]);
    const body = Buffer.concat([Buffer.from([10, resourceSpans.length]), resourceSpans]);
    expect(spansOf(decodeTraces(body, 'protobuf'))[0]).toMatchObject({ attributes: { k: 'v' }, startUnixNano: 1n });
  });
});

describe.skipIf(folder === undefined)('the examples of opentelemetry-proto (skipped: no shared data)', () => {
  it('are taken', () => {
    const body = readFileSync(`${folder}otlp-proto-examples/trace.json`);
    expect(decodeTraces(body, 'json')).toMatchObject({
      rejected: 0,
      spans: [
        {
          traceId: '5b8efff798038103d269b633813fc60c',
          spanId: 'eee19b7ec3c1b174',
          parentSpanId: 'eee19b7ec3c1b173',
          name: "I'm a server span",
          kind: 2,
          startUnixNano: 1544712660000000000n,
          endUnixNano: 1544712661000000000n,
          attributes: { 'my.span.attr': 'some value' },
          origin: { serviceName: 'my.service', scopeName: 'my.library', scopeVersion: '1.0.0' },
        },
      ],
    });
  });

  it.each(['logs.json', 'metrics.json', 'events.json'])('of other signals hold no spans: %s', (name) => {
    expect(decodeTraces(readFileSync(`${folder}otlp-proto-examples/${name}`), 'json')).toMatchObject({
      kind: 'ok',
      spans: [],
    });
  });
});
