import type { AttributeValue, Message, MessagePart, Span } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { normaliseSpans } from '../normalise/normalise-spans.js';
import { decodeTraces } from '../otlp/decode-traces.js';
import { encodeProtobufTraces, fromAttributes } from '../testing/index.js';
import type { ContentMode } from './content-policy.js';
import { redactSpans } from './redact-spans.js';

const LONG = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
const EMAIL = 'joe@example.com';

function receive(attributes: { readonly [key: string]: AttributeValue }): Span {
  const result = decodeTraces(encodeProtobufTraces(fromAttributes(attributes)), 'protobuf');
  if (result.kind !== 'ok' || result.spans[0] === undefined) throw new Error('no span');
  const [span] = normaliseSpans(result.spans);
  return span as Span;
}

function redacted(attributes: { readonly [key: string]: AttributeValue }, mode: ContentMode): Span {
  const span = receive(attributes);
  redactSpans([span], { mode });
  return span;
}

function partOf(messages: readonly Message[] | undefined): MessagePart & { readonly [member: string]: AttributeValue } {
  const part = messages?.[0]?.parts[0];
  if (part === undefined) throw new Error('no message');
  return part as never;
}

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.request.model': 'm1',
  'gen_ai.usage.input_tokens': 12,
  'gen_ai.input.messages': JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: `${EMAIL} ${LONG}` }] }]),
  'gen_ai.output.messages': JSON.stringify([
    { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'mail', arguments: { to: EMAIL, body: LONG } }] },
  ]),
  'gen_ai.tool.definitions': JSON.stringify([
    { type: 'function', name: 'mail', description: LONG, parameters: { a: LONG } },
  ]),
  'app.note': `ask ${EMAIL}`,
  'vedetta.custom_data': JSON.stringify({ note: EMAIL, n: 3, ok: true }),
};

