import { expect, test } from 'vitest';
import { parseVariables } from './parse-variables.js';
import { resolveVariables, type VariableSource, variableValues } from './variable-options.js';

const asked: string[] = [];
const source: VariableSource = {
  labelNames: async () => ['job', 'model'],
  labelValues: async (label, selector) => {
    asked.push(`${label} of ${selector}`);
    if (label === '__name__') return ['node_cpu', 'node_mem', 'up'];
    return { job: ['api', 'web'], model: ['gpt-4o', 'llama3'] }[label] ?? [];
  },
  queryResult: async (expr) => {
    asked.push(expr);
    return ['up{job="api",instance="a:1"} 1 1700000000000', 'up{job="web",instance="b:2"} 0 1700000000000'];
  },
};

async function resolve(list: object[], wanted: Record<string, string[]> = {}) {
  asked.length = 0;
  const states = await resolveVariables(
    parseVariables(list, new Map()),
    new Map(Object.entries(wanted)),
    new Map(),
    source,
  );
  return states.map(({ variable, options, chosen, fault }) => ({
    name: variable.name,
    options: options.map(({ text, value }) => (text === value ? value : `${text}=${value}`)),
    chosen,
    fault,
  }));
}
const query = (name: string, text: string, more: object = {}) => ({
  type: 'query',
  name,
  query: { query: text },
  ...more,
});

test.each<[string, string, object, string[]]>([
  ['values of a label', 'label_values(model)', {}, ['gpt-4o', 'llama3']],
  ['values of a label of a selector', 'label_values(up{a="b,c)"}, job)', {}, ['api', 'web']],
  ['names of labels', 'label_names()', {}, ['job', 'model']],
  ['names of metrics', 'metrics(node_.*)', {}, ['node_cpu', 'node_mem']],
  ['a part of the results of a query', 'query_result(up)', { regex: '/instance="([^"]+)"/' }, ['a:1', 'b:2']],
  [
    'a text and a value of the results',
    'query_result(up)',
    { regex: '/job="(?<text>[^"]+)".*instance="(?<value>[^"]+)"/' },
    ['api=a:1', 'web=b:2'],
  ],
  ['what the pattern finds', 'label_values(model)', { regex: '/^gpt/' }, ['gpt']],
  ['the other order', 'label_values(model)', { sort: 2 }, ['llama3', 'gpt-4o']],
])('%s are the options', async (_what, text, more, expected) => {
  const [state] = await resolve([query('v', text, more)]);
  expect([state?.options, state?.fault]).toEqual([expected, '']);
});

test('those that depend on others are asked after them, with what is chosen there', async () => {
  const states = await resolve(
    [query('model', 'label_values(calls{job=~"$job"}, model)'), query('job', 'label_values(job)', { multi: true })],
    { job: ['api', 'web'] },
  );
  expect(states.map(({ name }) => name)).toEqual(['model', 'job']);
  expect(asked).toEqual(['job of ', 'model of calls{job=~"(api|web)"}']);
});

test('a circle, an empty query and a pattern that could run for ever are faults, not failures', async () => {
  const states = await resolve([
    query('a', 'label_values(x{b="$b"}, a)'),
    query('b', 'label_values(x{a="$a"}, b)'),
    query('c', ' '),
    query('d', 'label_values(model)', { regex: '/(g+)+$/' }),
    { type: 'adhoc', name: 'e' },
  ]);
  expect(states.map(({ fault }) => fault)).toEqual([
    'It depends on itself.',
    'It depends on itself.',
    'The query is empty.',
    'The pattern /(g+)+$/ is not taken.',
    'Variables of the type "adhoc" are not offered.',
  ]);
});

test('what the address wants comes before what was saved, as far as it is there', async () => {
  const list = [query('v', 'label_values(model)', { multi: true, current: { value: ['llama3'] } })];
  expect((await resolve(list))[0]?.chosen).toEqual(['llama3']);
  expect((await resolve(list, { v: ['gpt-4o', 'gone'] }))[0]?.chosen).toEqual(['gpt-4o']);
  expect((await resolve(list, { v: ['gone'] }))[0]?.chosen).toEqual(['llama3']);
  const all = [query('v', 'label_values(model)', { includeAll: true, multi: true, allValue: '.+' })];
  expect((await resolve(all))[0]?.chosen).toEqual(['$__all']);
  expect((await resolve(all, { v: ['All'] }))[0]?.chosen).toEqual(['$__all']);
});

test('custom, interval, constant, text and source variables need no question', async () => {
  const states = await resolve(
    [
      { type: 'custom', name: 'a', query: 'one, two : 2, with\\,comma' },
      { type: 'interval', name: 'b', query: '1m,5m,nonsense' },
      { type: 'constant', name: 'c', query: 'fixed' },
      { type: 'textbox', name: 'd', query: 'typed' },
      { type: 'datasource', name: 'e', query: 'prometheus' },
      { type: 'datasource', name: 'f', query: 'loki' },
    ],
    { d: ['other'] },
  );
  expect(states.map(({ options, chosen }) => [options, chosen])).toEqual([
    [['one', 'two=2', 'with,comma'], ['one']],
    [['1m', '5m'], ['1m']],
    [[], ['fixed']],
    [[], ['other']],
    [['Vedetta=vedetta'], ['vedetta']],
    [[], []],
  ]);
  expect(asked).toEqual([]);
});

test('All stands for its own value, or for every option', async () => {
  const values = async (more: object) =>
    variableValues(
      await resolveVariables(
        parseVariables([query('v', 'label_values(model)', { includeAll: true, ...more })], new Map()),
        new Map(),
        new Map(),
        source,
      ),
    ).get('v');
  expect(await values({})).toMatchObject({ values: ['gpt-4o', 'llama3'], pattern: true });
  expect(await values({ allValue: '.*' })).toMatchObject({ raw: '.*' });
});
