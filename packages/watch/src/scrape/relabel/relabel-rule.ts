import type { Regex } from '@vedetta/query';
import { compileRegex, RegexError } from '@vedetta/query';
import type { SectionReader } from '../config/section-reader.js';
import { isPlainLabelName } from '../labels.js';

export const RELABEL_ACTIONS = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;
export type RelabelAction = (typeof RELABEL_ACTIONS)[number];

/** One step of relabelling, checked. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  readonly regex: Regex;
  readonly targetLabel: string;
  readonly replacement: string;
  readonly modulus: bigint;
}

const DEFAULT_REGEX = '(.*)';
const DEFAULT_SEPARATOR = ';';
const DEFAULT_REPLACEMENT = '$1';
const NEED_TARGET: readonly RelabelAction[] = [
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
];
/** Keys that say nothing with an action: Prometheus refuses them, since somebody meant something by them. */
const FORBIDDEN: { readonly [A in RelabelAction]?: readonly string[] } = {
  lowercase: ['replacement'],
  uppercase: ['replacement'],
  keepequal: ['regex', 'modulus', 'separator', 'replacement'],
  dropequal: ['regex', 'modulus', 'separator', 'replacement'],
  labeldrop: ['source_labels', 'target_label', 'modulus', 'separator', 'replacement'],
  labelkeep: ['source_labels', 'target_label', 'modulus', 'separator', 'replacement'],
};
/** What an explicit value may be where the key is forbidden: the default says nothing either. */
const DEFAULTS: Readonly<Record<string, string>> = {
  regex: DEFAULT_REGEX,
  separator: DEFAULT_SEPARATOR,
  replacement: DEFAULT_REPLACEMENT,
  modulus: '0',
};

/** Reads one of `relabel_configs`. Faults go to the section's report. */
export function readRelabelRule(section: SectionReader): RelabelRule {
  const word = section.text('action', 'replace').toLowerCase();
  const action = RELABEL_ACTIONS.find((known) => known === word);
  if (action === undefined)
    section.fault('action', `must be one of ${RELABEL_ACTIONS.join(', ')}, not ${JSON.stringify(word)}`);
  const rule: RelabelRule = {
    action: action ?? 'replace',
    sourceLabels: section.texts('source_labels'),
    separator: section.textOrEmpty('separator', DEFAULT_SEPARATOR),
    regex: readRegex(section),
    targetLabel: section.text('target_label'),
    replacement: section.textOrEmpty('replacement', DEFAULT_REPLACEMENT),
    modulus: BigInt(section.integer('modulus')),
  };
  if (action !== undefined) check(section, rule);
  section.close();
  return rule;
}

function readRegex(section: SectionReader): Regex {
  const pattern = section.textOrEmpty('regex', DEFAULT_REGEX);
  try {
    return compileRegex(pattern);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    section.fault('regex', `is no pattern: ${error.message}`);
    return compileRegex(DEFAULT_REGEX);
  }
}

function check(section: SectionReader, { action, targetLabel, modulus }: RelabelRule): void {
  if (NEED_TARGET.includes(action) && targetLabel === '') {
    section.fault('target_label', `is needed by the action ${action}`);
  }
  if (action === 'hashmod' && modulus === 0n) section.fault('modulus', 'must be above 0 for the action hashmod');
  if (targetLabel !== '' && action !== 'replace' && targetLabel.includes('$') && !isPlainLabelName(targetLabel)) {
    section.fault('target_label', `${JSON.stringify(targetLabel)} is no name of a label`);
  }
  for (const key of FORBIDDEN[action] ?? []) {
    if (!section.has(key)) continue;
    if (key in DEFAULTS && section.text(key) === DEFAULTS[key]) continue;
    section.fault(key, `can not be set for the action ${action}`);
  }
}
