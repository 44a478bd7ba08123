import type { DuckDBConnection } from '@duckdb/node-api';
import type { CallCost, GenAiFacts, Span } from '@vedetta/model';
import { isLlmCall } from '../../derive/llm-call-rows.js';
import { COST_SELECT, costFromRow } from '../rows/llm-call-columns.js';
import type { FoundSpan } from '../rows/stored-span.js';
import { spanIdText } from '../rows/stored-span.js';

/** What calls cost now, by trace and span id; a call that has a row and no cost has `undefined`. */
type Costs = ReadonlyMap<string, CallCost | undefined>;

/**
 * Bodies of spans keep the cost of the time they came: it may have been computed anew since. The row of the call says what
 * counts; a span without one keeps what it has.
 */
export async function currentCosts(
  connection: DuckDBConnection,
  found: readonly FoundSpan[],
): Promise<{ apply(span: Span): Span }> {
  const calls = found.filter(
    ({ span: { genAi, endUnixNano } }) => genAi !== undefined && endUnixNano !== 0n && isLlmCall(genAi),
  );
  if (calls.length === 0) return { apply: (span) => span };
  let first = calls[0]!.span.startUnixNano;
  let last = first;
  for (const { span } of calls) {
    if (span.startUnixNano < first) first = span.startUnixNano;
    if (span.startUnixNano > last) last = span.startUnixNano;
  }
  const traceIds = [...new Set(calls.map(({ span }) => span.traceId))].join(',');
  const reader = await connection.runAndReadAll(
    `SELECT replace(trace_id::VARCHAR, '-', ''), span_id, ${COST_SELECT} FROM data.llm_calls
    WHERE start_ns BETWEEN ?::BIGINT AND ?::BIGINT AND trace_id IN (SELECT unnest(string_split(?, ','))::UUID)`,
    [String(first), String(last), traceIds],
  );
  const costs: Costs = new Map(
    reader.getRows().map((row) => [String(row[0]) + spanIdText(row[1] as bigint), costFromRow(row, 2)]),
  );
  return {
    apply(span) {
      const key = span.traceId + span.spanId;
      return span.genAi === undefined || !costs.has(key)
        ? span
        : { ...span, genAi: withCost(span.genAi, costs.get(key)) };
    },
  };
}

/** The facts with another cost, or none. */
export function withCost(genAi: GenAiFacts, cost: CallCost | undefined): GenAiFacts {
  const { cost: _, ...rest } = genAi;
  return cost === undefined ? rest : { ...rest, cost };
}
