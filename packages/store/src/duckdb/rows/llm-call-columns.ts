import type { BilledUnits, CallCost, LlmCallRow, RequestStatus, Usage, UsageSource } from '@vedetta/model';
import { readUnits, toUnitRecord } from '@vedetta/model';
import type { SqlRow } from '../read/reader-pool.js';
import {
  booleanColumn,
  countColumn,
  doubleColumn,
  int64Column,
  spanIdColumn,
  textColumn,
  traceIdColumn,
} from '../write/columns.js';
import type { TableAppender } from '../write/table-appender.js';
import { number, text } from './request-row.js';
import { spanIdText } from './stored-span.js';

/** Columns of `data.llm_calls` in the table's order. */
export const llmCallColumns = () => ({
  traceId: traceIdColumn(),
  spanId: spanIdColumn(),
  requestId: textColumn(),
  startNs: int64Column(),
  endNs: int64Column(),
  durationMs: doubleColumn(),
  status: textColumn(),
  errorType: textColumn(),
  provider: textColumn(),
  model: textColumn(),
  requestModel: textColumn(),
  operation: textColumn(),
  stream: booleanColumn(),
  ttftMs: doubleColumn(),
  inputTokens: countColumn(),
  outputTokens: countColumn(),
  cacheReadTokens: countColumn(),
  cacheWriteTokens: countColumn(),
  cacheWrite1hTokens: countColumn(),
  reasoningTokens: countColumn(),
  audioInputTokens: countColumn(),
  audioOutputTokens: countColumn(),
  imageInputTokens: countColumn(),
  imageOutputTokens: countColumn(),
  statedTotalTokens: countColumn(),
  usageSource: textColumn(),
  cacheAdded: booleanColumn(),
  serviceTier: textColumn(),
  costUsd: doubleColumn(),
  costSource: textColumn(),
  costEstimated: booleanColumn(),
  priceKey: textColumn(),
  priceDate: textColumn(),
  elsewhereUsd: doubleColumn(),
  elsewhereKey: textColumn(),
  requestStartNs: int64Column(),
  units: textColumn(),
});

export type LlmCallAppender = TableAppender<ReturnType<typeof llmCallColumns>>;

/** Figures of a usage by their column, in the order of {@link LLM_CALL_SELECT}. */
const TOKEN_COUNTS = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'cacheWrite1hTokens',
  'reasoningTokens',
  'audioInputTokens',
  'audioOutputTokens',
  'imageInputTokens',
  'imageOutputTokens',
  'statedTotalTokens',
] as const satisfies readonly (keyof Usage & keyof ReturnType<typeof llmCallColumns>)[];

export function appendLlmCall(table: LlmCallAppender, call: LlmCallRow, requestStartUnixNano: bigint): void {
  const { columns, row } = table;
  const { usage, cost } = call;
  columns.traceId.put(row, call.traceId);
  columns.spanId.put(row, call.spanId);
  columns.requestId.put(row, call.requestId);
  columns.startNs.put(row, call.startUnixNano);
  columns.endNs.put(row, call.endUnixNano);
  columns.durationMs.put(row, call.durationMs);
  columns.status.put(row, call.status);
  columns.errorType.put(row, call.errorType);
  columns.provider.put(row, call.provider);
  columns.model.put(row, call.model);
  columns.requestModel.put(row, call.requestModel);
  columns.operation.put(row, call.operation);
  columns.stream.put(row, call.stream);
  columns.ttftMs.put(row, call.timeToFirstTokenMs);
  for (const name of TOKEN_COUNTS) columns[name].put(row, usage?.[name]);
  columns.usageSource.put(row, usage?.source);
  columns.cacheAdded.put(row, usage?.cacheAdded);
  columns.serviceTier.put(row, call.serviceTier);
  columns.costUsd.put(row, cost?.usd);
  columns.costSource.put(row, cost?.source);
  columns.costEstimated.put(row, cost?.estimated);
  columns.priceKey.put(row, cost?.priceKey);
  columns.priceDate.put(row, cost?.priceDate);
  columns.elsewhereUsd.put(row, cost?.elsewhereUsd);
  columns.elsewhereKey.put(row, cost?.elsewhereKey);
  columns.requestStartNs.put(row, requestStartUnixNano);
  columns.units.put(row, usage?.units && JSON.stringify(toUnitRecord(usage.units)));
  table.endRow();
}

