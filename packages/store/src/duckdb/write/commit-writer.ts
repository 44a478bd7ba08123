import { promisify } from 'node:util';
import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';
import { isLlmCall } from '../../derive/llm-call-rows.js';
import { appendHttpAnswer, httpAnswerColumns } from '../rows/http-answer-columns.js';
import { appendLlmCall, llmCallColumns } from '../rows/llm-call-columns.js';
import {
  appendCustomEvent,
  appendPhase,
  appendRequest,
  appendRunningSpan,
  appendScore,
  appendSpan,
  customEventColumns,
  originColumns,
  phaseColumns,
  requestColumns,
  runningSpanColumns,
  scoreColumns,
  spanColumns,
} from '../rows/table-columns.js';
import type { CommitPlan, TouchedTrace } from './commit-plan.js';
import { OriginIds } from './origin-ids.js';
import { TableAppender } from './table-appender.js';

/** Tables of rows derived from spans, which are written anew whenever a span of their trace arrives; beside them, of traces with any, LLM calls. */
const DERIVED_TABLES = ['requests', 'phases', 'custom_events', 'scores'] as const;

/** Phase under which `time_logs` shows a whole request, unless the request has one of that name itself. */
const TOTAL_PHASE = 'total_request';

/** So long rows are appended before other work has its turn. */
const TURN_MS = 1;
/** Rows between two looks at the clock. */
const STEP_ROWS = 8;
const nextTurn = promisify(setImmediate);

/** Writes plans, each in one transaction that is durable when the promise resolves. Not reentrant. */
export class CommitWriter {
  readonly #connection: DuckDBConnection;
  readonly #origins = new OriginIds();
  readonly #statements = new Map<string, DuckDBPreparedStatement>();
  #tables: Tables | undefined;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Throws with the engine's reason; nothing of the plan is stored then. */
  async write(plan: CommitPlan): Promise<void> {
    const newOrigins = new Set<bigint>();
    try {
      this.#tables ??= await openTables(this.#connection);
      await this.#run('BEGIN', []);
      await this.#deleteReplaced(plan);
      await this.#append(plan, this.#tables, newOrigins);
      await this.#run('COMMIT', []);
    } catch (error) {
      await this.abandon();
      throw error;
    }
    for (const originId of newOrigins) this.#origins.markStored(originId);
  }

  /** Rolls back what a failure left open. */
  async abandon(): Promise<void> {
    // After a failure an appender holds rows that belong nowhere: closing would write them into the next transaction.
    this.#tables = undefined;
    this.#statements.clear();
    await this.#connection.run('ROLLBACK').catch(() => undefined);
  }

  /** Opens the tables and learns which origins are stored, before the first write. Throws when a table has not the columns that are written. */
  async prepare(): Promise<void> {
    this.#tables = await openTables(this.#connection);
    await this.loadOrigins();
  }

