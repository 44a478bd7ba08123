import { expect, it } from 'vitest';
import { wantsColor } from './context.js';
import { createStyle } from './output/style.js';

it.each<[NodeJS.ProcessEnv, boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('colours with %j on a terminal %s: %s', (env, isTerminal, expected) => {
  expect(wantsColor(env, isTerminal)).toBe(expected);
});

it('writes no escape sequence without colours', () => {
  const style = createStyle(false);
  for (const mark of Object.values(style)) expect(mark('text')).toBe('text');
});