/** Columns of a cost for {@link costFromRow}. */
export const COST_SELECT = 'cost_usd, cost_source, cost_estimated, price_key, price_date, elsewhere_usd, elsewhere_key';

/** Columns of `data.llm_calls` for {@link llmCallFromRow}. */
export const LLM_CALL_SELECT = `replace(trace_id::VARCHAR, '-', ''), span_id, request_id, start_ns, end_ns, duration_ms, status, error_type,
  provider, model, request_model, operation, stream, ttft_ms, service_tier, usage_source, cache_added, input_tokens, output_tokens,
  cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens,
  image_input_tokens, image_output_tokens, stated_total_tokens, units, ${COST_SELECT}`;

const USAGE_AT = 15;
const UNITS_AT = USAGE_AT + 2 + TOKEN_COUNTS.length;
const COST_AT = UNITS_AT + 1;

export function llmCallFromRow(row: SqlRow): LlmCallRow {
  return {
    traceId: text(row[0]),
    spanId: spanIdText(row[1] as bigint),
    requestId: text(row[2]),
    startUnixNano: row[3] as bigint,
    endUnixNano: row[4] as bigint,
    durationMs: number(row[5]) ?? 0,
    status: text(row[6]) as Exclude<RequestStatus, 'running'>,
    errorType: text(row[7]),
    provider: text(row[8]),
    model: text(row[9]),
    requestModel: text(row[10]),
    operation: text(row[11]),
    stream: row[12] === true,
    timeToFirstTokenMs: number(row[13]),
    serviceTier: text(row[14]),
    usage: usageFromRow(row),
    cost: costFromRow(row, COST_AT),
  };
}

function usageFromRow(row: SqlRow): Usage | undefined {
  if (row[USAGE_AT] === null) return undefined;
  const usage: { -readonly [K in keyof Usage]: Usage[K] } = { source: text(row[USAGE_AT]) as UsageSource };
  TOKEN_COUNTS.forEach((name, index) => {
    const value = number(row[USAGE_AT + 2 + index]);
    if (value !== undefined) usage[name] = value;
  });
  const cacheAdded = row[USAGE_AT + 1];
  if (typeof cacheAdded === 'boolean') usage.cacheAdded = cacheAdded;
  const units = unitsFromText(row[UNITS_AT]);
  if (units !== undefined) usage.units = units;
  return usage;
}

function unitsFromText(value: unknown): BilledUnits | undefined {
  if (typeof value !== 'string') return undefined;
  const record = new Map(Object.entries(JSON.parse(value) as object));
  return readUnits((name) => record.get(name));
}

/** The cost in the columns of {@link COST_SELECT} from the given one on. */
export function costFromRow(row: SqlRow, at: number): CallCost | undefined {
  const usd = number(row[at]);
  if (usd === undefined) return undefined;
  const [source, estimated, priceKey, priceDate, elsewhereUsd, elsewhereKey] = row.slice(at + 1);
  return {
    usd,
    source: text(source) as CallCost['source'],
    estimated: estimated === true,
    ...(priceKey !== null && { priceKey: text(priceKey) }),
    ...(priceDate !== null && { priceDate: text(priceDate) }),
    ...(elsewhereUsd !== null && { elsewhereUsd: Number(elsewhereUsd) }),
    ...(elsewhereKey !== null && { elsewhereKey: text(elsewhereKey) }),
  };
}
