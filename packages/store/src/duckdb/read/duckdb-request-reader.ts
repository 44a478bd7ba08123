import type { CustomEventRow, LlmCallRow, RequestRow, Span, TimeRange } from '@vedetta/model';
import { isTraceId } from '@vedetta/model';
import type {
  DistributionKey,
  RequestDetail,
  RequestKey,
  RequestListQuery,
  RequestPage,
  RequestReader,
  RequestScope,
  StoredSpan,
} from '../../api/request-reader.js';
import { toKnownSpan } from '../../derive/known-span.js';
import { isLlmCall } from '../../derive/llm-call-rows.js';
import { shapeTrace } from '../../derive/trace-shape.js';
import { LLM_CALL_SELECT, llmCallFromRow } from '../rows/llm-call-columns.js';
import {
  CUSTOM_EVENT_SELECT,
  customEventFromRow,
  PHASE_SELECT,
  phaseFromRow,
  REQUEST_SELECT,
  requestFromRow,
  SCORE_SELECT,
  scoreFromRow,
} from '../rows/request-row.js';
import type { FoundSpan } from '../rows/stored-span.js';
import { spanFromRow, spanSelect } from '../rows/stored-span.js';
import { withCost } from '../write/current-costs.js';
import { rangeCondition } from './filter-sql.js';
import type { ReaderPool, SqlRow } from './reader-pool.js';
import { listRequests } from './request-list.js';
import * as stats from './request-stats.js';

/** A request with the bounds of its trace. */
const FOUND_SELECT = `${REQUEST_SELECT}, trace_first_ns, trace_last_ns`;

/** Answers from `data.requests` and its sisters, on connections of its own. */
export class DuckDbRequestReader implements RequestReader {
  readonly #pool: ReaderPool;

  constructor(pool: ReaderPool) {
    this.#pool = pool;
  }

  list(query: RequestListQuery): Promise<RequestPage> {
    return listRequests(this.#pool, query);
  }

  async get(requestId: string): Promise<RequestRow | undefined> {
    const row = await this.#find(requestId);
    return row === undefined ? undefined : requestFromRow(row);
  }

  async detail(requestId: string): Promise<RequestDetail | undefined> {
    const row = await this.#find(requestId);
    return row && this.#detail(row);
  }

  async detailOf({ requestId, traceId, startUnixNano }: RequestKey): Promise<RequestDetail | undefined> {
    const [row] = await this.#pool.rows(
      `SELECT ${FOUND_SELECT} FROM data.requests WHERE start_ns = ?::BIGINT AND trace_id = ?::UUID AND request_id = ?`,
      [startUnixNano, traceId, requestId],
    );
    return row && this.#detail(row);
  }

