import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScrapedSample } from './exposition.js';
import { parseExposition } from './parse-exposition.js';

const DATA = path.resolve(import.meta.dirname, '../../../../../shared/data/exposition');
const hasData = existsSync(DATA);

interface Case {
  readonly name: string;
  readonly shouldParse: boolean;
  readonly body: string;
}

function samplesOf(text: string, format: 'text' | 'openmetrics' = 'text'): readonly ScrapedSample[] {
  const page = parseExposition(text, format);
  if (page.kind === 'invalid') throw new Error(`line ${page.line}: ${page.message}`);
  return page.samples;
}

it.runIf(!hasData)('real pages are read (skipped: no shared data)', () => {
  expect(process.env.CI, 'CI needs ../shared/data').toBeUndefined();
});

describe.runIf(hasData)("OpenMetrics' own cases", () => {
  const cases = readFileSync(path.join(DATA, 'openmetrics-parser-cases.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Case);
  it.each(cases.map((one) => [one.shouldParse ? 'accepts' : 'refuses', one.name, one] as const))(
    '%s %s',
    (_verb, _name, { body, shouldParse }) => {
      const page = parseExposition(body, 'openmetrics');
      expect(page.kind, page.kind === 'invalid' ? page.message : '').toBe(shouldParse ? 'parsed' : 'invalid');
      if (page.kind !== 'parsed') return;
      // Sample for sample: what is not metadata is a sample.
      const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
      expect(page.samples).toHaveLength(lines.length);
    },
  );
});

describe.runIf(hasData)('real pages', () => {
  const files = readdirSync(DATA, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(?:prom|txt|out)$/.test(file),
  );
  it.each(files)('%s is read sample for sample', (file) => {
    const text = readFileSync(path.join(DATA, file), 'utf8');
    const format = /\.om\.txt$|openmetrics/.test(file) ? 'openmetrics' : 'text';
    const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const samples = samplesOf(text, format);
    expect(samples).toHaveLength(lines.length);
    for (const [index, sample] of samples.entries()) {
      const line = lines[index] ?? '';
      expect(line.startsWith(sample.name)).toBe(true);
      const stated = /^[^\s{]+(?:\{[^}]*\})?\s+(\S+)/.exec(line)?.[1] ?? '';
      expect(sample.value).toBe(Number(stated.replace(/^([+-]?)Inf$/, '$1Infinity').replace(/^NaN$/, 'NaN')));
    }
  });
});

describe('the classic format', () => {
  it('allows blanks, trailing commas, comments and timestamps in milliseconds', () => {
    const page = parseExposition(
      '# A comment\n\n  # HELP  a  one\\ntwo\n#TYPE a counter \n a { x = "1" , y="2", } \t 3e2  -5 \nb NaN\nc +Inf 7',
      'text',
    );
    expect(page).toMatchObject({
      kind: 'parsed',
      families: [{ name: 'a', type: 'counter', help: 'one\ntwo' }],
      samples: [
        {
          name: 'a',
          labels: [
            ['x', '1'],
            ['y', '2'],
          ],
          value: 300,
          timestampMs: -5,
        },
        { name: 'b', value: Number.NaN },
        { name: 'c', value: Number.POSITIVE_INFINITY, timestampMs: 7 },
      ],
    });
  });

  it('reads names in quotes', () => {
    expect(samplesOf('{"my.metric","label.x"="v"} 1\n{"only.name"} 2')).toMatchObject([
      { name: 'my.metric', labels: [['label.x', 'v']], value: 1 },
      { name: 'only.name', labels: [], value: 2 },
    ]);
  });

  it('undoes escapes of label values', () => {
    expect(samplesOf(String.raw`a{b="x\\y\"z\nw\q"} 1`)[0]?.labels).toEqual([['b', 'x\\y"z\nw\\q']]);
  });

  it.each([
    ['a{b="1} 1', 'quote'],
    ['a{b="1",b="2"} 1', 'twice'],
    ['a 0x10', 'number'],
    ['a 1 1.5', 'timestamp'],
    ['a 1 2 3', 'did not expect'],
    ['a', 'the value'],
    ['{} 1', 'name of a metric'],
  ])('names what is wrong with %s', (line, message) => {
    expect(parseExposition(`ok 1\n${line}`, 'text')).toMatchObject({
      kind: 'invalid',
      line: 2,
      message: expect.stringContaining(message) as string,
    });
  });

  it('stops at its limits', () => {
    const limits = { maxSamples: 2, maxLabels: 1, maxTextLength: 10 };
    expect(parseExposition('a 1\na 2\na 3', 'text', limits)).toMatchObject({ kind: 'invalid', line: 3 });
    expect(parseExposition('a{b="",c=""} 1', 'text', limits)).toMatchObject({ kind: 'invalid' });
    expect(parseExposition('a{b="12345678901"} 1', 'text', limits)).toMatchObject({ kind: 'invalid' });
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    'a',
    'b_total',
    '{',
    '}',
    '"',
    '=',
    ',',
    ' ',
    '\t',
    '\n',
    '#',
    '# TYPE ',
    '# EOF',
    '1',
    'NaN',
    '\\',
    'é',
    'le',
    'histogram',
    '-',
  );
  it('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 60 }),
        fc.constantFrom('text' as const, 'openmetrics' as const),
        (parts, format) => {
          expect(['parsed', 'invalid']).toContain(parseExposition(parts.join(''), format).kind);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('comes out as it was written', () => {
    const label = fc.tuple(fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/), fc.string({ unit: 'grapheme', maxLength: 20 }));
    const toEscaped = (text: string): string =>
      text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    fc.assert(
      fc.property(fc.uniqueArray(label, { selector: ([name]) => name, maxLength: 5 }), fc.double(), (labels, value) => {
        const written = Number.isNaN(value) ? 'NaN' : String(value).replace('Infinity', 'Inf');
        const text = `m{${labels.map(([name, of]) => `${name}="${toEscaped(of)}"`).join(',')}} ${written}\n`;
        expect(samplesOf(text)).toEqual([
          { name: 'm', labels, value: Object.is(value, -0) ? 0 : value, timestampMs: undefined, exemplar: undefined },
        ]);
      }),
    );
  });
});
