import type { CustomEventRow, PhaseRow, RequestRow, ScoreRow, Span } from '@vedetta/model';
import {
  booleanColumn,
  countColumn,
  doubleColumn,
  int32Column,
  int64Column,
  spanIdColumn,
  textColumn,
  traceIdColumn,
  uint8Column,
  uint64Column,
} from '../write/columns.js';
import type { TableAppender } from '../write/table-appender.js';
import { toSearchText } from './search-text.js';
import { encodeBody } from './span-body.js';
import { encodeTags } from './tags.js';

// Each function lists the columns of one table in the table's order (sql/), each `append...` fills one row of it.

export const originColumns = () => ({
  originId: uint64Column(),
  serviceName: textColumn(),
  scopeName: textColumn(),
  scopeVersion: textColumn(),
  resource: textColumn(),
});

export const spanColumns = () => ({
  traceId: traceIdColumn(),
  spanId: spanIdColumn(),
  parentId: spanIdColumn(),
  startNs: int64Column(),
  endNs: int64Column(),
  kind: uint8Column(),
  status: uint8Column(),
  originId: uint64Column(),
  name: textColumn(),
  operation: textColumn(),
  provider: textColumn(),
  model: textColumn(),
  inputTokens: countColumn(),
  outputTokens: countColumn(),
  body: textColumn(),
});

export const runningSpanColumns = () => ({ ...spanColumns(), seenMs: countColumn(), expired: booleanColumn() });

export const requestColumns = () => ({
  requestId: textColumn(),
  traceId: traceIdColumn(),
  rootSpanId: spanIdColumn(),
  parentRequestId: textColumn(),
  name: textColumn(),
  serviceName: textColumn(),
  startNs: int64Column(),
  endNs: int64Column(),
  durationMs: doubleColumn(),
  status: textColumn(),
  modality: textColumn(),
  model: textColumn(),
  provider: textColumn(),
  stream: booleanColumn(),
  userId: textColumn(),
  sessionId: textColumn(),
  tags: textColumn(),
  requestSizeBytes: countColumn(),
  responseSizeBytes: countColumn(),
  inputTokens: countColumn(),
  outputTokens: countColumn(),
  cacheReadTokens: countColumn(),
  cacheWriteTokens: countColumn(),
  reasoningTokens: countColumn(),
  costUsd: doubleColumn(),
  ttftMs: doubleColumn(),
  llmCallCount: int32Column(),
  spanCount: int32Column(),
  errorType: textColumn(),
  errorMessage: textColumn(),
  errorFingerprint: textColumn(),
  inputPreview: textColumn(),
  outputPreview: textColumn(),
  customData: textColumn(),
  currentPhase: textColumn(),
  lastSeenMs: countColumn(),
  traceFirstNs: int64Column(),
  traceLastNs: int64Column(),
  searchText: textColumn(),
  logsTotal: booleanColumn(),
  usageEstimated: booleanColumn(),
  costEstimated: booleanColumn(),
  unpricedCallCount: int32Column(),
});

export const phaseColumns = () => ({
  requestId: textColumn(),
  traceId: traceIdColumn(),
  spanId: spanIdColumn(),
  phase: textColumn(),
  startNs: int64Column(),
  endNs: int64Column(),
  durationMs: doubleColumn(),
  success: booleanColumn(),
  model: textColumn(),
  modality: textColumn(),
  metadata: textColumn(),
  requestStartNs: int64Column(),
  requestRunning: booleanColumn(),
  stream: booleanColumn(),
  errorType: textColumn(),
  errorMessage: textColumn(),
  requestSizeBytes: countColumn(),
  responseSizeBytes: countColumn(),
  customData: textColumn(),
});

export const customEventColumns = () => ({
  traceId: traceIdColumn(),
  spanId: spanIdColumn(),
  requestId: textColumn(),
  eventName: textColumn(),
  startNs: int64Column(),
  data: textColumn(),
});

