import type { FilterNode } from '@vedetta/model';
import type { RequestListQuery, RequestPage } from '../../api/request-reader.js';
import { REQUEST_SELECT, requestFromRow } from '../rows/request-row.js';
import { checkLimit, decodeCursor, encodeCursor } from './cursor.js';
import { scopeCondition } from './filter-sql.js';
import type { ReaderPool, SqlRow } from './reader-pool.js';
import { listSorted } from './sorted-request-list.js';

/** Parts of the whole time that a search through texts looks at, newest first, before it looks at all: most end in the first. */
const SEARCH_PARTS = [1 / 64, 1 / 8] as const;

/** See `RequestReader.list`. */
export async function listRequests(pool: ReaderPool, query: RequestListQuery): Promise<RequestPage> {
  const { limit } = query;
  checkLimit(limit);
  if (query.sort !== undefined && !(query.sort.by === 'start' && query.sort.descending)) {
    return listSorted(pool, query, query.sort);
  }
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  const { sql, parameters } = scopeCondition(query);
  const rows: SqlRow[] = [];
  for (const { fromNs, beforeNs } of await windows(pool, query.filter, after?.startNs)) {
    const conditions = [sql];
    const values = [...parameters];
    const add = (condition: string, ...more: string[]): void => {
      conditions.push(condition);
      values.push(...more);
    };
    if (after !== undefined) {
      add(
        'start_ns <= ?::BIGINT AND (start_ns < ?::BIGINT OR request_id > ?)',
        after.startNs,
        after.startNs,
        after.requestId,
      );
    }
    if (fromNs !== undefined) add('start_ns >= ?::BIGINT', String(fromNs));
    if (beforeNs !== undefined) add('start_ns < ?::BIGINT', String(beforeNs));
    const found = await pool.rows(
      `SELECT ${REQUEST_SELECT} FROM data.requests WHERE ${conditions.join(' AND ')} ORDER BY start_ns DESC, request_id LIMIT ?`,
      [...values, limit + 1 - rows.length],
    );
    rows.push(...found);
    if (rows.length > limit) break;
  }
  const requests = rows.slice(0, limit).map(requestFromRow);
  const last = requests.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { requests, nextCursor: more ? encodeCursor(last.startUnixNano, last.requestId) : undefined };
}

interface TimeWindow {
  readonly fromNs: bigint | undefined;
  readonly beforeNs: bigint | undefined;
}

/** Windows of time from newest to oldest that together hold everything: one, unless the filter reads texts. */
async function windows(
  pool: ReaderPool,
  filter: FilterNode,
  startNs: string | undefined,
): Promise<readonly TimeWindow[]> {
  const all = { fromNs: undefined, beforeNs: undefined };
  if (!readsTexts(filter)) return [all];
  const [row] = await pool.rows('SELECT min(start_ns), max(start_ns) FROM data.requests');
  const [oldest, newest] = row ?? [];
  if (typeof oldest !== 'bigint' || typeof newest !== 'bigint') return [all];
  const from = startNs === undefined || BigInt(startNs) > newest ? newest : BigInt(startNs);
  if (from <= oldest) return [all];
  const bounds = SEARCH_PARTS.map((part) => from - BigInt(Math.round(Number(from - oldest) * part)));
  return [undefined, ...bounds].map((beforeNs, index) => ({ beforeNs, fromNs: bounds[index] }));
}

function readsTexts(node: FilterNode): boolean {
  switch (node.kind) {
    case 'text':
      return true;
    case 'compare':
      return node.operator === '~' || (typeof node.value === 'string' && node.value.includes('*'));
    case 'not':
      return readsTexts(node.node);
    case 'and':
    case 'or':
      return node.nodes.some(readsTexts);
    case 'all':
      return false;
  }
}
