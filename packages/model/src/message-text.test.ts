import { describe, expect, it } from 'vitest';
import type { Message } from './message.js';
import { answerText, cutText, lastUserText } from './message-text.js';

const text = (role: string, ...contents: string[]): Message => ({
  role,
  parts: contents.map((content) => ({ type: 'text', content })),
});

describe('lastUserText', () => {
  it('takes the last user message and joins its text parts', () => {
    const messages = [
      text('system', 'be kind'),
      text('user', 'first'),
      text('assistant', 'yes?'),
      text('user', 'what', ' now\n'),
    ];
    expect(lastUserText(messages)).toBe('what now');
  });

  it('passes over a user message without text', () => {
    const picture: Message = {
      role: 'user',
      parts: [{ type: 'uri', modality: 'image', uri: 'https://example.org/a.png' }],
    };
    expect(lastUserText([text('user', 'look'), picture])).toBe('look');
  });

  it('is empty when there is none', () => {
    expect(lastUserText(undefined)).toBe('');
    expect(lastUserText([text('assistant', 'hello')])).toBe('');
  });

  it('cuts at 200 code points', () => {
    const cut = lastUserText([text('user', '😀'.repeat(5000))]);
    expect([...cut]).toHaveLength(200);
    expect(cut).not.toMatch(/\p{Surrogate}/u);
    expect(cut.endsWith('…')).toBe(true);
  });
});

describe('answerText', () => {
  it('takes the first answer with text and leaves the history out', () => {
    const call: Message = { role: 'assistant', parts: [{ type: 'tool_call', name: 'search' }] };
    expect(answerText([text('user', 'q'), call, text('assistant', 'a'), text('assistant', 'b')])).toBe('a');
  });
});

describe('cutText', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['😀😀😀', 3, '😀😀😀'],
    ['😀😀😀😀', 3, '😀😀…'],
    ['', 3, ''],
  ])('%s to %d', (value, max, expected) => {
    expect(cutText(value, max)).toBe(expected);
  });
});
