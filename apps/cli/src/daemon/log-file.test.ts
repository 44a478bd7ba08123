import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logFilePath, openLog, openLogWriter, rotateLog } from './log-file.js';
import { endPosition, readNewText, tailText } from './log-tail.js';

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vedetta-log-'));
  file = logFilePath(dir);
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('rotateLog', () => {
  it('leaves a small log alone', () => {
    writeFileSync(file, 'short');
    expect(rotateLog(dir, 10)).toBe(false);
    expect(rotateLog(join(dir, 'gone'), 10)).toBe(false);
  });

  it('keeps four old ones and loses nothing that an open descriptor writes later', () => {
    const descriptor = openLog(dir);
    for (let round = 1; round <= 6; round++) {
      writeSync(descriptor, `round ${round}\n`.padEnd(20, '.'));
      expect(rotateLog(dir, 10)).toBe(true);
    }
    writeSync(descriptor, 'after\n');
    closeSync(descriptor);
    expect(readFileSync(file, 'utf8')).toBe('after\n');
    expect([1, 2, 3, 4].map((n) => readFileSync(`${file}.${n}`, 'utf8').slice(0, 7))).toEqual([
      'round 6',
      'round 5',
      'round 4',
      'round 3',
    ]);
    expect(existsSync(`${file}.5`)).toBe(false);
  });
});

describe('openLogWriter', () => {
  it('loses no line and keeps the log bounded, however fast the lines come', () => {
    writeFileSync(file, 'line 0 €\n');
    const log = openLogWriter(dir, 100);
    for (let n = 1; n <= 40; n++) log.write(`line ${n} €\n`);
    const logs = [4, 3, 2, 1].map((n) => readFileSync(`${file}.${n}`, 'utf8'));
    const lines = [...logs, readFileSync(file, 'utf8')].join('').split('\n').slice(0, -1);
    const last = lines.length;
    expect(last).toBeGreaterThan(20);
    expect(lines).toEqual(Array.from({ length: last }, (_, i) => `line ${40 - last + i + 1} €`));
    for (const text of logs) expect(Buffer.byteLength(text)).toBeLessThan(115);
  });

  it.skipIf(!existsSync('/dev/full'))('ends nothing when the disk is full', () => {
    symlinkSync('/dev/full', file);
    const log = openLogWriter(dir);
    for (let n = 0; n < 3; n++) expect(() => log.write('{"msg":"gone"}\n')).not.toThrow();
  });
});

describe('tailText', () => {
  it.each<[string, number, string]>([
    ['', 3, ''],
    ['a\nb\nc\n', 2, 'b\nc'],
    ['a\nb\nc\n', 9, 'a\nb\nc'],
    ['one line without an end', 5, 'one line without an end'],
  ])('of %j, %d lines', (content, lines, expected) => {
    writeFileSync(file, content);
    expect(tailText(file, lines)).toBe(expected);
  });

  it('is empty for a file that is not there', () => {
    expect(tailText(join(dir, 'gone'), 5)).toBe('');
  });

  it('leaves out what was there before', () => {
    writeFileSync(file, 'before\n');
    const from = endPosition(file);
    appendFileSync(file, 'after\n');
    expect(tailText(file, 10, from)).toBe('after');
  });
});

describe('readNewText', () => {
  it('gives whole lines, each once, and starts again when the log was cut', () => {
    writeFileSync(file, 'old\n');
    let position = endPosition(file);
    appendFileSync(file, 'new\nhalf of €'.slice(0, -1));
    const first = readNewText(file, position);
    expect(first.text).toBe('new\n');
    position = first.position;
    appendFileSync(file, '€ line\n');
    expect(readNewText(file, position).text).toBe('half of € line\n');

    const descriptor = openSync(file, 'w');
    closeSync(descriptor);
    appendFileSync(file, 'cut\n');
    expect(readNewText(file, position + 100).text).toBe('cut\n');
  });
});
