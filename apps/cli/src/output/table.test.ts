import { describe, expect, it } from 'vitest';
import { formatCsv, formatTable, printable } from './table.js';

describe('formatTable', () => {
  it('puts numbers to the right and texts to the left', () => {
    const rows = [
      ['generation', 1200, null],
      ['retrieval', 5, 0.5],
    ];
    expect(formatTable(['phase', 'count', 'share'], rows)).toEqual([
      'phase       count  share',
      '----------  -----  -----',
      'generation   1200   null',
      'retrieval       5    0.5',
    ]);
  });

  it('shows the header of an empty answer', () => {
    expect(formatTable(['a', 'bc'], [])).toEqual(['a  bc', '-  --']);
  });

  it('lets no value move the cursor or break the line', () => {
    expect(formatTable(['v'], [['a\nb\u001b[2J\u009b']])[2]).toBe('a\\nb\\x1b[2J\\x9b');
  });

  it('cuts cells and lines for a terminal, and nothing for a pipe', () => {
    const long = 'x'.repeat(100);
    expect(formatTable(['v'], [[long]])[2]).toBe(long);
    expect(formatTable(['v'], [[long]], 200)[2]).toBe(`${'x'.repeat(59)}…`);
    expect(formatTable(['a', 'b'], [['1234567890', 'y']], 8)[2]).toBe('1234567…');
  });

  it('shows objects as JSON and keeps big integers whole', () => {
    expect(formatTable(['v'], [[{ a: [1] }]])[2]).toBe('{"a":[1]}');
    expect(formatTable(['v'], [['9007199254740993']])[2]).toBe('9007199254740993');
  });
});

describe('formatCsv', () => {
  it('quotes what needs it and leaves null empty', () => {
    expect(
      formatCsv(
        ['a', 'b,c'],
        [
          ['x"y', 'two\nlines'],
          [null, 1.5],
        ],
      ),
    ).toEqual(['a,"b,c"', '"x""y","two\nlines"', ',1.5']);
  });
});

describe('printable', () => {
  it('leaves letters of every script alone', () => {
    expect(printable('Zürich 東京 😀')).toBe('Zürich 東京 😀');
  });
});
