import type { AttributeValue } from '@vedetta/model';
import fc from 'fast-check';
import type { DecodeLimits } from '../limit/decode-limits.js';
import type { DecodeResult } from '../otlp/decode-result.js';
import type { OtlpRequest, OtlpSpan } from './otlp-request.js';
import { encodeJsonTraces, toKeyValues } from './otlp-request.js';
import { encodeProtobufTraces } from './protobuf-writer.js';

/** A body that may be damaged, and how it is encoded. */
export interface MutatedBody {
  readonly encoding: 'protobuf' | 'json';
  readonly body: Uint8Array;
}

const KEYS = [
  'gen_ai.operation.name',
  'gen_ai.input.messages',
  'gen_ai.prompt.0.content',
  'gen_ai.usage.input_tokens',
  'llm.input_messages.0.message.tool_calls.0.tool_call.function.name',
  'openinference.span.kind',
  'ai.operationId',
  'ai.response.toolCalls',
  'traceloop.span.kind',
  'langfuse.observation.input',
  'langfuse.observation.usage_details',
  'gcp.vertex.agent.llm_request',
  'pydantic_ai.all_messages',
  'vedetta.span.kind',
  'vedetta.running',
  'user.id',
  '__proto__',
  'constructor',
  '',
];

const TEXTS = [
  'LLM',
  'chat',
  'ai.generateText',
  'score',
  '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
  '{"messages":[[{"type":"ai","content":null}]]}',
  '{"input":-1,"input_cached_tokens":"NaN"}',
  '[[[[[[[["deep"]]]]]]]]',
  'Bearer abcdef0123456789',
  'joe@example.com',
  '\u0000\ud800',
];

const value: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...TEXTS),
    fc.string({ maxLength: 40 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(fc.constantFrom('role', 'content', 'parts', '__proto__', 'id'), fc.string({ maxLength: 8 })),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value;

const attributes = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...KEYS), fc.string({ maxLength: 20 })), value), { maxLength: 12 })
  .map((pairs) => pairs.flatMap(([key, member]) => toKeyValues({ [key]: member })));

const id = (bytes: number) =>
  fc
    .oneof(
      { weight: 8, arbitrary: fc.uint8Array({ minLength: bytes, maxLength: bytes }) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
    )
    .map((array) => Buffer.from(array).toString('hex'));

const nanos = fc
  .oneof(
    { weight: 8, arbitrary: fc.bigInt(1_600_000_000_000_000_000n, 1_800_000_000_000_000_000n) },
    { weight: 1, arbitrary: fc.bigInt(0n, (1n << 64n) - 1n) },
  )
  .map(String);

const span: fc.Arbitrary<OtlpSpan> = fc.record({
  traceId: id(16),
  spanId: id(8),
  parentSpanId: fc.oneof(fc.constant(''), id(8)),
  name: fc.string({ maxLength: 30 }),
  kind: fc.integer({ min: 0, max: 7 }),
  startTimeUnixNano: nanos,
  endTimeUnixNano: nanos,
  attributes,
  events: fc.array(
    fc.record({
      name: fc.constantFrom('gen_ai.user.message', 'gen_ai.choice', 'exception', 'x'),
      timeUnixNano: nanos,
      attributes,
    }),
    { maxLength: 3 },
  ),
  links: fc.array(fc.record({ traceId: id(16), spanId: id(8), attributes }), { maxLength: 2 }),
  status: fc.record({ code: fc.integer({ min: 0, max: 3 }), message: fc.string({ maxLength: 20 }) }),
});

/** Well-formed requests of every kind of attribute, with ids and times that are mostly valid. */
export const otlpRequests: fc.Arbitrary<OtlpRequest> = fc
  .array(
    fc.record({
      resource: fc.record({ attributes }),
      scopeSpans: fc.array(
        fc.record({
          scope: fc.record({
            name: fc.constantFrom('ai', 'pydantic-ai', 'ai.koog', 'x', ''),
            version: fc.string({ maxLength: 8 }),
          }),
          spans: fc.array(span, { maxLength: 4 }),
        }),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 3 },
  )
  .map((resourceSpans) => ({ resourceSpans }));

interface Mutation {
  readonly kind: 'flip' | 'cut' | 'insert' | 'double' | 'overwrite';
  readonly at: number;
  readonly byte: number;
  readonly length: number;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('flip', 'cut', 'insert', 'double', 'overwrite'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  byte: fc.oneof(
    fc.constantFrom(0x00, 0x7f, 0x80, 0xff, 0x0a, 0x12, 0x22, 0x5b, 0x7b),
    fc.integer({ min: 0, max: 255 }),
  ),
  length: fc.integer({ min: 1, max: 24 }),
});

/** Bodies of both encodings with up to eight pieces of damage: bytes flipped, cut out, put in, doubled or overwritten. */
export const mutatedBodies: fc.Arbitrary<MutatedBody> = fc
  .tuple(otlpRequests, fc.constantFrom('protobuf' as const, 'json' as const), fc.array(mutation, { maxLength: 8 }))
  .map(([request, encoding, mutations]) => ({
    encoding,
    body: mutations.reduce(mutate, encoding === 'json' ? encodeJsonTraces(request) : encodeProtobufTraces(request)),
  }));

/**
 * What must hold for the result of any body: it is one of the two kinds, counts are sane, and every span that was taken could
 * be stored. Throws an error that says what does not hold.
 */
export function checkDecodeResult(result: DecodeResult, limits: DecodeLimits): void {
  if (result.kind === 'invalid') {
    if (result.message === '') throw new Error('an invalid body without a message');
    return;
  }
  if (!Number.isInteger(result.rejected) || result.rejected < 0) throw new Error(`rejected: ${result.rejected}`);
  if (result.rejected > 0 !== (result.rejectedReason !== '')) throw new Error(`reason: "${result.rejectedReason}"`);
  if (result.spans.length > limits.maxSpans) throw new Error(`${result.spans.length} spans`);
  for (const item of result.spans) {
    if (!/^(?!0+$)[0-9a-f]{32}$/.test(item.traceId)) throw new Error(`trace id ${item.traceId}`);
    if (!/^(?!0+$)[0-9a-f]{16}$/.test(item.spanId)) throw new Error(`span id ${item.spanId}`);
    if (!/^(?:|(?!0+$)[0-9a-f]{16})$/.test(item.parentSpanId)) throw new Error(`parent ${item.parentSpanId}`);
    if (item.startUnixNano <= 0n) throw new Error('start of 0');
    const running = item.endUnixNano === 0n && item.attributes['vedetta.running'] === true;
    if (item.endUnixNano < item.startUnixNano && !running) throw new Error('end before start');
    if (item.endUnixNano >= 1n << 63n) throw new Error('end past 64 signed bits');
  }
}

function mutate(body: Uint8Array, { kind, at, byte, length }: Mutation): Uint8Array {
  const position = Math.min(body.length, Math.floor(at * (body.length + 1)));
  const before = body.subarray(0, position);
  const after = body.subarray(position);
  switch (kind) {
    case 'flip':
      return Buffer.concat([
        before,
        after.length === 0 ? after : Buffer.from([(after[0] ?? 0) ^ (1 << (byte % 8))]),
        after.subarray(1),
      ]);
    case 'cut':
      return Buffer.concat([before, after.subarray(length)]);
    case 'insert':
      return Buffer.concat([before, Buffer.alloc(length, byte), after]);
    case 'double':
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 'overwrite':
      return Buffer.concat([before, Buffer.alloc(Math.min(length, after.length), byte), after.subarray(length)]);
  }
}
