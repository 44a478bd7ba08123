import { describe, expect, it } from 'vitest';
import { suggest } from './suggest.js';

describe('suggest', () => {
  it.each([
    ['', []],
    ['mod', ['model:', 'modality:']],
    ['x -stat', ['x -status:']],
    ['status:f', ['status:failed ']],
    ['status:failed,ti', ['status:failed,timeout ']],
    ['(stream:t', ['(stream:true ']],
    ['model:gpt', []],
    ['nothing:x', []],
    ['"mod', []],
    ['latency:>2s ', []],
  ])('%s', (text, expected) => {
    expect(suggest(text).map((suggestion) => suggestion.text)).toEqual(expected);
  });

  it('offers no value twice', () => {
    expect(suggest('status:failed,').map((suggestion) => suggestion.label)).not.toContain('failed');
  });
});
