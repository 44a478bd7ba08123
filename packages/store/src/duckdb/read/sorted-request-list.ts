import type { RequestListQuery, RequestPage, RequestSort, RequestSortKey } from '../../api/request-reader.js';
import { REQUEST_SELECT, requestFromRow } from '../rows/request-row.js';
import type { SortedCursor } from './cursor.js';
import { decodeSortedCursor, encodeSortedCursor } from './cursor.js';
import type { SqlCondition } from './filter-sql.js';
import { scopeCondition } from './filter-sql.js';
import type { ReaderPool } from './reader-pool.js';

/** The figure of each sort, NULL where it is unknown. The start needs none: it is what equals are sorted by. */
const SORT_SQL: { readonly [K in RequestSortKey]: string } = {
  start: 'NULL::DOUBLE',
  duration: 'duration_ms',
  tokens: '(CASE WHEN input_tokens IS NULL THEN output_tokens ELSE input_tokens + coalesce(output_tokens, 0) END)',
  cost: 'cost_usd',
  ttft: 'ttft_ms',
};

/** A page of requests sorted by a figure, those without it last; of equals the newest comes first, but oldest when sorted by start ascending. */
export async function listSorted(pool: ReaderPool, query: RequestListQuery, sort: RequestSort): Promise<RequestPage> {
  const { limit, cursor } = query;
  const order = `${sort.by}:${sort.descending ? 'desc' : 'asc'}`;
  const value = SORT_SQL[sort.by];
  const newestFirst = sort.by !== 'start' || sort.descending;
  const scope = scopeCondition(query);
  const after =
    cursor === undefined ? undefined : afterCondition(decodeSortedCursor(cursor, order), value, sort, newestFirst);
  const where = after === undefined ? scope.sql : `${scope.sql} AND ${after.sql}`;
  const ordered = [
    ...(sort.by === 'start' ? [] : [`sort_value ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST`]),
    `start_ns ${newestFirst ? 'DESC' : 'ASC'}`,
    'request_id',
  ].join(', ');
  // The page is found by the narrow columns, then the wide rows of it alone are read.
  const rows = await pool.rows(
    `SELECT ${REQUEST_SELECT}, ${value} AS sort_value FROM data.requests WHERE rowid IN (
      SELECT row FROM (SELECT rowid AS row, start_ns, request_id, ${value} AS sort_value FROM data.requests WHERE ${where}
        ORDER BY ${ordered} LIMIT ?)
    ) ORDER BY ${ordered}`,
    [...scope.parameters, ...(after?.parameters ?? []), limit + 1],
  );
  const requests = rows.slice(0, limit).map(requestFromRow);
  const last = requests.at(-1);
  if (rows.length <= limit || last === undefined) return { requests, nextCursor: undefined };
  const lastValue = rows[limit - 1]?.at(-1);
  return {
    requests,
    nextCursor: encodeSortedCursor(
      order,
      lastValue === null || lastValue === undefined ? null : Number(lastValue),
      last.startUnixNano,
      last.requestId,
    ),
  };
}

function afterCondition(
  { value: last, startNs, requestId }: SortedCursor,
  value: string,
  { by, descending }: RequestSort,
  newestFirst: boolean,
): SqlCondition {
  const tie = {
    sql: `(start_ns ${newestFirst ? '<' : '>'} ?::BIGINT OR (start_ns = ?::BIGINT AND request_id > ?))`,
    parameters: [startNs, startNs, requestId],
  };
  if (by === 'start') return tie;
  if (last === null) return { sql: `(${value} IS NULL AND ${tie.sql})`, parameters: tie.parameters };
  // As text: the binding takes whole numbers for 64-bit integers and fails on larger ones.
  const bound = String(last);
  return {
    sql: `(${value} ${descending ? '<' : '>'} ?::DOUBLE OR ${value} IS NULL OR (${value} = ?::DOUBLE AND ${tie.sql}))`,
    parameters: [bound, bound, ...tie.parameters],
  };
}
