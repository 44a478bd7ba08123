import type { FilterField, FilterNode, FilterOperator, TimeRange } from '@vedetta/model';
import { FILTER_FIELDS } from '@vedetta/model';
import type { RequestScope } from '../../api/request-reader.js';
import { toSearchText } from '../rows/search-text.js';
import { TAG_SEPARATOR } from '../rows/tags.js';
import type { SqlParameter } from './reader-pool.js';

/** A condition over `data.requests` with its parameters in order. Values of users are only ever parameters. */
export interface SqlCondition {
  readonly sql: string;
  readonly parameters: readonly SqlParameter[];
}

/** Column or expression of each field; text is compared without NULLs, so that `-user:x` finds requests without a user. */
const FIELD_SQL: { readonly [F in FilterField]: string } = {
  id: 'request_id',
  trace: "replace(trace_id::VARCHAR, '-', '')",
  name: "coalesce(name, '')",
  service: "coalesce(service_name, '')",
  model: "coalesce(model, '')",
  provider: "coalesce(provider, '')",
  modality: "coalesce(modality, '')",
  status: 'status',
  user: "coalesce(user_id, '')",
  session: "coalesce(session_id, '')",
  tag: "coalesce(tags, '')",
  error: "concat_ws(': ', error_type, error_message)",
  fingerprint: "coalesce(error_fingerprint, '')",
  stream: 'stream',
  latency: 'duration_ms',
  ttft: 'ttft_ms',
  tokens: '(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))',
  input_tokens: 'input_tokens',
  output_tokens: 'output_tokens',
  cost: 'cost_usd',
  // NULL in rows of before there were such figures.
  unpriced: 'coalesce(unpriced_call_count, 0)',
  estimated: 'coalesce(usage_estimated, false)',
};

/** Range over the start, then the filter. */
export function scopeCondition({ range, filter }: RequestScope): SqlCondition {
  const time = rangeCondition('start_ns', range);
  const where = filterCondition(filter);
  return { sql: `${time.sql} AND ${where.sql}`, parameters: [...time.parameters, ...where.parameters] };
}

/** From inclusive, to exclusive. Infinite and out-of-range ends are legal. */
export function rangeCondition(column: string, { fromUnixMs, toUnixMs }: TimeRange): SqlCondition {
  return {
    sql: `${column} >= ?::BIGINT AND ${column} < ?::BIGINT`,
    parameters: [toNs(fromUnixMs).toString(), toNs(toUnixMs).toString()],
  };
}

/** Compiles a filter. Throws RangeError for a comparison that makes no sense (`model>3`): the parser should have refused it. */
export function filterCondition(node: FilterNode): SqlCondition {
  switch (node.kind) {
    case 'all':
      return { sql: 'true', parameters: [] };
    case 'and':
    case 'or': {
      if (node.nodes.length === 0) return { sql: node.kind === 'and' ? 'true' : 'false', parameters: [] };
      const parts = node.nodes.map(filterCondition);
      return {
        sql: `(${parts.map((part) => part.sql).join(node.kind === 'and' ? ' AND ' : ' OR ')})`,
        parameters: parts.flatMap((part) => part.parameters),
      };
    }
    case 'not': {
      const inner = filterCondition(node.node);
      return { sql: `NOT coalesce(${inner.sql}, false)`, parameters: inner.parameters };
    }
    case 'text':
      return { sql: 'contains(search_text, ?)', parameters: [toSearchText([node.text])] };
    case 'compare':
      return compareCondition(node.field, node.operator, node.value);
  }
}

function compareCondition(
  field: FilterField,
  operator: FilterOperator,
  value: string | number | boolean,
): SqlCondition {
  const type = FILTER_FIELDS[field];
  const column = FIELD_SQL[field];
  if (type === 'boolean') {
    if (operator !== '=' || typeof value !== 'boolean') throw impossible(field, operator, value);
    return { sql: `${column} = ?`, parameters: [value] };
  }
  if (type === 'string') {
    if (operator !== '=' && operator !== '~') throw impossible(field, operator, value);
    const text = String(value);
    if (field === 'tag') return tagCondition(column, operator, text);
    if (operator === '~') return like(column, `%${escapeLike(text)}%`);
    if (text.includes('*')) return like(column, escapeLike(text).replaceAll('*', '%'));
    // Without the coalesce the engine prunes row groups by the column's statistics.
    if (text !== '' && column.startsWith('coalesce(')) {
      return {
        sql: `coalesce(${column.slice('coalesce('.length, column.indexOf(','))} = ?, false)`,
        parameters: [text],
      };
    }
    return { sql: `${column} = ?`, parameters: [text] };
  }
  if (operator === '~' || typeof value !== 'number' || !Number.isFinite(value))
    throw impossible(field, operator, value);
  // As text: the binding takes whole numbers for 64-bit integers and fails on larger ones.
  return { sql: `${column} ${operator} ?::DOUBLE`, parameters: [String(value)] };
}

function tagCondition(column: string, operator: FilterOperator, text: string): SqlCondition {
  if (operator === '~') return like(column, `%${escapeLike(text)}%`);
  if (text === '') return { sql: `${column} = ''`, parameters: [] };
  if (text.includes('*')) {
    // Between separators; `*` may not run past the end of a tag.
    const pattern = text.split('*').map(escapeRegex).join(`[^${TAG_SEPARATOR}]*`);
    return { sql: `regexp_matches(${column}, ?)`, parameters: [TAG_SEPARATOR + pattern + TAG_SEPARATOR] };
  }
  return { sql: `contains(${column}, ?)`, parameters: [TAG_SEPARATOR + text + TAG_SEPARATOR] };
}

function like(column: string, pattern: string): SqlCondition {
  return { sql: `${column} ILIKE ? ESCAPE '\\'`, parameters: [pattern] };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function impossible(field: string, operator: string, value: unknown): RangeError {
  return new RangeError(
    `The filter ${field}${operator}${JSON.stringify(value)} compares things that cannot be compared.`,
  );
}

function toNs(unixMs: number): bigint {
  const limit = 9_223_372_036_854; // milliseconds of the largest 64-bit nanosecond
  if (Number.isNaN(unixMs)) throw new RangeError('The time range is not a number.');
  const bounded = Math.min(Math.max(unixMs, -limit), limit);
  return BigInt(Math.round(bounded * 1000)) * 1000n;
}