export const scoreColumns = () => ({
  traceId: traceIdColumn(),
  spanId: spanIdColumn(),
  requestId: textColumn(),
  name: textColumn(),
  value: doubleColumn(),
  label: textColumn(),
  comment: textColumn(),
  startNs: int64Column(),
});

export type OriginAppender = TableAppender<ReturnType<typeof originColumns>>;
export type SpanAppender = TableAppender<ReturnType<typeof spanColumns>>;
export type RunningSpanAppender = TableAppender<ReturnType<typeof runningSpanColumns>>;
export type RequestAppender = TableAppender<ReturnType<typeof requestColumns>>;
export type PhaseAppender = TableAppender<ReturnType<typeof phaseColumns>>;
export type CustomEventAppender = TableAppender<ReturnType<typeof customEventColumns>>;
export type ScoreAppender = TableAppender<ReturnType<typeof scoreColumns>>;

export function appendSpan(table: SpanAppender, span: Span, originId: bigint): void {
  putSpan(table.columns, table.row, span, originId);
  table.endRow();
}

export function appendRunningSpan(
  table: RunningSpanAppender,
  span: Span,
  originId: bigint,
  seenUnixMs: number,
  expired: boolean,
): void {
  const { columns, row } = table;
  putSpan(columns, row, span, originId);
  columns.seenMs.put(row, seenUnixMs);
  columns.expired.put(row, expired);
  table.endRow();
}

function putSpan(columns: SpanAppender['columns'], row: number, span: Span, originId: bigint): void {
  const { genAi } = span;
  columns.traceId.put(row, span.traceId);
  columns.spanId.put(row, span.spanId);
  columns.parentId.put(row, span.parentSpanId);
  columns.startNs.put(row, span.startUnixNano);
  columns.endNs.put(row, span.endUnixNano);
  columns.kind.put(row, span.kind);
  columns.status.put(row, span.statusCode);
  columns.originId.put(row, originId);
  columns.name.put(row, span.name);
  columns.operation.put(row, genAi?.operation);
  columns.provider.put(row, genAi?.provider);
  columns.model.put(row, genAi?.responseModel ?? genAi?.requestModel);
  columns.inputTokens.put(row, genAi?.usage?.inputTokens);
  columns.outputTokens.put(row, genAi?.usage?.outputTokens);
  columns.body.put(row, encodeBody(span));
}

/** Bounds of the starts of all spans of a trace. */
export interface TraceBounds {
  readonly firstNs: bigint;
  readonly lastNs: bigint;
}

