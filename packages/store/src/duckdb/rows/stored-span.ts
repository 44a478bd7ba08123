import type { DuckDBValue } from '@duckdb/node-api';
import type { Span, SpanKind, SpanStatusCode } from '@vedetta/model';
import { decodeBody } from './span-body.js';

/** Selects stored spans, running ones too, for {@link spanFromRow}. `condition` is over alias `s` and appears twice. */
export function spanSelect(condition: string): string {
  const columns = `replace(s.trace_id::VARCHAR, '-', ''), s.span_id, s.parent_id, s.start_ns, s.end_ns, s.kind, s.status,
    s.origin_id, coalesce(s.name, ''), s.body`;
  return `
    WITH found AS (
      SELECT ${columns}, 0::BIGINT, false FROM data.spans s WHERE ${condition}
      UNION ALL
      SELECT ${columns}, s.seen_ms, s.expired FROM data.running_spans s WHERE ${condition}
    )
    SELECT f.*, o.* EXCLUDE (origin_id) FROM found f LEFT JOIN (
      SELECT origin_id, any_value(coalesce(service_name, '')), any_value(coalesce(scope_name, '')),
        any_value(coalesce(scope_version, '')), any_value(resource)
      FROM data.origins GROUP BY origin_id
    ) o ON o.origin_id = f.origin_id`;
}

/** A row of {@link spanSelect}. */
export interface FoundSpan {
  readonly span: Span;
  readonly seenUnixMs: number;
  readonly expired: boolean;
}

export function spanFromRow(row: readonly DuckDBValue[]): FoundSpan {
  const body = decodeBody(String(row[9]));
  const parentId = row[2] as bigint;
  return {
    span: {
      traceId: String(row[0]),
      spanId: spanIdText(row[1] as bigint),
      parentSpanId: parentId === 0n ? '' : spanIdText(parentId),
      startUnixNano: row[3] as bigint,
      endUnixNano: row[4] as bigint,
      kind: Number(row[5]) as SpanKind,
      statusCode: Number(row[6]) as SpanStatusCode,
      name: String(row[8]),
      statusMessage: body.statusMessage,
      attributes: body.attributes,
      events: body.events,
      links: body.links,
      facts: body.facts,
      genAi: body.genAi,
      origin: {
        serviceName: String(row[12] ?? ''),
        scopeName: String(row[13] ?? ''),
        scopeVersion: String(row[14] ?? ''),
        resource: JSON.parse(String(row[15] ?? '{}')),
      },
    },
    seenUnixMs: Number(row[10]),
    expired: row[11] === true,
  };
}

/** 16 lower-case hex digits. */
export function spanIdText(id: bigint): string {
  return id.toString(16).padStart(16, '0');
}
