import type { FilterNode } from '@vedetta/model';
import { FILTER_FIELDS } from '@vedetta/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFilter } from './format-filter.js';
import { parseFilter } from './parse-filter.js';

const compare = (field: string, operator: string, value: unknown) => ({ kind: 'compare', field, operator, value });

describe('parseFilter reads', () => {
  test.each<[string, unknown]>([
    ['', { kind: 'all' }],
    ['   ', { kind: 'all' }],
    ['hello', { kind: 'text', text: 'hello' }],
    ['"two words"', { kind: 'text', text: 'two words' }],
    ['"a \\"quoted\\" b"', { kind: 'text', text: 'a "quoted" b' }],
    ['model:gpt-4o', compare('model', '=', 'gpt-4o')],
    ['model:"a b"', compare('model', '=', 'a b')],
    ['error:~time', compare('error', '~', 'time')],
    ['latency:>2s', compare('latency', '>', 2000)],
    ['latency:<=1.5m', compare('latency', '<=', 90_000)],
    ['ttft:<300ms', compare('ttft', '<', 300)],
    ['tokens:>=1k', compare('tokens', '>=', 1000)],
    ['cost:>0.01', compare('cost', '>', 0.01)],
    ['stream:true', compare('stream', '=', true)],
    ['-status:completed', { kind: 'not', node: compare('status', '=', 'completed') }],
    ['NOT hello', { kind: 'not', node: { kind: 'text', text: 'hello' } }],
    ['model:a,b', { kind: 'or', nodes: [compare('model', '=', 'a'), compare('model', '=', 'b')] }],
    ['https://x.test/a', { kind: 'text', text: 'https://x.test/a' }],
    ['well-known', { kind: 'text', text: 'well-known' }],
    [
      'model:gpt-4o latency:>2s -status:completed',
      {
        kind: 'and',
        nodes: [
          compare('model', '=', 'gpt-4o'),
          compare('latency', '>', 2000),
          { kind: 'not', node: compare('status', '=', 'completed') },
        ],
      },
    ],
    [
      '(a OR b) c',
      {
        kind: 'and',
        nodes: [
          {
            kind: 'or',
            nodes: [
              { kind: 'text', text: 'a' },
              { kind: 'text', text: 'b' },
            ],
          },
          { kind: 'text', text: 'c' },
        ],
      },
    ],
  ])('%j', (text, node) => {
    expect(parseFilter(text)).toEqual({ kind: 'ok', node });
  });
});

describe('parseFilter refuses', () => {
  test.each<[string, number, RegExp]>([
    ['modl:gpt', 0, /no field "modl".*model/],
    ['a latency:>2', 11, /duration with its unit/],
    ['tokens:many', 7, /number/],
    ['status:done', 7, /no status "done".*completed/],
    ['model:>a', 7, /no order/],
    ['stream:yes', 7, /true or false/],
    ['model:', 6, /needs a value/],
    ['"open', 0, /never closed/],
    ['(a', 0, /never closed/],
    ['a)', 1, /without its/],
    ['OR a', 0, /both sides/],
    ['a OR', 2, /both sides/],
    ['latency:~2s', 9, /searches in texts/],
    [`${'('.repeat(30)}a${')'.repeat(30)}`, 21, /deeper/],
    ['x'.repeat(2001), 2000, /2001 characters/],
  ])('%j', (text, position, message) => {
    const parsed = parseFilter(text);
    expect(parsed).toMatchObject({ kind: 'invalid', position });
    expect(parsed.kind === 'invalid' && parsed.message).toMatch(message);
  });
});

const word = fc.string({ minLength: 1, maxLength: 12 });
const leaf: fc.Arbitrary<FilterNode> = fc.oneof(
  word.map((text): FilterNode => ({ kind: 'text', text })),
  fc
    .tuple(fc.constantFrom('model', 'user', 'error'), fc.constantFrom('=', '~'), word)
    .map(([field, operator, value]) => ({ kind: 'compare', field, operator, value }) as FilterNode),
  fc
    .tuple(fc.constantFrom('latency', 'tokens'), fc.constantFrom('=', '>', '>=', '<', '<='), fc.nat())
    .map(([field, operator, value]) => ({ kind: 'compare', field, operator, value }) as FilterNode),
);
const tree = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((nodes): FilterNode => ({ kind: 'and', nodes })),
    fc.array(tie('node'), { minLength: 2, maxLength: 3 }).map((nodes): FilterNode => ({ kind: 'or', nodes })),
    tie('node').map((node): FilterNode => ({ kind: 'not', node })),
  ),
})).node;

test('any tree survives being written and read again', () => {
  fc.assert(
    fc.property(tree, (node) => {
      const text = formatFilter(node);
      fc.pre(text.length <= 2000);
      expect(parseFilter(text)).toEqual({ kind: 'ok', node });
    }),
    { numRuns: 1000 },
  );
});

test.each(['//*', '//host/path', '/one'])('a value %j survives being written and read again', (value) => {
  const node: FilterNode = { kind: 'compare', field: 'model', operator: '=', value };
  expect(parseFilter(formatFilter(node))).toEqual({ kind: 'ok', node });
});

test('no text makes the parser throw', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('(', ')', '-', '"', ':', ',', ' OR ', 'NOT ', ...Object.keys(FILTER_FIELDS)),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(['ok', 'invalid']).toContain(parseFilter(pieces.join('')).kind);
    }),
    { numRuns: 2000 },
  );
});
