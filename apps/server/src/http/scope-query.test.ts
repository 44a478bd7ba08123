import type { ContentPolicy } from '@vedetta/receive';
import { expect, test } from 'vitest';
import { toScope } from './scope-query.js';

const CONTENT: ContentPolicy = { mode: 'preview', identityKey: 'a key' };
const NOW = Date.parse('2026-11-21T12:00:00Z');
const equal = (field: string, value: string) => ({ kind: 'compare', field, operator: '=', value });

test.each([
  [{}, { kind: 'all' }],
  [{ model: '', q: '  ' }, { kind: 'all' }],
  [{ model: 'gpt-4o' }, equal('model', 'gpt-4o')],
  [{ status: 'failed' }, equal('status', 'failed')],
  [{ status: 'failed, timeout' }, { kind: 'or', nodes: [equal('status', 'failed'), equal('status', 'timeout')] }],
  [
    { user: 'u', session: 's', service: 'w', modality: 'text' },
    {
      kind: 'and',
      nodes: [equal('modality', 'text'), equal('user', 'u'), equal('session', 's'), equal('service', 'w')],
    },
  ],
  [
    { min_duration_ms: 5, max_duration_ms: 5 },
    {
      kind: 'and',
      nodes: [
        { kind: 'compare', field: 'latency', operator: '>=', value: 5 },
        { kind: 'compare', field: 'latency', operator: '<=', value: 5 },
      ],
    },
  ],
  [
    { model: 'a', q: 'latency:>2s' },
    { kind: 'and', nodes: [equal('model', 'a'), { kind: 'compare', field: 'latency', operator: '>', value: 2000 }] },
  ],
])('%j becomes a filter', (query, filter) => {
  expect(toScope(query, NOW, CONTENT).filter).toEqual(filter);
});

test('a user is asked for by the address that was given as id, wherever it stands in the filter', () => {
  const pseudonym = equal('user', expect.stringMatching(/^\[redacted:email:[0-9a-f]{12}\]$/) as unknown as string);
  expect(toScope({ user: 'Ada@Example.org' }, NOW, CONTENT).filter).toEqual(pseudonym);
  expect(toScope({ q: '-user:ada@example.org OR stream:true' }, NOW, CONTENT).filter).toMatchObject({
    kind: 'or',
    nodes: [{ kind: 'not', node: pseudonym }, { field: 'stream' }],
  });
});

test.each([
  [
    { status: 'broken' },
    /^status: there is no status "broken"; it is one of running, completed, failed, timeout, cancelled/,
  ],
  [{ status: 'faild' }, /Did you mean "failed"\?/],
  [{ status: 'failed,' }, /there is no status ""/],
  [{ min_duration_ms: 10, max_duration_ms: 5 }, /no request can match/],
  [{ q: 'modle:x' }, /^q: .*modle/],
  [{ q: 'latency:>fast' }, /^q: .*"fast".*at character \d+/],
  [{ q: '(a' }, /^q: /],
])('%j is refused with a remedy', (query, message) => {
  expect(() => toScope(query, NOW, CONTENT)).toThrow(message);
});
