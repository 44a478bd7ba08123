import { describe, expect, it } from 'vitest';
import type { ContentKind, Endpoint } from './provider.js';
import { findProvider } from './providers.js';

function endpoint(provider: string, path: string): Endpoint {
  const found = findProvider(provider)?.match('POST', path);
  if (found === undefined) throw new Error(`no endpoint at ${path}`);
  return found;
}

function run(provider: string, path: string, events: readonly unknown[]) {
  const reader = endpoint(provider, path).readResponse();
  const kinds: ContentKind[] = events.map((event) => reader.event(event, ''));
  return { kinds, facts: reader.facts() };
}

const delta = (value: unknown, rest: object = {}) => ({ choices: [{ index: 0, delta: value, ...rest }] });

describe('pieces of content', () => {
  it('chat: roles and empty text are none, reasoning is told apart, calls are put together by number', () => {
    const call = (index: number, piece: object) => delta({ tool_calls: [{ index, ...piece }] });
    const { kinds, facts } = run('vllm', '/v1/chat/completions', [
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'Let me' }),
      delta({ reasoning: ' think' }),
      delta({ content: 'Sure.' }),
      call(0, { id: 'a', function: { name: 'weather', arguments: '' } }),
      call(1, { id: 'b', function: { name: 'time', arguments: '{"z' } }),
      call(0, { function: { arguments: '{"city":"Paris"}' } }),
      call(1, { function: { arguments: 'one":1}' } }),
      delta({}, { finish_reason: 'tool_calls' }),
      '[DONE]',
    ]);
    expect(kinds).toEqual(['none', 'reasoning', 'reasoning', 'visible', ...Array(4).fill('tool_call'), 'none', 'none']);
    expect(facts).toEqual({
      finishReasons: ['tool_call'],
      outputMessages: [
        {
          role: 'assistant',
          finish_reason: 'tool_call',
          parts: [
            { type: 'reasoning', content: 'Let me think' },
            { type: 'text', content: 'Sure.' },
            { type: 'tool_call', name: 'weather', id: 'a', arguments: { city: 'Paris' } },
            { type: 'tool_call', name: 'time', id: 'b', arguments: { zone: 1 } },
          ],
        },
      ],
      ended: true,
    });
  });

  it('messages: input of a tool comes in pieces, or not at all', () => {
    const block = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
    const piece = (index: number, value: object) => ({ type: 'content_block_delta', index, delta: value });
    const { kinds, facts } = run('anthropic', '/v1/messages', [
      { type: 'message_start', message: { id: 'm1', model: 'claude', usage: { input_tokens: 1, output_tokens: 1 } } },
      { type: 'ping' },
      block(0, { type: 'thinking', thinking: '' }),
      piece(0, { type: 'thinking_delta', thinking: 'Hm.' }),
      piece(0, { type: 'signature_delta', signature: 'xyz' }),
      block(1, { type: 'text', text: '' }),
      piece(1, { type: 'text_delta', text: 'Looking.' }),
      block(2, { type: 'tool_use', id: 't1', name: 'now', input: {} }),
      piece(2, { type: 'input_json_delta', partial_json: '' }),
      block(3, { type: 'tool_use', id: 't2', name: 'weather', input: {} }),
      piece(3, { type: 'input_json_delta', partial_json: '{"city":' }),
      piece(3, { type: 'input_json_delta', partial_json: '"Paris"}' }),
      { type: 'some_event_of_next_year', data: 1 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 50 } },
      { type: 'message_stop' },
    ]);
    expect(kinds.filter((kind) => kind !== 'none')).toEqual(['reasoning', 'visible', ...Array(4).fill('tool_call')]);
    expect(facts.outputMessages?.[0]?.parts).toEqual([
      { type: 'reasoning', content: 'Hm.' },
      { type: 'text', content: 'Looking.' },
      { type: 'tool_call', name: 'now', id: 't1', arguments: {} },
      { type: 'tool_call', name: 'weather', id: 't2', arguments: { city: 'Paris' } },
    ]);
    expect(facts).toMatchObject({
      finishReasons: ['tool_call'],
      ended: true,
      usage: { inputTokens: 1, outputTokens: 50 },
    });
  });

  it('responses: what the deltas brought stands when the end never comes, and is not doubled when it does', () => {
    const events = [
      {
        type: 'response.created',
        response: { id: 'r1', model: 'gpt', status: 'in_progress', output: [], usage: null },
      },
      { type: 'response.reasoning_summary_text.delta', output_index: 0, delta: 'Plan.' },
      { type: 'response.output_text.delta', output_index: 1, delta: 'Hi' },
      {
        type: 'response.output_item.added',
        output_index: 2,
        item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '' },
      },
      { type: 'response.function_call_arguments.delta', output_index: 2, delta: '{"a":1}' },
      {
        type: 'response.output_item.done',
        output_index: 2,
        item: { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
      },
    ];
    const parts = [
      { type: 'reasoning', content: 'Plan.' },
      { type: 'text', content: 'Hi' },
      { type: 'tool_call', name: 'f', id: 'c', arguments: { a: 1 } },
    ];
    const cut = run('openai', '/v1/responses', events);
    expect(cut.kinds).toEqual(['none', 'reasoning', 'visible', 'tool_call', 'tool_call', 'tool_call']);
    expect(cut.facts).toMatchObject({ ended: false, outputMessages: [{ role: 'assistant', parts }] });
    const { facts } = run('openai', '/v1/responses', [
      ...events,
      {
        type: 'response.completed',
        response: {
          status: 'completed',
          output: [
            { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Plan.' }] },
            { type: 'message', content: [{ type: 'output_text', text: 'Hi' }] },
            { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
          ],
          usage: { input_tokens: 5, output_tokens: 6, total_tokens: 11 },
        },
      },
    ]);
    expect(facts).toMatchObject({
      ended: true,
      finishReasons: ['tool_call'],
      usage: { inputTokens: 5, outputTokens: 6 },
    });
    expect(facts.outputMessages?.[0]?.parts).toEqual(parts);
  });

  it('Gemini: calls are whole and end with STOP, thoughts are reasoning', () => {
    const { kinds, facts } = run('gemini', '/v1beta/models/m:streamGenerateContent', [
      { candidates: [{ content: { parts: [{ text: 'Hm', thought: true }] } }] },
      { candidates: [{ content: { parts: [{ functionCall: { name: 'f', args: { a: 1 } } }] }, finishReason: 'STOP' }] },
    ]);
    expect(kinds).toEqual(['reasoning', 'tool_call']);
    expect(facts.finishReasons).toEqual(['tool_call']);
    expect(facts.outputMessages?.[0]?.parts[1]).toEqual({ type: 'tool_call', name: 'f', arguments: { a: 1 } });
  });

  it('Gemini: a refused prompt has no candidate and status 200', () => {
    const { facts } = run('gemini', '/v1beta/models/m:generateContent', [
      { promptFeedback: { blockReason: 'SAFETY' } },
    ]);
    expect(facts).toEqual({
      finishReasons: ['content_filter'],
      outputMessages: [{ role: 'assistant', parts: [], finish_reason: 'content_filter' }],
      ended: true,
    });
  });

  it.each([
    ['openai', '/v1/chat/completions', { error: { message: 'no', type: 'server_error', code: null } }, 'server_error'],
    [
      'anthropic',
      '/v1/messages',
      { type: 'error', error: { type: 'overloaded_error', message: 'no' } },
      'overloaded_error',
    ],
    ['ollama', '/api/chat', { error: 'no' }, 'error'],
    ['openai', '/v1/responses', { type: 'error', code: 'server_error', message: 'no' }, 'server_error'],
    [
      'gemini',
      '/v1beta/models/m:streamGenerateContent',
      { error: { code: 429, message: 'no', status: 'RESOURCE_EXHAUSTED' } },
      'RESOURCE_EXHAUSTED',
    ],
    [
      'vllm',
      '/v1/chat/completions',
      { object: 'error', message: 'no', type: 'BadRequestError', code: 400 },
      'BadRequestError',
    ],
  ])('%s %s: an error inside a stream is told', (provider, path, event, type) => {
    expect(run(provider, path, [event]).facts.error).toMatchObject({ type, message: 'no' });
  });
});