describe('mode preview', () => {
  it('masks, then cuts every text of the conversation to 200 characters', () => {
    const { genAi, attributes, facts } = redacted(CHAT, 'preview');
    const { content: text } = partOf(genAi?.inputMessages);
    expect(text).toHaveLength(200);
    expect(text).toMatch(/^\[redacted:email\] The quick .*…$/);
    const call = partOf(genAi?.outputMessages);
    expect(call).toMatchObject({ name: 'mail', id: 'c1' });
    expect(call.arguments).toHaveLength(200);
    expect(call.arguments).toMatch(/^\{"to":"\[redacted:email\]","body":"The quick .*…$/);
    expect(genAi?.toolDefinitions).toEqual([
      { type: 'function', name: 'mail', description: expect.stringMatching(/^.{199}…$/) },
    ]);
    expect(attributes['gen_ai.input.messages']).toHaveLength(200);
    expect(attributes['app.note']).toBe('ask [redacted:email]');
    expect(JSON.parse(facts.customData ?? '')).toEqual({ note: '[redacted:email]', n: 3, ok: true });
  });

  it('reports what it did', () => {
    const report = redactSpans([receive(CHAT)], { mode: 'preview' });
    expect(report.found.email).toBeGreaterThanOrEqual(4);
    expect(report.cut).toBeGreaterThanOrEqual(5);
  });

  it('cuts to the length asked for', () => {
    const span = receive({ 'gen_ai.prompt': LONG });
    redactSpans([span], { mode: 'preview', previewCodePoints: 20 });
    expect(span.attributes['gen_ai.prompt']).toBe('The quick brown fox…');
  });

  it('leaves embeddings and the bytes of images out', () => {
    const image = [
      {
        role: 'user',
        parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA'.repeat(10) }],
      },
    ];
    const { genAi, attributes, facts } = redacted(
      { ...CHAT, 'gen_ai.input.messages': JSON.stringify(image), 'ai.embedding': [0.5, 0.25] },
      'preview',
    );
    expect(genAi?.inputMessages?.[0]?.parts[0]).toEqual({
      type: 'blob',
      modality: 'image',
      mime_type: 'image/png',
      content: '',
    });
    expect(attributes).not.toHaveProperty('ai.embedding');
    expect(facts.modality).toBe('image');
  });
});

describe('mode full', () => {
  it('masks and keeps the rest', () => {
    const { genAi } = redacted({ ...CHAT, 'ai.embedding': [0.5] }, 'full');
    expect(genAi?.inputMessages).toEqual([
      { role: 'user', parts: [{ type: 'text', content: `[redacted:email] ${LONG}` }] },
    ]);
    expect(genAi?.toolDefinitions).toHaveLength(1);
    expect(redacted({ 'ai.embedding': [0.5] }, 'full').attributes['ai.embedding']).toEqual([0.5]);
  });
});

describe('mode off', () => {
  it('keeps no text of prompts and responses, and all numbers and names', () => {
    const { genAi, attributes } = redacted(CHAT, 'off');
    expect(genAi).toEqual({
      operation: 'chat',
      requestModel: 'm1',
      usage: { inputTokens: 12, source: 'reported' },
      aggregate: false,
      dialects: ['gen_ai'],
    });
    expect(Object.keys(attributes)).toEqual([
      'gen_ai.operation.name',
      'gen_ai.request.model',
      'gen_ai.usage.input_tokens',
      'app.note',
      'vedetta.custom_data',
    ]);
  });
});

describe('mode numbers', () => {
  it('keeps numbers, booleans and what the list allows', () => {
    const { genAi, attributes, facts } = redacted(
      { ...CHAT, 'app.count': 3, 'app.ok': true, 'error.type': 'Timeout', 'error.message': 'of Joe' },
      'numbers',
    );
    expect(Object.keys(attributes)).toEqual([
      'gen_ai.operation.name',
      'gen_ai.request.model',
      'gen_ai.usage.input_tokens',
      'app.count',
      'app.ok',
      'error.type',
    ]);
    expect(facts).toMatchObject({ customData: '{"n":3,"ok":true}', errorType: 'Timeout', state: 'timeout' });
    expect(facts).not.toHaveProperty('errorMessage');
    expect(genAi).not.toHaveProperty('inputMessages');
  });
});

// One content key of each dialect; the text must be cut in preview and gone in off and numbers.
const CONTENT_KEYS = [
  'gen_ai.prompt',
  'gen_ai.prompt.0.content',
  'gen_ai.completion.0.content',
  'gen_ai.system_instructions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'llm.input_messages.0.message.content',
  'llm.input_messages.0.message.contents.1.message_content.text',
  'llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments',
  'llm.invocation_parameters',
  'input.value',
  'output.value',
  'retrieval.documents.0.document.content',
  'embedding.embeddings.0.embedding.text',
  'ai.prompt',
  'ai.prompt.messages',
  'ai.response.text',
  'ai.toolCall.args',
  'ai.value',
  'traceloop.entity.input',
  'traceloop.entity.output',
  'langfuse.observation.input',
  'langfuse.trace.output',
  'gcp.vertex.agent.llm_request',
  'gcp.vertex.agent.tool_response',
  'pydantic_ai.all_messages',
  'final_result',
];

describe.each(CONTENT_KEYS)('the content key %s', (key) => {
  it('follows the mode', () => {
    expect(redacted({ [key]: LONG }, 'full').attributes[key]).toBe(LONG);
    expect(redacted({ [key]: LONG }, 'preview').attributes[key]).toHaveLength(200);
    for (const mode of ['off', 'numbers'] as const) {
      const span = redacted({ [key]: LONG }, mode);
      expect(span.attributes).toEqual({});
      expect(JSON.stringify([span.genAi, span.facts])).not.toContain('quick brown');
    }
  });
});

describe('in every mode', () => {
  it.each(['off', 'preview', 'full', 'numbers'] as const)('%s: no secret is left anywhere', (mode) => {
    const span = receive({
      'http.url': `https://x.org/?mail=${EMAIL}`,
      'user.id': EMAIL,
      list: [EMAIL],
      map: { a: { b: EMAIL } },
      'gen_ai.request.model': EMAIL,
    });
    span.name = `GET ${EMAIL}`;
    span.statusMessage = EMAIL;
    span.events = [{ name: EMAIL, timeUnixNano: 1n, attributes: { 'exception.message': EMAIL } }];
    span.links = [{ traceId: span.traceId, spanId: span.spanId, attributes: { why: EMAIL } }];
    span.origin = { serviceName: EMAIL, resource: { owner: EMAIL }, scopeName: EMAIL, scopeVersion: EMAIL };
    redactSpans([span], { mode });
    const stored = JSON.stringify(span, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(stored).not.toContain(EMAIL);
  });

  it.each(['off', 'preview', 'full', 'numbers'] as const)('%s: JSON text of any depth is no crash', (mode) => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const keys = [
      'gen_ai.tool.call.arguments',
      'gen_ai.input.messages',
      'input.value',
      'langfuse.observation.usage_details',
    ];
    const span = redacted(
      { 'openinference.span.kind': 'TOOL', ...Object.fromEntries(keys.map((key) => [key, deep])) },
      mode,
    );
    expect(span.genAi?.operation).toBe('execute_tool');
  });

  it('masks what a key names a credential, whatever it looks like', () => {
    const { attributes } = redacted(
      { 'http.request.header.authorization': ['x'], 'db.password': 'abc', 'app.api_key': 'k' },
      'full',
    );
    expect(attributes).toEqual({
      'http.request.header.authorization': '[redacted:credential]',
      'db.password': '[redacted:credential]',
      'app.api_key': '[redacted:credential]',
    });
  });

  it('keeps one origin for the spans that share one, and the request id as it is', () => {
    const [a, b] = [receive({ 'vedetta.request.id': EMAIL }), receive({})];
    b.origin = a.origin;
    redactSpans([a, b], { mode: 'preview' });
    expect(a.origin).toBe(b.origin);
    expect(a.facts.requestId).toBe(EMAIL);
  });
});
