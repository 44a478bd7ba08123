import type { DuckDBConnection } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { KnownSpan } from '../../derive/known-span.js';
import { toKnownSpan } from '../../derive/known-span.js';
import type { FoundSpan } from '../rows/stored-span.js';
import { spanFromRow, spanSelect } from '../rows/stored-span.js';
import { currentCosts } from './current-costs.js';
import type { TraceFilter } from './trace-filter.js';

/** Where the spans of some traces start, in nanoseconds, ends included. */
export interface StartWindow {
  readonly first: string;
  readonly last: string;
}

/** Spans of the given traces as the store has them, with what their calls cost now, by trace; traces it does not have are left out. */
export async function loadTraces(
  connection: DuckDBConnection,
  traceIds: readonly string[],
): Promise<Map<string, Map<string, KnownSpan>>> {
  if (traceIds.length === 0) return new Map();
  const found = await readSpans(connection, traceIds, undefined);
  const costs = await currentCosts(connection, found);
  return byTrace(found.map((each) => ({ ...each, span: costs.apply(each.span) })));
}

/** As {@link loadTraces}, of traces whose spans all start in the window, with the costs of the time they came. */
export async function loadTracesAsReceived(
  connection: DuckDBConnection,
  traceIds: readonly string[],
  window: StartWindow,
): Promise<Map<string, Map<string, KnownSpan>>> {
  return byTrace(await readSpans(connection, traceIds, window));
}

async function readSpans(
  connection: DuckDBConnection,
  traceIds: readonly string[],
  window: StartWindow | undefined,
): Promise<FoundSpan[]> {
  const inWindow = window === undefined ? '' : ' AND s.start_ns BETWEEN ?::BIGINT AND ?::BIGINT';
  const wanted = `s.trace_id IN (SELECT unnest(string_split(?, ','))::UUID)${inWindow}`;
  const values = [traceIds.join(','), ...(window === undefined ? [] : [window.first, window.last])];
  const reader = await connection.runAndReadAll(spanSelect(wanted), [...values, ...values]);
  return reader.getRows().map(spanFromRow);
}

function byTrace(found: readonly FoundSpan[]): Map<string, Map<string, KnownSpan>> {
  const traces = new Map<string, Map<string, KnownSpan>>();
  for (const { span, seenUnixMs, expired } of found) {
    let spans = traces.get(span.traceId);
    if (spans === undefined) {
      spans = new Map();
      traces.set(span.traceId, spans);
    }
    spans.set(span.spanId, toKnownSpan(span, seenUnixMs, expired));
  }
  return traces;
}

/** Tells the filter of every stored trace, a chunk at a time: each has a request, an event or a score, or still runs. */
export async function fillFilter(
  connection: DuckDBConnection,
  filter: TraceFilter,
  isClosed: () => boolean,
): Promise<void> {
  for (const table of ['requests', 'custom_events', 'scores', 'running_spans']) {
    const result = await connection.stream(`SELECT trace_id FROM data.${table}`);
    for (;;) {
      const chunk = isClosed() ? null : await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, 0);
      filter.addVector(duckdb.vector_get_data(vector, chunk.rowCount * 16));
    }
    if (isClosed()) {
      // A result that is left half read keeps its transaction, and with it the file; the next statement lets go of it.
      await connection.run('SELECT 1');
      return;
    }
  }
}
