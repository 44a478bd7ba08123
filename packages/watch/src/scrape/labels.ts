import type { LabelPairs } from '@vedetta/query';

/** Prefix of labels that serve relabelling and are not stored. */
export const RESERVED_PREFIX = '__';
export const META_PREFIX = '__meta_';

/** Labels while they are worked on, by name; an empty value is the same as no label. */
export type LabelMap = Map<string, string>;

/** Sorted by name as the store wants them, without empty values. */
export function toPairs(labels: ReadonlyMap<string, string>): LabelPairs {
  return [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The same for equal labels, another for others: a length before each text, so that no text imitates a border. */
export function pairsKey(pairs: LabelPairs): string {
  let key = '';
  for (const [name, value] of pairs) key += `${name.length}:${name}${value.length}:${value}`;
  return key;
}

/** As Prometheus has them before version 3; names beyond these are written in quotes there. */
export function isPlainLabelName(name: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
}

/** The label that holds a metric's name. */
export const METRIC_NAME_LABEL = '__name__';
