import type { AttributeValue, Span } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { decodeTraces } from '../otlp/decode-traces.js';
import { encodeProtobufTraces, fromAttributes } from '../testing/index.js';
import { normaliseSpans } from './normalise-spans.js';

type Attributes = { readonly [key: string]: AttributeValue };

function receive(attributes: Attributes, change: (span: Span) => void = () => {}): Span {
  const result = decodeTraces(encodeProtobufTraces(fromAttributes(attributes, 'run')), 'protobuf');
  if (result.kind !== 'ok' || result.spans[0] === undefined) throw new Error('no span');
  change(result.spans[0] as Span);
  return normaliseSpans(result.spans)[0] as Span;
}

const factsOf = (attributes: Attributes) => receive(attributes).facts;

describe('errors', () => {
  const failed = (attributes: Attributes, statusMessage = '', exception?: Attributes) =>
    receive(attributes, (raw) => {
      raw.statusCode = 2;
      raw.statusMessage = statusMessage;
      if (exception !== undefined) raw.events = [{ name: 'exception', timeUnixNano: 1n, attributes: exception }];
    }).facts;

  it('come from error.type, the exception, the HTTP status, the status message', () => {
    const exception = { 'exception.type': 'ValueError', 'exception.message': 'bad value' };
    expect(failed({ 'error.type': 'rate_limit' }, 'slow down')).toEqual({
      errorType: 'rate_limit',
      errorMessage: 'slow down',
    });
    expect(failed({}, 'ignored', exception)).toEqual({ errorType: 'ValueError', errorMessage: 'bad value' });
    expect(failed({ 'http.response.status_code': 502 })).toEqual({ errorType: '502' });
    expect(failed({}, 'boom')).toEqual({ errorMessage: 'boom' });
  });

  it('an exception that did not end the span is none', () => {
    const span = receive({}, (raw) => {
      raw.events = [{ name: 'exception', timeUnixNano: 1n, attributes: { 'exception.type': 'Retry' } }];
    });
    expect(span.facts).toEqual({});
  });

  it.each([
    ['TimeoutError', 'timeout'],
    ['asyncio.TimeoutError', 'timeout'],
    ['openai.APITimeoutError', 'timeout'],
    ['ETIMEDOUT', 'timeout'],
    ['DEADLINE_EXCEEDED', 'timeout'],
    ['504', 'timeout'],
    ['AbortError', 'cancelled'],
    ['CancelledError', 'cancelled'],
    ['499', 'cancelled'],
    ['RateLimitError', undefined],
    ['500', undefined],
  ])('%s means %s', (type, state) => {
    expect(failed({ 'error.type': type }).state).toBe(state);
  });

  it.each([
    ['context deadline exceeded', 'timeout'],
    ['context canceled', 'cancelled'],
    ['This operation was aborted', 'cancelled'],
    ['bad request', undefined],
  ])('a message says it where no type does: %s', (message, state) => {
    expect(failed({}, message).state).toBe(state);
    expect(failed({ 'error.type': 'ValueError' }, message).state).toBeUndefined();
  });
});

describe('modality', () => {
  it.each([
    [{ 'gen_ai.operation.name': 'embeddings' }, 'embedding'],
    [{ 'gen_ai.operation.name': 'chat' }, 'text'],
    [{ 'gen_ai.operation.name': 'chat', 'gen_ai.output.type': 'speech' }, 'audio'],
    [{ 'gen_ai.operation.name': 'chat', 'gen_ai.usage.audio.input_tokens': 5 }, 'audio'],
    [{ 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'x' }, undefined],
    [{ 'gen_ai.operation.name': 'chat', 'vedetta.modality': 'video' }, 'video'],
  ])('of %j is %s', (attributes, modality) => {
    expect(factsOf(attributes as unknown as Attributes).modality).toBe(modality);
  });

  it('is multimodal when there are several kinds of media', () => {
    const uri = (modality: string) => ({ type: 'uri', modality, uri: `https://example.org/${modality}` });
    const chat = (...kinds: string[]) => ({
      'gen_ai.operation.name': 'chat',
      'gen_ai.input.messages': JSON.stringify([
        { role: 'user', parts: [{ type: 'text', content: 'see' }, ...kinds.map(uri)] },
      ]),
    });
    expect(factsOf(chat('video')).modality).toBe('video');
    expect(factsOf(chat('image', 'audio')).modality).toBe('multimodal');
  });
});
