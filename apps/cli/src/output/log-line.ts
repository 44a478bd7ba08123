import type { Style } from './style.js';
import { printable } from './table.js';

const LEVELS: ReadonlyArray<readonly [atLeast: number, name: string]> = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
  [20, 'debug'],
  [0, 'trace'],
];
/** Members of every line that say nothing about it. */
const LEFT_OUT = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name']);

/** A line of the server's JSON log for people: time, level, message, then what else it says. Other lines stay as they are. */
export function formatLogLine(line: string, style: Style): string {
  const entry = parseEntry(line);
  if (entry === undefined) return printable(line);
  const level = LEVELS.find(([atLeast]) => Number(entry.level) >= atLeast)?.[1] ?? 'info';
  const mark = level === 'error' || level === 'fatal' ? style.bad : level === 'warn' ? style.warning : style.dim;
  const rest = Object.entries(entry)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const time = new Date(entry.time as number | string);
  const clock = Number.isNaN(time.getTime()) ? '' : time.toISOString().replace('T', ' ').replace('Z', '');
  const message = typeof entry.msg === 'string' ? entry.msg : '';
  const tail = rest.length === 0 ? '' : ` ${style.dim(printable(rest.join(' ')))}`;
  return `${style.dim(clock)} ${mark(level.padEnd(5))} ${printable(message)}${tail}`;
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    return 'level' in entry ? entry : undefined;
  } catch {
    return undefined;
  }
}
