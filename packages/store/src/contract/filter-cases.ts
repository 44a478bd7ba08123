import type { FilterField, FilterNode, FilterOperator, Span } from '@vedetta/model';
import { expect } from 'vitest';
import type { Store } from '../api/store.js';
import type { ContractCase } from './contract-case.js';
import { filtered, writeNew } from './everything.js';
import { makeCall, makeRequest, traceId } from './span-maker.js';

/** Two requests that differ in every field a filter can name. */
const SPANS: readonly Span[] = [
  makeRequest('a', {
    trace: 1,
    span: 1,
    name: 'POST /chat',
    ms: 2000,
    status: 2,
    message: 'quota of 50% used_up',
    facts: {
      modality: 'image',
      stream: true,
      userId: 'Anna',
      sessionId: 's-1',
      tags: ['beta', 'eu west'],
      errorType: 'RateLimitError',
    },
  }),
  makeCall({ trace: 1, span: 2, parent: 1, genAi: { timeToFirstTokenMs: 400, suppliedCostUsd: 0.5 } }, 100, 20),
  makeRequest('b', { trace: 2, span: 1, name: 'GET /models', ms: 50, atMs: 1, facts: { modality: 'text' } }),
];

const compare = (field: FilterField, operator: FilterOperator, value: string | number | boolean): FilterNode => ({
  kind: 'compare',
  field,
  operator,
  value,
});

const FINDS_A: readonly FilterNode[] = [
  compare('id', '=', 'a'),
  compare('trace', '=', traceId(1)),
  compare('name', '=', 'POST /chat'),
  compare('name', '=', 'POST*'),
  compare('name', '~', '/CHAT'),
  compare('model', '=', 'gpt-4o'),
  compare('model', '=', 'gpt-*'),
  compare('provider', '=', 'openai'),
  compare('modality', '=', 'image'),
  compare('status', '=', 'failed'),
  compare('user', '=', 'Anna'),
  compare('user', '~', 'nn'),
  compare('session', '=', 's-1'),
  compare('tag', '=', 'beta'),
  compare('tag', '=', 'eu west'),
  compare('tag', '=', 'eu*'),
  compare('tag', '~', 'WEST'),
  compare('error', '~', 'ratelimit'),
  compare('error', '~', '50%'),
  compare('error', '~', 'used_up'),
  compare('fingerprint', '=', 'RateLimitError: quota of <n>% used_up'),
  compare('stream', '=', true),
  compare('latency', '>', 1999),
  compare('latency', '>=', 2000),
  compare('ttft', '=', 400),
  compare('tokens', '=', 120),
  compare('input_tokens', '>', 99),
  compare('output_tokens', '<=', 20),
  compare('cost', '>', 0.4),
  { kind: 'text', text: 'QUOTA' },
  { kind: 'text', text: '/chat' },
  { kind: 'text', text: 'anna' },
  { kind: 'and', nodes: [compare('model', '=', 'gpt-4o'), compare('status', '=', 'failed')] },
  { kind: 'or', nodes: [compare('model', '=', 'none'), compare('status', '=', 'failed')] },
  { kind: 'not', node: compare('status', '=', 'completed') },
];

const FINDS_B: readonly FilterNode[] = [
  compare('model', '=', ''),
  compare('stream', '=', false),
  compare('latency', '<', 51),
  { kind: 'not', node: compare('user', '=', 'Anna') },
  { kind: 'not', node: compare('cost', '>', 0.1) },
  { kind: 'not', node: { kind: 'text', text: 'quota' } },
  { kind: 'not', node: { kind: 'not', node: { kind: 'text', text: 'models' } } },
];

const FINDS_NONE: readonly FilterNode[] = [
  compare('name', '=', 'post /chat'),
  compare('name', '=', 'POST'),
  compare('name', '~', '%'),
  compare('error', '~', '50_'),
  compare('error', '~', 'used-up'),
  compare('tag', '=', 'eu'),
  compare('tag', '=', 'bet'),
  compare('tag', '=', 'b*west'),
  compare('model', '=', "' OR 1=1 --"),
  compare('latency', '>', 2000),
  { kind: 'text', text: "' OR '1'='1" },
  { kind: 'text', text: '\\' },
  { kind: 'or', nodes: [] },
];

const IMPOSSIBLE: readonly FilterNode[] = [
  compare('model', '>', 'a'),
  compare('latency', '~', 3),
  compare('latency', '>', 'fast'),
  compare('latency', '>', Number.NaN),
  compare('stream', '>', true),
  compare('stream', '=', 'yes'),
];

export const filterCases: readonly ContractCase[] = [
  {
    name: 'finds by every field and operator, and compiles no value into the query',
    async run({ open }) {
      const store = await open();
      await writeNew(store, SPANS);
      for (const node of FINDS_A) expect([node, await idsOf(store, node)]).toEqual([node, ['a']]);
      for (const node of FINDS_B) expect([node, await idsOf(store, node)]).toEqual([node, ['b']]);
      for (const node of FINDS_NONE) expect([node, await idsOf(store, node)]).toEqual([node, []]);
      expect(await idsOf(store, { kind: 'and', nodes: [] })).toEqual(['b', 'a']);
      expect(await idsOf(store, compare('service', '=', 'test-service'))).toEqual(['b', 'a']);
    },
  },
  {
    name: 'throws RangeError for comparisons that make no sense',
    async run({ open }) {
      const store = await open();
      for (const node of IMPOSSIBLE) await expect(idsOf(store, node)).rejects.toBeInstanceOf(RangeError);
    },
  },
  {
    name: 'applies a filter to statistics of requests and of phases alike',
    async run({ open }) {
      const store = await open();
      await writeNew(store, SPANS);
      const scope = filtered(compare('user', '=', 'Anna'));
      expect(await store.requests.stats(scope)).toMatchObject({ total: 1, failed: 1 });
      expect(await store.requests.phaseStats(scope)).toEqual([]);
      expect(await store.requests.distribution(scope, 'model', 5)).toMatchObject([
        { value: 'gpt-4o', count: 1, share: 1 },
      ]);
      expect(await store.requests.errorGroups(filtered(compare('user', '=', 'Bob')), 5)).toEqual([]);
    },
  },
];

async function idsOf(store: Store, filter: FilterNode): Promise<string[]> {
  const page = await store.requests.list({ ...filtered(filter), limit: 10, cursor: undefined });
  return page.requests.map(({ requestId }) => requestId);
}
