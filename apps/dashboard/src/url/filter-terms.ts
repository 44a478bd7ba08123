import type { FilterField, FilterNode } from '@vedetta/model';
import { formatFilter, parseFilter } from '@vedetta/query';

/** One value that a filter demands or excludes at its top level: what facets and chips show and change. */
export interface FilterTerm {
  readonly field: FilterField;
  readonly value: string;
  readonly negated: boolean;
}

/** Conditions that all must hold, each as text; `undefined` for a filter that does not parse. */
export function splitFilter(q: string): readonly string[] | undefined {
  return topNodes(q)?.map(writeNode);
}

/** The equality terms of a filter's top level. Conditions inside OR groups of several fields are left out. */
export function readTerms(q: string): readonly FilterTerm[] {
  return (topNodes(q) ?? []).flatMap((node) => {
    const negated = node.kind === 'not';
    return (equalities(negated ? node.node : node) ?? []).map((term) => ({ ...term, negated }));
  });
}

/**
 * Adds a value to a filter, or takes it away when it is there. Values of one field add up (`status:failed,timeout`);
 * a negated value replaces the same value demanded, and the other way round. A filter that does not parse is replaced.
 */
export function toggleTerm(q: string, term: FilterTerm): string {
  const nodes = topNodes(q) ?? [];
  const same = readTerms(q).filter((other) => other.field === term.field);
  const has = same.some((other) => other.value === term.value && other.negated === term.negated);
  const kept = same.filter((other) => other.value !== term.value);
  const terms = has ? kept : [...kept, term];
  const rest = nodes.filter((node) => fieldOf(node) !== term.field);
  return [...rest.map(writeNode), ...writeTerms(term.field, terms)].join(' ');
}

/** Sets the one value that a field must have, whatever the filter said about it. */
export function setTerm(q: string, field: FilterField, value: string): string {
  return setTerms(q, field, [value]);
}

/** Sets the values of which a field must have one, whatever the filter said about it. */
export function setTerms(q: string, field: FilterField, values: readonly string[]): string {
  const rest = (topNodes(q) ?? []).filter((node) => fieldOf(node) !== field);
  const terms = values.map((value) => ({ field, value, negated: false }));
  return [...rest.map(writeNode), ...writeTerms(field, terms)].join(' ');
}

/** The filter without what it demands of a field: the values that could be chosen instead are counted with it. */
export function dropField(q: string, field: FilterField): string {
  return (topNodes(q) ?? [])
    .filter((node) => fieldOf(node) !== field)
    .map(writeNode)
    .join(' ');
}

/** Adds a condition to those of {@link splitFilter}, once. A filter that does not parse is replaced. */
export function addCondition(q: string, condition: string): string {
  const conditions = splitFilter(q) ?? [];
  return conditions.includes(condition) ? q : [...conditions, condition].join(' ');
}

/** Takes one of the conditions of {@link splitFilter} away. */
export function dropCondition(q: string, index: number): string {
  return (splitFilter(q) ?? []).filter((_, i) => i !== index).join(' ');
}

function topNodes(q: string): readonly FilterNode[] | undefined {
  const parsed = parseFilter(q);
  if (parsed.kind === 'invalid') return undefined;
  const { node } = parsed;
  return node.kind === 'all' ? [] : node.kind === 'and' ? node.nodes : [node];
}

/** The field when a node says only which values of one text field are wanted, or are not. */
function fieldOf(node: FilterNode): FilterField | undefined {
  return equalities(node.kind === 'not' ? node.node : node)?.[0]?.field;
}

function equalities(node: FilterNode): readonly { field: FilterField; value: string }[] | undefined {
  if (node.kind === 'compare') {
    return node.operator === '=' && typeof node.value === 'string'
      ? [{ field: node.field, value: node.value }]
      : undefined;
  }
  if (node.kind !== 'or') return undefined;
  const terms = node.nodes.map((child) => (child.kind === 'compare' ? equalities(child)?.[0] : undefined));
  const first = terms[0];
  return first !== undefined && terms.every((term) => term?.field === first.field)
    ? (terms as { field: FilterField; value: string }[])
    : undefined;
}

/** A node as text that can stand beside others; values of one field with commas instead of OR. */
function writeNode(node: FilterNode): string {
  const negated = node.kind === 'not';
  const terms = equalities(negated ? node.node : node);
  if (terms !== undefined) return `${negated ? '-' : ''}${writeValues(terms)}`;
  return node.kind === 'or' || node.kind === 'and' ? `(${formatFilter(node)})` : formatFilter(node);
}

function writeTerms(field: FilterField, terms: readonly FilterTerm[]): string[] {
  const wanted = terms.filter((term) => !term.negated);
  const unwanted = terms.filter((term) => term.negated);
  return [
    ...(wanted.length > 0 ? [writeValues(wanted.map(({ value }) => ({ field, value })))] : []),
    ...(unwanted.length > 0 ? [`-${writeValues(unwanted.map(({ value }) => ({ field, value })))}`] : []),
  ];
}

function writeValues(terms: readonly { field: FilterField; value: string }[]): string {
  const field = terms[0]?.field ?? '';
  const prefix = `${field}:`;
  const values = terms.map((term) => formatFilter({ kind: 'compare', operator: '=', ...term }).slice(prefix.length));
  return prefix + values.join(',');
}