describe('usage on request', () => {
  const chat = endpoint('openai', '/v1/chat/completions');
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };

  it('is asked of streams that do not ask for it, beside their other options', () => {
    expect(chat.usageOption?.({ stream: true })?.members).toEqual({ stream_options: { include_usage: true } });
    const options = { stream: true, stream_options: { include_obfuscation: false, include_usage: false } };
    expect(chat.usageOption?.(options)?.members).toEqual({
      stream_options: { include_obfuscation: false, include_usage: true },
    });
  });

  it.each([
    [{}],
    [{ stream: false }],
    [{ stream: true, stream_options: { include_usage: true } }],
    [[]],
    [null],
    ['x'],
  ])('is not asked with %j', (body) => {
    expect(chat.usageOption?.(body)).toBeUndefined();
  });

  it('only the chunk that exists because of it is extra', () => {
    const isExtra = (chunk: unknown) => chat.usageOption?.({ stream: true })?.isExtraEvent(chunk);
    expect(isExtra({ choices: [], usage })).toBe(true);
    expect(isExtra({ choices: [], prompt_filter_results: [{}] })).toBe(false);
    expect(isExtra({ choices: [], usage: null, prompt_filter_results: [{}] })).toBe(false);
    expect(isExtra({ choices: [{ index: 0, delta: {} }], usage })).toBe(false);
    expect(isExtra('[DONE]')).toBe(false);
  });

  it('is not asked of those that tell it by themselves', () => {
    expect(endpoint('groq', '/openai/v1/chat/completions').usageOption).toBeUndefined();
    expect(endpoint('mistral', '/v1/chat/completions').usageOption).toBeUndefined();
    expect(endpoint('anthropic', '/v1/messages').usageOption).toBeUndefined();
  });
});
