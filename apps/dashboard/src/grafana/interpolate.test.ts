// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes variables so
import { parsePromql } from '@vedetta/query';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolate, referencedVariables, type VariableValue } from './interpolate.js';

const values = new Map<string, VariableValue>([
  ['one', { values: ['a.b'], pattern: false }],
  ['many', { values: ['a.b', 'c|d'], texts: ['A', 'C'], pattern: true }],
  ['all', { values: ['x', 'y'], texts: ['All'], pattern: true, raw: '.*' }],
  ['__from', { values: ['1700000000000'], pattern: false }],
]);

test.each([
  ['up{a="$one"}', 'up{a="a.b"}'],
  ['up{a=~"$many"}', 'up{a=~"(a\\\\.b|c\\\\|d)"}'],
  ['up{a=~"${many}"} [[one]]', 'up{a=~"(a\\\\.b|c\\\\|d)"} a.b'],
  ['up{a=~"$all"}', 'up{a=~".*"}'],
  ['${many:pipe}', 'a.b|c|d'],
  ['${many:csv}', 'a.b,c|d'],
  ['${many:regex}', '(a\\.b|c\\|d)'],
  ['${many:json}', '["a.b","c|d"]'],
  ['${many:glob}', '{a.b,c|d}'],
  ['${many:doublequote}', '"a.b","c|d"'],
  ['${many:singlequote}', "'a.b','c|d'"],
  ['${many:text}', 'A + C'],
  ['[[many:pipe]]', 'a.b|c|d'],
  ['${__from:date:seconds}', '1700000000'],
  ['${__from:date}', '2023-11-14T22:13:20.000Z'],
  ['$unknown ${unknown:csv} $1 cost$', '$unknown ${unknown:csv} $1 cost$'],
])('%s gives %s', (text, expected) => {
  expect(interpolate(text, values, 'promql')).toBe(expected);
});

test('titles list what is chosen', () => {
  expect(interpolate('Of $many', values, 'text')).toBe('Of A + C');
});

test('the variables of a text are found in every form', () => {
  expect([...referencedVariables('$a ${b:csv} [[c]] ${d.text}')]).toEqual(['a', 'b', 'c', 'd']);
});

test('a value never leaves the text that it stands in', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      (chosen, pattern) => {
        const value: VariableValue = { values: pattern ? chosen : chosen.slice(0, 1), pattern };
        const expr = interpolate(`up{a${pattern ? '=~' : '='}"$v"}`, new Map([['v', value]]), 'promql');
        fc.pre(!chosen.some((text) => /\p{Cc}/u.test(text)));
        const parsed = parsePromql(expr).expr;
        if (parsed.kind !== 'selector') throw new Error(expr);
        const matcher = parsed.matchers.find(({ name }) => name === 'a');
        for (const text of value.values) expect([expr, matcher?.test(text)]).toEqual([expr, true]);
      },
    ),
    { numRuns: 300 },
  );
});