/** `logsTotal`: it has ended and has no phase named total_request. */
export function appendRequest(
  table: RequestAppender,
  request: RequestRow,
  bounds: TraceBounds,
  logsTotal: boolean,
): void {
  const { columns, row } = table;
  columns.requestId.put(row, request.requestId);
  columns.traceId.put(row, request.traceId);
  columns.rootSpanId.put(row, request.rootSpanId);
  columns.parentRequestId.put(row, request.parentRequestId);
  columns.name.put(row, request.name);
  columns.serviceName.put(row, request.serviceName);
  columns.startNs.put(row, request.startUnixNano);
  columns.endNs.put(row, request.endUnixNano);
  columns.durationMs.put(row, request.durationMs);
  columns.status.put(row, request.status);
  columns.modality.put(row, request.modality);
  columns.model.put(row, request.model);
  columns.provider.put(row, request.provider);
  columns.stream.put(row, request.stream);
  columns.userId.put(row, request.userId);
  columns.sessionId.put(row, request.sessionId);
  columns.tags.put(row, encodeTags(request.tags));
  columns.requestSizeBytes.put(row, request.requestSizeBytes);
  columns.responseSizeBytes.put(row, request.responseSizeBytes);
  columns.inputTokens.put(row, request.inputTokens);
  columns.outputTokens.put(row, request.outputTokens);
  columns.cacheReadTokens.put(row, request.cacheReadTokens);
  columns.cacheWriteTokens.put(row, request.cacheWriteTokens);
  columns.reasoningTokens.put(row, request.reasoningTokens);
  columns.costUsd.put(row, request.costUsd);
  columns.ttftMs.put(row, request.timeToFirstTokenMs);
  columns.llmCallCount.put(row, request.llmCallCount);
  columns.spanCount.put(row, request.spanCount);
  columns.errorType.put(row, request.errorType);
  columns.errorMessage.put(row, request.errorMessage);
  columns.errorFingerprint.put(row, request.errorFingerprint);
  columns.inputPreview.put(row, request.inputPreview);
  columns.outputPreview.put(row, request.outputPreview);
  columns.customData.put(row, request.customData);
  columns.currentPhase.put(row, request.currentPhase);
  columns.lastSeenMs.put(row, request.lastSeenUnixMs);
  columns.traceFirstNs.put(row, bounds.firstNs);
  columns.traceLastNs.put(row, bounds.lastNs);
  columns.searchText.put(row, toSearchText(searchedTexts(request)));
  columns.logsTotal.put(row, logsTotal);
  columns.usageEstimated.put(row, request.usageEstimated);
  columns.costEstimated.put(row, request.costEstimated);
  columns.unpricedCallCount.put(row, request.unpricedCallCount);
  table.endRow();
}

/** What a text search looks through; see `FilterNode`. */
function searchedTexts(request: RequestRow): readonly string[] {
  const { name, inputPreview, outputPreview, errorMessage, userId, sessionId, requestId } = request;
  return [name, inputPreview, outputPreview, errorMessage, userId, sessionId, requestId];
}

export function appendPhase(table: PhaseAppender, phase: PhaseRow, request: RequestRow): void {
  const { columns, row } = table;
  columns.requestId.put(row, phase.requestId);
  columns.traceId.put(row, phase.traceId);
  columns.spanId.put(row, phase.spanId);
  columns.phase.put(row, phase.phase);
  columns.startNs.put(row, phase.startUnixNano);
  columns.endNs.put(row, phase.endUnixNano);
  columns.durationMs.put(row, phase.durationMs);
  columns.success.put(row, phase.success);
  columns.model.put(row, phase.model);
  columns.modality.put(row, phase.modality);
  columns.metadata.put(row, phase.metadata);
  columns.requestStartNs.put(row, request.startUnixNano);
  columns.requestRunning.put(row, request.status === 'running');
  columns.stream.put(row, request.stream);
  columns.errorType.put(row, request.errorType);
  columns.errorMessage.put(row, request.errorMessage);
  columns.requestSizeBytes.put(row, request.requestSizeBytes);
  columns.responseSizeBytes.put(row, request.responseSizeBytes);
  columns.customData.put(row, request.customData);
  table.endRow();
}

export function appendCustomEvent(table: CustomEventAppender, event: CustomEventRow): void {
  const { columns, row } = table;
  columns.traceId.put(row, event.eventId.slice(0, 32));
  columns.spanId.put(row, event.eventId.slice(32));
  columns.requestId.put(row, event.requestId);
  columns.eventName.put(row, event.name);
  columns.startNs.put(row, event.timeUnixNano);
  columns.data.put(row, event.data);
  table.endRow();
}

export function appendScore(table: ScoreAppender, score: ScoreRow): void {
  const { columns, row } = table;
  columns.traceId.put(row, score.scoreId.slice(0, 32));
  columns.spanId.put(row, score.scoreId.slice(32));
  columns.requestId.put(row, score.requestId);
  columns.name.put(row, score.name);
  columns.value.put(row, score.value);
  columns.label.put(row, score.label);
  columns.comment.put(row, score.comment);
  columns.startNs.put(row, score.timeUnixNano);
  table.endRow();
}
