import type { FilterNode } from '@vedetta/model';

/** Writes a tree back as text that {@link parseFilter} reads to the same tree. Durations come out in milliseconds. */
export function formatFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'all':
      return '';
    case 'text':
      return quoteWord(node.text);
    case 'and':
      return node.nodes
        .map((child) =>
          child.kind === 'or' || child.kind === 'and' ? `(${formatFilter(child)})` : formatFilter(child),
        )
        .join(' ');
    case 'or':
      return node.nodes
        .map((child) => (child.kind === 'or' ? `(${formatFilter(child)})` : formatFilter(child)))
        .join(' OR ');
    case 'not':
      return node.node.kind === 'and' || node.node.kind === 'or'
        ? `-(${formatFilter(node.node)})`
        : `-${formatFilter(node.node)}`;
    case 'compare': {
      const operator = node.operator === '=' ? '' : node.operator;
      if (typeof node.value === 'string') return `${node.field}:${operator}${quoteValue(node.value)}`;
      const unit = node.field === 'latency' || node.field === 'ttft' ? 'ms' : '';
      return `${node.field}:${operator}${String(node.value)}${unit}`;
    }
  }
}

function quoteWord(text: string): string {
  return /^[^\s()"\-:][^\s():]*$/.test(text) && text !== 'OR' && text !== 'NOT' ? text : quote(text);
}

function quoteValue(text: string): string {
  // What begins with two slashes would be read as part of an address, which is a word.
  return /^(?!\/\/)[^\s(),"<>~][^\s(),]*$/.test(text) ? text : quote(text);
}

function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}
