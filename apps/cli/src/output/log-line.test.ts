import { expect, it } from 'vitest';
import { formatLogLine } from './log-line.js';
import { createStyle } from './style.js';

const PLAIN = createStyle(false);

it('shows time, level, message and what else the line says', () => {
  const line = JSON.stringify({ level: 40, time: 1_795_000_000_123, pid: 7, msg: 'slow', ms: 12, path: '/x' });
  expect(formatLogLine(line, PLAIN)).toBe('2026-11-18 11:06:40.123 warn  slow ms=12 path=/x');
});

it.each([
  [10, 'trace'],
  [20, 'debug'],
  [30, 'info '],
  [50, 'error'],
  [60, 'fatal'],
])('names level %d', (level, name) => {
  expect(formatLogLine(JSON.stringify({ level, time: 0, msg: 'm' }), PLAIN)).toContain(` ${name} m`);
});

it.each(['plain text', '{broken', '{"no":"level"}', '[1]'])('leaves %j as it is', (line) => {
  expect(formatLogLine(line, PLAIN)).toBe(line);
});

it('lets no line move the cursor', () => {
  const line = JSON.stringify({ level: 30, time: 'never', msg: 'a\u001b[2J', evil: '\u001b]0;' });
  expect(formatLogLine(line, PLAIN)).toBe(' info  a\\x1b[2J evil=\\x1b]0;');
  expect(formatLogLine('\u001b[31mred', PLAIN)).toBe('\\x1b[31mred');
});
