import type { LabelPairs } from '@vedetta/query';

/** Of names and values together, in code points, as Prometheus and OpenMetrics 1.0 have it. */
const MAX_CODE_POINTS = 128;
/** V8 copies shorter parts of a text. */
const MIN_SHARED_UNITS = 13;

/**
 * The labels of an exemplar as they are kept: sorted by name, without empty values, texts of their own. `undefined` when they are too
 * long; `before` itself when they are the same as those.
 */
export function toExemplarLabels(sent: LabelPairs, before: LabelPairs | undefined): LabelPairs | undefined {
  const units = labelUnits(sent);
  // A code point is one or two units.
  if (units > MAX_CODE_POINTS && (units > MAX_CODE_POINTS * 2 || codePoints(sent) > MAX_CODE_POINTS)) return undefined;
  const labels = isClean(sent)
    ? sent
    : sent.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  if (before !== undefined && areSame(labels, before)) return before;
  return labels.map(([name, value]) => [ownText(name), ownText(value)] as const);
}

/** UTF-16 code units of names and values. */
export function labelUnits(labels: LabelPairs): number {
  let units = 0;
  for (const [name, value] of labels) units += name.length + value.length;
  return units;
}

function codePoints(labels: LabelPairs): number {
  let count = 0;
  for (const [name, value] of labels) count += [...name].length + [...value].length;
  return count;
}

function isClean(labels: LabelPairs): boolean {
  for (let i = 0; i < labels.length; i += 1) {
    const [name, value] = labels[i] as LabelPairs[number];
    if (value === '' || (i > 0 && name <= (labels[i - 1] as LabelPairs[number])[0])) return false;
  }
  return true;
}

function areSame(a: LabelPairs, b: LabelPairs): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) {
    const [one, other] = [a[i] as LabelPairs[number], b[i] as LabelPairs[number]];
    if (one[0] !== other[0] || one[1] !== other[1]) return false;
  }
  return true;
}

/** A part of a page's text keeps the whole text in memory; a copy does not. */
function ownText(text: string): string {
  return text.length < MIN_SHARED_UNITS ? text : Buffer.from(text).toString();
}