  async #detail(row: SqlRow): Promise<RequestDetail> {
    const request = requestFromRow(row);
    const bounds = row.slice(-2).map((value) => String(value));
    const trace = 'trace_id = ?::UUID AND start_ns BETWEEN ?::BIGINT AND ?::BIGINT';
    const ofTrace = [request.traceId, ...bounds];
    const [spans, phases, calls, events, scores, others] = await Promise.all([
      this.#pool.rows(spanSelect(trace.replaceAll(/(trace_id|start_ns)/g, 's.$1')), [...ofTrace, ...ofTrace]),
      this.#pool.rows(
        `SELECT ${PHASE_SELECT} FROM data.phases WHERE ${trace} AND request_id = ? ORDER BY start_ns, span_id`,
        [...ofTrace, request.requestId],
      ),
      this.#pool.rows(
        `SELECT ${LLM_CALL_SELECT} FROM data.llm_calls WHERE ${trace} ORDER BY start_ns, data.llm_calls.span_id`,
        ofTrace,
      ),
      // A score or an event may come in a trace of its own, naming the request.
      this.#pool.rows(
        `SELECT ${CUSTOM_EVENT_SELECT} FROM data.custom_events WHERE request_id = ? ORDER BY start_ns, span_id`,
        [request.requestId],
      ),
      this.#pool.rows(`SELECT ${SCORE_SELECT} FROM data.scores WHERE request_id = ? ORDER BY start_ns, span_id`, [
        request.requestId,
      ]),
      this.#pool.rows(
        `SELECT ${REQUEST_SELECT} FROM data.requests WHERE ${trace} AND request_id <> ? ORDER BY start_ns, request_id`,
        [...ofTrace, request.requestId],
      ),
    ]);
    const llmCalls = calls.map(llmCallFromRow);
    return {
      request,
      phases: phases.map(phaseFromRow),
      llmCalls: llmCalls.filter(({ requestId }) => requestId === request.requestId),
      events: events.map(customEventFromRow),
      scores: scores.map(scoreFromRow),
      spans: toStoredSpans(spans.map(spanFromRow), llmCalls),
      related: others.map(requestFromRow),
    };
  }

  async active(limit: number): Promise<readonly RequestRow[]> {
    const rows = await this.#pool.rows(
      `SELECT ${REQUEST_SELECT} FROM data.requests WHERE status = 'running' ORDER BY start_ns, request_id LIMIT ?`,
      [limit],
    );
    return rows.map(requestFromRow);
  }

  stats(scope: RequestScope) {
    return stats.requestStats(this.#pool, scope);
  }

  phaseStats(scope: RequestScope) {
    return stats.phaseStats(this.#pool, scope);
  }

  timeline(scope: RequestScope, stepMs: number) {
    return stats.timeline(this.#pool, scope, stepMs);
  }

  daily(scope: RequestScope, timeZone: string) {
    return stats.dailyStats(this.#pool, scope, timeZone);
  }

  distribution(scope: RequestScope, by: DistributionKey, limit: number) {
    return stats.distribution(this.#pool, scope, by, limit);
  }

  errorGroups(scope: RequestScope, limit: number) {
    return stats.errorGroups(this.#pool, scope, limit);
  }

  values(scope: RequestScope, by: DistributionKey, limit: number) {
    return stats.valueCounts(this.#pool, scope, by, limit);
  }

  async customEvents(range: TimeRange, limit: number): Promise<readonly CustomEventRow[]> {
    const { sql, parameters } = rangeCondition('start_ns', range);
    const rows = await this.#pool.rows(
      `SELECT ${CUSTOM_EVENT_SELECT} FROM data.custom_events WHERE ${sql} ORDER BY start_ns DESC, span_id LIMIT ?`,
      [...parameters, limit],
    );
    return rows.map(customEventFromRow);
  }

  async hasAny(): Promise<boolean> {
    return (await this.#pool.rows('SELECT 1 FROM data.requests LIMIT 1')).length > 0;
  }

  /** The row of a request with the bounds of its trace behind it. Under a trace id the first request that has no other above it. */
  async #find(requestId: string): Promise<SqlRow | undefined> {
    const select = `SELECT ${FOUND_SELECT} FROM data.requests`;
    const [byId] = await this.#pool.rows(`${select} WHERE request_id = ? ORDER BY start_ns DESC LIMIT 1`, [requestId]);
    if (byId !== undefined || !isTraceId(requestId)) return byId;
    const [byTrace] = await this.#pool.rows(
      `${select} WHERE trace_id = ?::UUID ORDER BY parent_request_id IS NOT NULL, start_ns, request_id LIMIT 1`,
      [requestId],
    );
    return byTrace;
  }
}

function toStoredSpans(found: readonly FoundSpan[], calls: readonly LlmCallRow[]): StoredSpan[] {
  const costs = new Map(calls.map(({ spanId, cost }) => [spanId, cost]));
  const known = found.map(({ span, seenUnixMs, expired }) => toKnownSpan(span, seenUnixMs, expired));
  const shape = shapeTrace(known);
  return found
    .map(({ span }, index) => {
      const { origin, endUnixNano, ...rest } = span;
      return {
        ...rest,
        genAi: shownFacts(span, costs),
        requestId: shape.ownerOf(known[index]!),
        endUnixNano: endUnixNano === 0n ? undefined : endUnixNano,
        serviceName: origin.serviceName,
        scopeName: origin.scopeName,
        scopeVersion: origin.scopeVersion,
        resource: origin.resource,
      };
    })
    .sort((a, b) =>
      a.startUnixNano === b.startUnixNano ? (a.spanId < b.spanId ? -1 : 1) : a.startUnixNano < b.startUnixNano ? -1 : 1,
    );
}

/** The cost that the call's row has. A call that is counted in another span, which reports it too, shows none unless its sender stated it. */
function shownFacts(
  { spanId, genAi, endUnixNano }: Span,
  costs: ReadonlyMap<string, LlmCallRow['cost']>,
): Span['genAi'] {
  if (genAi === undefined || endUnixNano === 0n || !isLlmCall(genAi)) return genAi;
  if (costs.has(spanId)) return withCost(genAi, costs.get(spanId));
  return genAi.cost === undefined || genAi.cost.source === 'supplied' ? genAi : withCost(genAi, undefined);
}
