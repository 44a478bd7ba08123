import type { Span } from '@vedetta/client';
import { describe, expect, it } from 'vitest';
import { readConversations } from './read-messages.js';

function span(name: string, offsetMs: number, genAi: Record<string, unknown> | null): Span {
  return {
    trace_id: '1'.repeat(32),
    span_id: name,
    parent_span_id: '',
    request_id: 'r',
    name,
    kind: 'client',
    start_time: '2026-11-21T10:00:00.000000Z',
    end_time: null,
    offset_ms: offsetMs,
    duration_ms: 1,
    status: 'unset',
    status_message: '',
    service: 's',
    scope_name: '',
    scope_version: '',
    resource: {},
    attributes: {},
    events: [],
    links: [],
    gen_ai: genAi,
  };
}

const user = (content: string) => [{ role: 'user', parts: [{ type: 'text', content }] }];

describe('readConversations', () => {
  it('gives one conversation a call, in order of start', () => {
    const conversations = readConversations([
      span('second', 20, { input_messages: user('b') }),
      span('no call', 0, null),
      span('first', 10, { input_messages: user('a'), output_messages: [{ role: 'assistant', parts: [] }] }),
    ]);
    expect(conversations.map(({ span: { name } }) => name)).toEqual(['first', 'second']);
    expect(conversations[0]?.input[0]?.parts).toEqual([{ type: 'text', content: 'a' }]);
  });

  it('leaves out an agent that repeats the messages of its calls', () => {
    const agent = span('agent', 0, { aggregate: true, input_messages: user('a') });
    const call = span('call', 1, { aggregate: false, input_messages: user('a') });
    expect(readConversations([agent, call]).map(({ span: { name } }) => name)).toEqual(['call']);
    expect(readConversations([agent]).map(({ span: { name } }) => name)).toEqual(['agent']);
  });

  it('takes messages of any shape without failing', () => {
    const odd = {
      input_messages: [null, 'text', { role: 5 }, { parts: ['x', { content: 1 }] }],
      output_messages: 'none',
    };
    expect(readConversations([span('odd', 0, odd)])[0]?.input).toEqual([
      { role: 'unknown', parts: [] },
      { role: 'unknown', parts: [{ content: 1, type: 'unknown' }] },
    ]);
  });

  it('is empty where nothing was recorded', () => {
    expect(readConversations([span('a', 0, { operation: 'chat' }), span('b', 0, null)])).toEqual([]);
  });
});
