/**
 * Labels of a series as pairs in the order of their names (by UTF-16 code unit), without empty values: a label that is empty is a label that is
 * not there. The name of the metric is the label `__name__`.
 */
export type Labels = readonly (readonly [name: string, value: string])[];

/** The label that holds a metric's name. */
export const METRIC_NAME = '__name__';

/** A condition on one label. A series without the label has the value `''`. */
export interface LabelMatcher {
  readonly name: string;
  /** All values that pass, where they are few and known (`=`, or a pattern of alternatives); they are looked up instead of tried. */
  readonly values?: readonly string[];
  readonly test: (value: string) => boolean;
}

/** Sorted, without empty values; `undefined` when a name is there twice. */
export function toLabels(pairs: Iterable<readonly [string, string]>): Labels | undefined {
  const labels = [...pairs].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (let i = 1; i < labels.length; i += 1) if (labels[i]?.[0] === labels[i - 1]?.[0]) return undefined;
  return labels;
}
