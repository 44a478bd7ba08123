import { expect } from 'vitest';
import type { Store } from '../api/store.js';
import type { ContractCase } from './contract-case.js';
import { allRequests, writeNew } from './everything.js';
import { BASE_UNIX_MS, makePhase, makeRequest, makeSpan } from './span-maker.js';

const LIMITS = { maxRows: 1000, timeoutMs: 20_000 };

const VIEWS = {
  time_logs: [
    'request_id',
    'timestamp',
    'phase',
    'duration_ms',
    'model',
    'modality',
    'stream',
    'success',
    'error_type',
    'error_message',
    'request_size_bytes',
    'response_size_bytes',
    'custom_data',
  ],
  request_phases: ['request_id', 'phase', 'start_time', 'end_time', 'duration_ms'],
  custom_events: ['request_id', 'event_name', 'timestamp', 'data'],
  system_metrics: [
    'timestamp',
    'cpu_percent',
    'memory_percent',
    'memory_used_mb',
    'memory_available_mb',
    'disk_usage_percent',
    'disk_free_gb',
    'network_bytes_sent',
    'network_bytes_recv',
    'active_connections',
  ],
  api_metrics: [
    'timestamp',
    'endpoint',
    'method',
    'status_code',
    'response_time_ms',
    'request_size_bytes',
    'response_size_bytes',
    'error_count',
  ],
} as const;

