import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SpanAttribute, SpanRecord } from '../span-record.js';
import { decodeExport } from '../testing/otlp-proto.js';
import { encodeResource, encodeSpans } from './encode-spans.js';

const resource = encodeResource([['service.name', 'shop']]);

const hex = (digits: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits })
    .map((list) => list.join(''));
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ maxLength: 200 }));
const wellFormed = (value: string) => Buffer.from(value, 'utf8').toString('utf8');
const attribute: fc.Arbitrary<SpanAttribute> = fc.tuple(
  fc.string({ minLength: 1, maxLength: 60 }),
  fc.oneof(text, fc.boolean(), fc.maxSafeInteger(), fc.double({ noNaN: true }), fc.array(text, { maxLength: 5 })),
);

const span: fc.Arbitrary<SpanRecord> = fc.record({
  kind: fc.constantFrom('request', 'phase', 'llm', 'event', 'score'),
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: fc.oneof(fc.constant(''), hex(16)),
  name: text,
  requestId: text,
  startUnixMs: fc.double({ min: 0, max: 4e12, noNaN: true }),
  endUnixMs: fc.double({ min: 1, max: 4e12, noNaN: true }),
  success: fc.boolean(),
  errorType: fc.constantFrom('', 'TypeError'),
  errorMessage: text,
  data: text,
  attributes: fc.uniqueArray(attribute, { maxLength: 8, selector: ([key]) => key }),
});

test('an independent decoder reads what was written, to the microsecond', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 20 }), (spans) => {
      const wire = decodeExport(encodeSpans(resource, spans));
      expect(wire.resource).toEqual({ 'service.name': 'shop' });
      expect(wire.scopeName).toBe('@vedetta/sdk');
      expect(wire.spans).toHaveLength(spans.length);
      spans.forEach((record, i) => {
        const sent = wire.spans[i];
        expect(sent).toMatchObject({
          traceId: record.traceId,
          spanId: record.spanId,
          parentSpanId: record.parentSpanId,
          name: wellFormed(record.name),
          startUnixNano: BigInt(Math.round(record.startUnixMs * 1000)) * 1000n,
          endUnixNano: BigInt(Math.round(record.endUnixMs * 1000)) * 1000n,
          statusCode: record.success ? 0 : 2,
          statusMessage: record.success ? '' : wellFormed(record.errorMessage),
        });
        for (const [key, value] of record.attributes) {
          const expected =
            typeof value === 'string'
              ? wellFormed(value)
              : Array.isArray(value)
                ? value.map((item: string) => wellFormed(item))
                : value;
          expect(sent?.attributes[key]).toEqual(Object.is(expected, -0) ? 0 : expected);
        }
      });
    }),
  );
});
