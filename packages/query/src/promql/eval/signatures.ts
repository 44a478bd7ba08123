import type { LabelSet } from '../labels/label-set.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { VectorMatching } from '../syntax/ast.js';

/** What tells which series of two vectors belong together. The name of the metric never does, but with `on`. */
export function signatureOfMatching(matching: VectorMatching): (labels: LabelSet) => string {
  if (matching.on) {
    const names = [...new Set(matching.labels)].sort();
    return (labels) => labels.keyOn(names);
  }
  const ignored = new Set([...matching.labels, METRIC_NAME]);
  return (labels) => labels.keyWithout(ignored);
}

/** The labels that series of one signature have in common. */
export function matchedLabels(labels: LabelSet, matching: VectorMatching): LabelSet {
  if (matching.on) return labels.keep(new Set(matching.labels));
  return labels.drop(new Set([...matching.labels, METRIC_NAME]));
}