export const sqlCases: readonly ContractCase[] = [
  {
    name: 'has the views that users know, with exactly their columns',
    async run({ open }) {
      const store = await open();
      for (const [view, columns] of Object.entries(VIEWS)) {
        const outcome = await store.sql.query(`SELECT * FROM ${view}`, LIMITS);
        expect(outcome).toMatchObject({ kind: 'rows', rows: [], truncated: false });
        expect(outcome.kind === 'rows' && outcome.columns.map(({ name }) => name)).toEqual(columns);
      }
    },
  },
  {
    name: 'logs one row a phase and one for the request, unless the request has a phase of that name',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [
        makeRequest('a', {
          trace: 1,
          span: 1,
          ms: 30,
          facts: { modality: 'text', customData: '{"k":1}', requestSizeBytes: 7 },
        }),
        makePhase('a', { trace: 1, span: 2, parent: 1, atMs: 1, ms: 20, name: 'generation', status: 2 }),
        makeRequest('b', { trace: 2, span: 1, ms: 40, status: 2, message: 'boom', facts: { customData: 'not json' } }),
        makePhase('b', { trace: 2, span: 2, parent: 1, ms: 39, name: 'total_request' }),
        makeRequest('c', { trace: 3, span: 1, running: true }),
        makeSpan({ trace: 4, span: 1, name: 'deploy', facts: { vedettaKind: 'event', data: '{"v":[1,2]}' } }),
      ]);
      expect(
        await rowsOf(
          store,
          'SELECT request_id, phase, duration_ms, success, error_message, custom_data, request_size_bytes FROM time_logs ORDER BY 1, 2',
        ),
      ).toEqual([
        ['a', 'generation', 20, false, '', { k: 1 }, 7],
        ['a', 'total_request', 30, true, '', { k: 1 }, 7],
        ['b', 'total_request', 39, true, 'boom', 'not json', null],
      ]);
      expect(await rowsOf(store, 'SELECT * FROM request_phases ORDER BY duration_ms LIMIT 1')).toEqual([
        ['a', 'generation', '2026-03-01T12:00:00.001Z', '2026-03-01T12:00:00.021Z', 20],
      ]);
      expect(await rowsOf(store, 'SELECT * FROM custom_events')).toEqual([
        ['', 'deploy', '2026-03-01T12:00:00Z', { v: [1, 2] }],
      ]);
    },
  },
  {
    name: 'logs a request anew when its end or a phase of that name comes later',
    async run({ open }) {
      const store = await open();
      const logged = () => rowsOf(store, 'SELECT phase, duration_ms, error_type FROM time_logs ORDER BY 1');
      await writeNew(store, [
        makeRequest('r', { trace: 1, span: 1, running: true }),
        makePhase('r', { trace: 1, span: 2, parent: 1, ms: 5, name: 'retrieval' }),
      ]);
      expect(await logged()).toEqual([['retrieval', 5, '']]);
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1, ms: 50, status: 2, facts: { errorType: 'Boom' } })]);
      expect(await logged()).toEqual([
        ['retrieval', 5, 'Boom'],
        ['total_request', 50, 'Boom'],
      ]);
      await writeNew(store, [makePhase('r', { trace: 1, span: 3, parent: 1, ms: 49, name: 'total_request' })]);
      expect(await logged()).toEqual([
        ['retrieval', 5, 'Boom'],
        ['total_request', 49, 'Boom'],
      ]);
    },
  },
  {
    name: 'compares times with now() as UTC',
    async run({ open }) {
      const store = await open();
      const atMs = Date.now() - 60_000 - BASE_UNIX_MS;
      await writeNew(store, [
        makeRequest('recent', { trace: 1, span: 1, atMs }),
        makeRequest('old', { trace: 2, span: 1 }),
      ]);
      for (const now of ['now()', 'current_timestamp']) {
        const sql = `SELECT request_id FROM time_logs WHERE timestamp BETWEEN ${now} - INTERVAL 10 MINUTE AND ${now}`;
        expect([now, await rowsOf(store, sql)]).toEqual([now, [['recent']]]);
        // With a time zone each row would go through the calendar.
        expect(await rowsOf(store, `SELECT typeof(${now})`)).toEqual([['TIMESTAMP']]);
      }
    },
  },
  {
    name: 'answers values that JSON can hold',
    async run({ open }) {
      const store = await open();
      const sql = `SELECT 9007199254740993::BIGINT, 42::BIGINT, count(*), 0.5, 'x', NULL, true, [1, 2] FROM requests`;
      const rows = await rowsOf(store, sql);
      expect(rows).toEqual([['9007199254740993', 42, 0, expect.anything(), 'x', null, true, [1, 2]]]);
      expect(JSON.parse(JSON.stringify(rows))).toEqual(rows);
    },
  },
  {
    name: 'cuts an answer at the row limit and ends a statement at the time limit',
    async run({ open }) {
      const store = await open();
      const cut = await store.sql.query('SELECT * FROM range(5000)', { maxRows: 10, timeoutMs: 20_000 });
      expect(cut).toMatchObject({ kind: 'rows', truncated: true });
      expect(cut.kind === 'rows' && cut.rows).toHaveLength(10);
      const exact = await store.sql.query('SELECT * FROM range(10)', { maxRows: 10, timeoutMs: 20_000 });
      expect(exact).toMatchObject({ kind: 'rows', truncated: false });
      const endless = 'SELECT sum(a.range * b.range) FROM range(100000000) a, range(100000) b';
      expect(await store.sql.query(endless, { maxRows: 10, timeoutMs: 50 })).toMatchObject({
        kind: 'failed',
        code: 'timeout',
      });
      expect(await store.sql.query('SELECT 1', LIMITS)).toMatchObject({ kind: 'rows', rows: [[1]] });
    },
  },
  {
    name: 'refuses everything that writes, and says what is wrong with the rest',
    async run({ open }) {
      const store = await open();
      await writeNew(store, [makeRequest('r', { trace: 1, span: 1 })]);
      for (const sql of [
        'DELETE FROM requests',
        'DROP VIEW time_logs',
        "INSERT INTO requests VALUES ('x')",
        'CREATE TABLE t (a INTEGER)',
        'UPDATE requests SET name = 1',
        'SELECT 1; SELECT 2',
        'SELECT 1; DELETE FROM requests',
      ]) {
        expect([sql, await store.sql.query(sql, LIMITS)]).toMatchObject([sql, { kind: 'failed' }]);
      }
      for (const sql of ['', ';', '-- nothing', 'SELEC 1', 'SELECT * FROM no_such_view', "SELECT 'unfinished"]) {
        expect([sql, await store.sql.query(sql, LIMITS)]).toMatchObject([
          sql,
          { kind: 'failed', message: expect.any(String) },
        ]);
      }
      expect(await allRequests(store)).toHaveLength(1);
    },
  },
];

async function rowsOf(store: Store, sql: string): Promise<readonly (readonly unknown[])[]> {
  const outcome = await store.sql.query(sql, LIMITS);
  if (outcome.kind === 'failed') throw new Error(outcome.message);
  return outcome.rows;
}
