import { createHash } from 'node:crypto';
import type { LabelMap } from '../labels.js';
import { expandTemplate } from './expand-template.js';
import type { RelabelRule } from './relabel-rule.js';

/**
 * Applies the rules in their order, changing the labels; false as soon as one drops them. An empty value removes a label.
 * Source: Prometheus, "relabel_config".
 */
export function relabel(labels: LabelMap, rules: readonly RelabelRule[]): boolean {
  for (const rule of rules) if (!apply(labels, rule)) return false;
  return true;
}

function apply(labels: LabelMap, rule: RelabelRule): boolean {
  const { action, regex, targetLabel } = rule;
  switch (action) {
    case 'drop':
      return !regex.test(sourceValue(labels, rule));
    case 'keep':
      return regex.test(sourceValue(labels, rule));
    case 'dropequal':
      return (labels.get(targetLabel) ?? '') !== sourceValue(labels, rule);
    case 'keepequal':
      return (labels.get(targetLabel) ?? '') === sourceValue(labels, rule);
    case 'replace':
      replace(labels, rule);
      return true;
    case 'lowercase':
      set(labels, targetLabel, sourceValue(labels, rule).toLowerCase());
      return true;
    case 'uppercase':
      set(labels, targetLabel, sourceValue(labels, rule).toUpperCase());
      return true;
    case 'hashmod':
      set(labels, targetLabel, String(hash(sourceValue(labels, rule)) % rule.modulus));
      return true;
    case 'labelmap':
      for (const [name, value] of [...labels]) {
        const match = value === '' ? undefined : regex.match(name);
        if (match !== undefined) set(labels, expandTemplate(rule.replacement, match, regex.names), value);
      }
      return true;
    case 'labeldrop':
      for (const name of [...labels.keys()]) if (regex.test(name)) labels.delete(name);
      return true;
    case 'labelkeep':
      for (const name of [...labels.keys()]) if (!regex.test(name)) labels.delete(name);
      return true;
  }
}

function sourceValue(labels: LabelMap, { sourceLabels, separator }: RelabelRule): string {
  if (sourceLabels.length === 1) return labels.get(sourceLabels[0] as string) ?? '';
  return sourceLabels.map((name) => labels.get(name) ?? '').join(separator);
}

function replace(labels: LabelMap, rule: RelabelRule): void {
  const match = rule.regex.match(sourceValue(labels, rule));
  if (match === undefined) return;
  const target = expandTemplate(rule.targetLabel, match, rule.regex.names);
  if (target === '') return;
  set(labels, target, expandTemplate(rule.replacement, match, rule.regex.names));
}

function set(labels: LabelMap, name: string, value: string): void {
  if (value === '') labels.delete(name);
  else if (name !== '') labels.set(name, value);
}

/** The last eight bytes of MD5 as a number: every Prometheus shards the same way. */
function hash(text: string): bigint {
  return createHash('md5').update(text).digest().readBigUInt64BE(8);
}
