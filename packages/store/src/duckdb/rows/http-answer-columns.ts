import type { AttributeValue, Span } from '@vedetta/model';
import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import {
  booleanColumn,
  countColumn,
  doubleColumn,
  int32Column,
  int64Column,
  textColumn,
  traceIdColumn,
} from '../write/columns.js';
import type { TableAppender } from '../write/table-appender.js';

const SERVER_KIND = 2;

/** Columns of `data.http_answers` in the table's order. */
export const httpAnswerColumns = () => ({
  traceId: traceIdColumn(),
  startNs: int64Column(),
  durationMs: doubleColumn(),
  endpoint: textColumn(),
  method: textColumn(),
  statusCode: int32Column(),
  requestSizeBytes: countColumn(),
  responseSizeBytes: countColumn(),
  failed: booleanColumn(),
});

export type HttpAnswerAppender = TableAppender<ReturnType<typeof httpAnswerColumns>>;

/** Adds a row when the span is of a server that answered an HTTP request, by the current or the former names of the conventions. */
export function appendHttpAnswer(table: HttpAnswerAppender, span: Span): void {
  const { attributes, kind, startUnixNano, endUnixNano } = span;
  const method = text(attributes['http.request.method'] ?? attributes['http.method']);
  if (method === '') return;
  if (kind !== SERVER_KIND && attributes[VEDETTA_ATTRIBUTES.spanKind] !== 'request') return;
  const { columns, row } = table;
  const status = whole(attributes['http.response.status_code'] ?? attributes['http.status_code']);
  columns.traceId.put(row, span.traceId);
  columns.startNs.put(row, startUnixNano);
  columns.durationMs.put(row, Number(endUnixNano - startUnixNano) / 1e6);
  columns.endpoint.put(row, text(attributes['http.route']));
  columns.method.put(row, method);
  columns.statusCode.put(row, status !== undefined && Math.abs(status) < 2 ** 31 ? status : undefined);
  columns.requestSizeBytes.put(
    row,
    whole(attributes['http.request.body.size'] ?? attributes['http.request_content_length']),
  );
  columns.responseSizeBytes.put(
    row,
    whole(attributes['http.response.body.size'] ?? attributes['http.response_content_length']),
  );
  columns.failed.put(row, span.statusCode === 2);
  table.endRow();
}

function text(value: AttributeValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Some senders write numbers as texts. */
function whole(value: AttributeValue | undefined): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? Math.round(number) : undefined;
}
