import type { DuckDBConnection } from '@duckdb/node-api';
import type { RequestRow } from '@vedetta/model';
import { toEngineJson } from './rows/engine-json.js';
import type { StartWindow } from './write/stored-traces.js';

/** What a request row knows of its costs. */
export type RequestCosts = Pick<
  RequestRow,
  'traceId' | 'requestId' | 'usageEstimated' | 'costUsd' | 'costEstimated' | 'unpricedCallCount'
>;

/** Writes the costs of stored requests. Only these few columns change, in place: rows stay in the order of time. */
export async function reviseRequests(
  connection: DuckDBConnection,
  requests: readonly RequestCosts[],
  { first, last }: StartWindow,
): Promise<void> {
  const rows = requests.map(({ traceId, requestId, usageEstimated, costUsd, costEstimated, unpricedCallCount }) => ({
    t: traceId,
    r: requestId,
    u: usageEstimated,
    c: costUsd ?? null,
    e: costEstimated,
    n: unpricedCallCount,
  }));
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE revised AS SELECT unnest(from_json(?::JSON,
      '[{"t": "UUID", "r": "VARCHAR", "u": "BOOLEAN", "c": "DOUBLE", "e": "BOOLEAN", "n": "INTEGER"}]'), recursive := true)`,
    [toEngineJson(rows)],
  );
  await connection.run(
    `UPDATE data.requests SET usage_estimated = u, cost_usd = c, cost_estimated = e, unpriced_call_count = n FROM revised
    WHERE start_ns BETWEEN ?::BIGINT AND ?::BIGINT AND trace_id = t AND coalesce(request_id, '') = r`,
    [first, last],
  );
  await connection.run('DROP TABLE revised');
}
