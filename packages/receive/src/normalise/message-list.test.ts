import type { AttributeValue } from '@vedetta/model';
import { describe, expect, it } from 'vitest';
import { toMessages } from './message-list.js';

const ASKED = [{ role: 'user', parts: [{ type: 'text', content: 'hi' }] }];
const CALL = { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'add', arguments: { a: 1 } }] };
const RESPONSE = { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: '2' }] };

// Every provider's way to write the same.
const SHAPES: readonly (readonly [string, AttributeValue, AttributeValue])[] = [
  ['text', 'hi', ASKED],
  ['GenAI', ASKED, ASKED],
  ['JSON text', JSON.stringify(ASKED), ASKED],
  ['OpenAI chat', [{ role: 'user', content: 'hi' }], ASKED],
  [
    'OpenAI chat with parts',
    { model: 'm', messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] },
    ASKED,
  ],
  [
    'OpenAI chat completion',
    {
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
          },
        },
      ],
    },
    [{ ...CALL, finish_reason: 'tool_call' }],
  ],
  ['OpenAI tool message', [{ role: 'tool', tool_call_id: 'c1', content: '2' }], [RESPONSE]],
  [
    'OpenAI responses',
    {
      output: [
        { type: 'function_call', call_id: 'c1', name: 'add', arguments: '{"a":1}' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'hi' }] },
      ],
    },
    [CALL, { role: 'assistant', parts: [{ type: 'text', content: 'hi' }] }],
  ],
  [
    'OpenAI responses tool output',
    [
      { role: 'user', content: 'hi' },
      { type: 'function_call_output', call_id: 'c1', output: '2' },
    ],
    [...ASKED, RESPONSE],
  ],
  [
    'Anthropic',
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'tool_use', id: 'c1', name: 'add', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
    },
    [{ role: 'assistant', parts: [{ type: 'reasoning', content: 'hm' }, ...CALL.parts], finish_reason: 'tool_call' }],
  ],
  [
    'Anthropic tool result',
    [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '2' }] }],
    [{ ...RESPONSE, role: 'user' }],
  ],
  ['Gemini', { contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }, ASKED],
  [
    'Gemini response',
    {
      candidates: [
        {
          content: { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'add', args: { a: 1 } } }] },
          finishReason: 'STOP',
        },
      ],
    },
    [{ ...CALL, finish_reason: 'stop' }],
  ],
  [
    'Vercel',
    [
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: '{"a":1}' }] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'add', output: { type: 'text', value: '2' } }],
      },
    ],
    [CALL, RESPONSE],
  ],
  ['Vercel calls', [{ toolCallId: 'c1', toolName: 'add', args: { a: 1 } }], [CALL]],
  [
    'Vercel prompt',
    { system: 'be kind', prompt: 'hi' },
    [{ role: 'system', parts: [{ type: 'text', content: 'be kind' }] }, ...ASKED],
  ],
  [
    'LangChain',
    [
      [
        { type: 'human', content: 'hi' },
        { type: 'ai', content: '', tool_calls: [{ name: 'add', args: { a: 1 }, id: 'c1' }] },
        { type: 'tool', content: '2', tool_call_id: 'c1' },
      ],
    ],
    [...ASKED, CALL, RESPONSE],
  ],
  [
    'Ollama',
    { model: 'm', message: { role: 'assistant', content: 'hi' }, done: true },
    [{ role: 'assistant', parts: [{ type: 'text', content: 'hi' }] }],
  ],
  ['an envelope', { input: { question: 'hi' } }, ASKED],
  ['a call by arguments', { args: ['hi'], kwargs: {} }, ASKED],
];

describe('toMessages', () => {
  it.each(SHAPES)('%s', (_, value, expected) => {
    expect(toMessages(value, 'user')).toEqual(expected);
  });

  it.each([
    ['nothing', undefined],
    ['empty text', ''],
    ['no message', { temperature: 1 }],
    ['numbers', [1, 2]],
    ['an empty list', []],
    ['null', null],
  ])('%s is none', (_, value) => {
    expect(toMessages(value as AttributeValue, 'user')).toBeUndefined();
  });

  it.each([
    [
      { type: 'image_url', image_url: { url: 'https://example.org/a.png' } },
      { type: 'uri', modality: 'image', uri: 'https://example.org/a.png' },
    ],
    [
      { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'QUJD' } },
      { type: 'blob', modality: 'image', mime_type: 'image/jpeg', content: 'QUJD' },
    ],
    [
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
      { type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: 'QUJD' },
    ],
    [
      { type: 'file', data: 'QUJD', mediaType: 'video/mp4' },
      { type: 'blob', modality: 'video', mime_type: 'video/mp4', content: 'QUJD' },
    ],
    [
      { inline_data: { mime_type: 'image/png', data: 'QUJD' } },
      { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'QUJD' },
    ],
    [
      { type: 'file', file: { file_id: 'f1' } },
      { type: 'file', modality: 'document', file_id: 'f1' },
    ],
    [
      { type: 'novel', x: 1 },
      { type: 'novel', x: 1 },
    ],
  ])('keeps media: %j', (part, expected) => {
    expect(toMessages([{ role: 'user', content: [part] }] as AttributeValue, 'user')).toEqual([
      { role: 'user', parts: [expected] },
    ]);
  });

  it('ends on an envelope without end', () => {
    let value: AttributeValue = 'x';
    for (let i = 0; i < 100; i++) value = { input: [{ input: value }] };
    expect(toMessages(value, 'user')).toBeUndefined();
  });
});
