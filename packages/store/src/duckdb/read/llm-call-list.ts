import type { LlmCallPage, LlmCallQuery } from '../../api/llm-call-reader.js';
import { LLM_CALL_SELECT, llmCallFromRow } from '../rows/llm-call-columns.js';
import { checkLimit, decodeCursor, encodeCursor, malformedCursor } from './cursor.js';
import { rangeCondition } from './filter-sql.js';
import type { ReaderPool, SqlParameter } from './reader-pool.js';

/** See `LlmCallReader.list`. */
export async function listLlmCalls(pool: ReaderPool, query: LlmCallQuery): Promise<LlmCallPage> {
  const { range, model, provider, status, requestId, limit, cursor } = query;
  checkLimit(limit);
  const time = rangeCondition('start_ns', range);
  const conditions = [time.sql];
  const values: SqlParameter[] = [...time.parameters];
  // Without a coalesce the engine prunes row groups by the column's statistics.
  const equal = (column: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(value === '' ? `${column} IS NULL` : `${column} = ?`);
    if (value !== '') values.push(value);
  };
  equal('model', model);
  equal('provider', provider);
  equal('status', status);
  equal('request_id', requestId);
  if (cursor !== undefined) {
    const { startNs, requestId: spanKey } = decodeCursor(cursor);
    if (!/^[0-9a-f]{48}$/.test(spanKey)) throw malformedCursor();
    const traceId = spanKey.slice(0, 32);
    const spanId = BigInt(`0x${spanKey.slice(32)}`).toString();
    conditions.push(
      `start_ns <= ?::BIGINT AND (start_ns < ?::BIGINT OR trace_id > ?::UUID OR (trace_id = ?::UUID AND span_id > ?::UBIGINT))`,
    );
    values.push(startNs, startNs, traceId, traceId, spanId);
  }
  const rows = await pool.rows(
    `SELECT ${LLM_CALL_SELECT} FROM data.llm_calls WHERE ${conditions.join(' AND ')}
    ORDER BY start_ns DESC, data.llm_calls.trace_id, data.llm_calls.span_id LIMIT ?`,
    [...values, limit + 1],
  );
  const calls = rows.slice(0, limit).map(llmCallFromRow);
  const last = calls.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { calls, nextCursor: more ? encodeCursor(last.startUnixNano, last.traceId + last.spanId) : undefined };
}
