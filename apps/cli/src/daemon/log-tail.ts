import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** Most that is read from the end of a log to find its last lines. */
const TAIL_BYTES = 4_000_000;

/**
 * The last lines of a file, without the final line break; `''` when it is empty or not there.
 * @param fromByte bytes before it are left out
 */
export function tailText(file: string, lines: number, fromByte = 0): string {
  const text = readFrom(file, (size) => Math.max(Math.min(fromByte, size), size - TAIL_BYTES)).text;
  return text.replace(/\n$/, '').split('\n').slice(-lines).join('\n');
}

/** What a file holds from a position on, and the position after it; a file that has become shorter is read from its start. */
export function readNewText(file: string, position: number): { readonly text: string; readonly position: number } {
  return readFrom(file, (size) => (size < position ? 0 : position));
}

/** Where a file ends now; 0 when it is not there. */
export function endPosition(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function readFrom(file: string, start: (size: number) => number): { text: string; position: number } {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch {
    return { text: '', position: 0 };
  }
  try {
    const { size } = fstatSync(descriptor);
    const from = start(size);
    const buffer = Buffer.alloc(Math.min(size - from, TAIL_BYTES));
    const length = readSync(descriptor, buffer, 0, buffer.length, from);
    // Up to the last whole line: the rest of a line may be a write that is under way, or half a character.
    const end = buffer.subarray(0, length).lastIndexOf(10) + 1;
    const whole = end === 0 ? length : end;
    return { text: buffer.toString('utf8', 0, whole), position: from + whole };
  } finally {
    closeSync(descriptor);
  }
}
