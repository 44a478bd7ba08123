import { describe, expect, it } from 'vitest';
import { foldFinishReason } from './finish-reason.js';

describe('finish reasons', () => {
  it.each([
    ['STOP', 'stop'],
    ['end_turn', 'stop'],
    ['COMPLETE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool-calls', 'tool_call'],
    ['tool_use', 'tool_call'],
    ['SAFETY', 'content_filter'],
    ['guardrail_intervened', 'content_filter'],
  ])('%s is %s', (reason, folded) => {
    expect(foldFinishReason(reason)).toBe(folded);
  });

  it.each(['pause_turn', 'load', 'MALFORMED_FUNCTION_CALL', 'constructor', '__proto__', ''])(
    '%j stays as it is',
    (reason) => {
      expect(foldFinishReason(reason)).toBe(reason);
    },
  );
});