  /** Learns which origins are stored; until then each is written once more. */
  loadOrigins(): Promise<void> {
    return this.#origins.load(this.#connection);
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.destroySync();
    this.#statements.clear();
    if (this.#tables !== undefined) for (const table of Object.values(this.#tables)) table.close();
    this.#tables = undefined;
  }

  async #deleteReplaced(plan: CommitPlan): Promise<void> {
    if (plan.replaced.length > 0) {
      await this.#run(
        `DELETE FROM data.running_spans WHERE (replace(trace_id::VARCHAR, '-', '') || lpad(lower(to_hex(span_id)), 16, '0'))
          IN (SELECT unnest(string_split($1, ',')))`,
        [plan.replaced.map(({ traceId, spanId }) => traceId + spanId).join(',')],
      );
    }
    const again = plan.touched.filter(({ state }) => state.stored);
    await this.#deleteDerived(again, DERIVED_TABLES);
    await this.#deleteDerived(
      again.filter(({ state }) => [...state.spans.values()].some(({ call }) => call !== undefined && isLlmCall(call))),
      ['llm_calls'],
    );
  }

  async #deleteDerived(again: readonly TouchedTrace[], tables: readonly string[]): Promise<void> {
    if (again.length === 0) return;
    // The window lets the engine skip all row groups of other times.
    const ids = again.map(({ traceId }) => traceId).join(',');
    let { firstNs, lastNs } = again[0]!.formerBounds;
    for (const { formerBounds: bounds } of again) {
      if (bounds.firstNs < firstNs) firstNs = bounds.firstNs;
      if (bounds.lastNs > lastNs) lastNs = bounds.lastNs;
    }
    for (const table of tables) {
      await this.#run(
        `DELETE FROM data.${table} WHERE start_ns BETWEEN $2::BIGINT AND $3::BIGINT
          AND trace_id IN (SELECT unnest(string_split($1, ','))::UUID)`,
        [ids, String(firstNs), String(lastNs)],
      );
    }
  }

  async #append(plan: CommitPlan, tables: Tables, newOrigins: Set<bigint>): Promise<void> {
    const originOf = (span: CommitPlan['ended'][number]): bigint => {
      const { originId, origin, resourceJson } = this.#origins.keyOf(span.origin);
      if (!this.#origins.isStored(originId) && !newOrigins.has(originId)) {
        newOrigins.add(originId);
        const { columns, row } = tables.origins;
        columns.originId.put(row, originId);
        columns.serviceName.put(row, origin.serviceName);
        columns.scopeName.put(row, origin.scopeName);
        columns.scopeVersion.put(row, origin.scopeVersion);
        columns.resource.put(row, resourceJson);
        tables.origins.endRow();
      }
      return originId;
    };
    await inTurns(plan.ended, (span) => {
      appendSpan(tables.spans, span, originOf(span));
      appendHttpAnswer(tables.httpAnswers, span);
    });
    await inTurns(plan.running, ({ span, seenUnixMs }) =>
      appendRunningSpan(tables.runningSpans, span, originOf(span), seenUnixMs, false),
    );
    await inTurns(plan.touched, (trace) => appendDerived(tables, trace));
    for (const table of Object.values(tables)) {
      if (table.flush()) await nextTurn();
    }
  }

  async #run(sql: string, values: readonly string[]): Promise<void> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = await this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    values.forEach((value, index) => {
      statement.bindVarchar(index + 1, value);
    });
    await statement.run();
  }
}

/** Does something with each item, and lets other work go in between when there are many. */
async function inTurns<T>(items: readonly T[], take: (item: T) => void): Promise<void> {
  let turnEndsMs = performance.now() + TURN_MS;
  for (let i = 0; i < items.length; i++) {
    take(items[i]!);
    if (i % STEP_ROWS !== STEP_ROWS - 1 || performance.now() < turnEndsMs) continue;
    await nextTurn();
    turnEndsMs = performance.now() + TURN_MS;
  }
}

type Tables = Awaited<ReturnType<typeof openTables>>;

async function openTables(connection: DuckDBConnection) {
  return {
    origins: await TableAppender.open(connection, 'origins', originColumns()),
    spans: await TableAppender.open(connection, 'spans', spanColumns()),
    httpAnswers: await TableAppender.open(connection, 'http_answers', httpAnswerColumns()),
    runningSpans: await TableAppender.open(connection, 'running_spans', runningSpanColumns()),
    requests: await TableAppender.open(connection, 'requests', requestColumns()),
    phases: await TableAppender.open(connection, 'phases', phaseColumns()),
    llmCalls: await TableAppender.open(connection, 'llm_calls', llmCallColumns()),
    customEvents: await TableAppender.open(connection, 'custom_events', customEventColumns()),
    scores: await TableAppender.open(connection, 'scores', scoreColumns()),
  };
}

function appendDerived(tables: Tables, { derived, bounds }: TouchedTrace): void {
  const byId = new Map(derived.requests.map((request) => [request.requestId, request]));
  const ownTotals = new Set<string>();
  for (const { phase, requestId } of derived.phases) if (phase === TOTAL_PHASE) ownTotals.add(requestId);
  for (const request of derived.requests) {
    const logsTotal = request.endUnixNano !== undefined && !ownTotals.has(request.requestId);
    appendRequest(tables.requests, request, bounds, logsTotal);
  }
  for (const phase of derived.phases) appendPhase(tables.phases, phase, byId.get(phase.requestId)!);
  for (const call of derived.llmCalls) {
    appendLlmCall(tables.llmCalls, call, byId.get(call.requestId)?.startUnixNano ?? call.startUnixNano);
  }
  for (const event of derived.customEvents) appendCustomEvent(tables.customEvents, event);
  for (const score of derived.scores) appendScore(tables.scores, score);
}
