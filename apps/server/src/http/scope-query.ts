import type { FilterField, FilterNode } from '@vedetta/model';
import { REQUEST_STATUSES } from '@vedetta/model';
import { parseFilter } from '@vedetta/query';
import type { ContentPolicy } from '@vedetta/receive';
import { redactIdentity } from '@vedetta/receive';
import type { RequestScope } from '@vedetta/store';
import { didYouMean } from '../config/nearest-name.js';
import { invalidField } from './problem.js';
import { toTimeRange } from './time-query.js';

/** The query parameters that say which requests a question is about, after the route's schema has read them. */
export interface ScopeQueryValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly model?: string | undefined;
  readonly modality?: string | undefined;
  readonly status?: string | undefined;
  readonly user?: string | undefined;
  readonly session?: string | undefined;
  readonly service?: string | undefined;
  readonly min_duration_ms?: number | undefined;
  readonly max_duration_ms?: number | undefined;
  readonly q?: string | undefined;
}

const FIELDS = ['model', 'modality', 'user', 'session', 'service'] as const satisfies readonly FilterField[];

/**
 * Turns query parameters into the range and the filter that the store is asked with. Impossible ones are a 400 with a remedy.
 * A user is found by the e-mail address that was given as id, though a pseudonym is what `content` let be stored.
 */
export function toScope(
  query: ScopeQueryValues,
  now: number,
  content: ContentPolicy,
  defaultSpanMs?: number,
): RequestScope {
  const { fromUnixMs, toUnixMs } = toTimeRange(query, now, defaultSpanMs);
  return { range: { fromUnixMs, toUnixMs }, filter: withPseudonyms(toFilter(query), content) };
}

function withPseudonyms(node: FilterNode, content: ContentPolicy): FilterNode {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, nodes: node.nodes.map((child) => withPseudonyms(child, content)) };
    case 'not':
      return { kind: 'not', node: withPseudonyms(node.node, content) };
    case 'compare':
      return (node.field === 'user' || node.field === 'session') && node.operator === '='
        ? { ...node, value: redactIdentity(String(node.value), content) }
        : node;
    default:
      return node;
  }
}

function toFilter(query: ScopeQueryValues): FilterNode {
  const nodes: FilterNode[] = [];
  for (const field of FIELDS) {
    const value = query[field];
    if (value !== undefined && value !== '') nodes.push(anyOf(field, [value]));
  }
  if (query.status !== undefined && query.status !== '') nodes.push(anyOf('status', parseStatuses(query.status)));
  nodes.push(...durationNodes(query));
  if (query.q !== undefined && query.q.trim() !== '') nodes.push(parseText(query.q));
  const [only] = nodes;
  if (only === undefined) return { kind: 'all' };
  return nodes.length === 1 ? only : { kind: 'and', nodes };
}

function durationNodes(query: ScopeQueryValues): readonly FilterNode[] {
  const { min_duration_ms: min, max_duration_ms: max } = query;
  if (min !== undefined && max !== undefined && min > max) {
    throw invalidField('min_duration_ms', `${min} is more than max_duration_ms (${max}); no request can match`);
  }
  return [
    ...(min === undefined ? [] : [{ kind: 'compare', field: 'latency', operator: '>=', value: min } as const]),
    ...(max === undefined ? [] : [{ kind: 'compare', field: 'latency', operator: '<=', value: max } as const]),
  ];
}

function parseStatuses(text: string): readonly string[] {
  const statuses = text.split(',').map((status) => status.trim());
  for (const status of statuses) {
    if ((REQUEST_STATUSES as readonly string[]).includes(status)) continue;
    const known = REQUEST_STATUSES.join(', ');
    throw invalidField(
      'status',
      `there is no status "${status.slice(0, 60)}"; it is one of ${known}.${didYouMean(status, REQUEST_STATUSES)}`,
    );
  }
  return statuses;
}

function parseText(text: string): FilterNode {
  const parsed = parseFilter(text);
  if (parsed.kind === 'invalid') throw invalidField('q', `${parsed.message} (at character ${parsed.position + 1})`);
  return parsed.node;
}

function anyOf(field: FilterField, values: readonly string[]): FilterNode {
  const nodes = values.map((value) => ({ kind: 'compare', field, operator: '=', value }) as const);
  const [only] = nodes;
  return only !== undefined && nodes.length === 1 ? only : { kind: 'or', nodes };
}
