import type { LabelSet } from '../labels/label-set.js';
import { METRIC_NAME } from '../labels/label-set.js';
import type { Regex } from '../regex/compile-regex.js';
import { compileRegex } from '../regex/compile-regex.js';
import { RegexError } from '../regex/parse-regex.js';
import type { Call, Expr } from '../syntax/ast.js';
import { unwrapParens } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { StepSeries } from './step-series.js';
import { mergeSame } from './vector-functions.js';

/** The text of an argument that is a string literal. */
export function textOf(expr: Expr): string {
  const inner = unwrapParens(expr);
  return inner.kind === 'string' ? inner.value : '';
}

export function labelReplace(call: Call, series: readonly StepSeries[], utf8Names: boolean): StepSeries[] {
  const [target, replacement, source, pattern] = call.args.slice(1).map(textOf) as [string, string, string, string];
  let regex: Regex;
  try {
    regex = compileRegex(pattern);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new PromqlError('execution', `invalid regular expression in label_replace(): ${pattern}`, call.range);
  }
  refuseBadName(target, 'label_replace', call, utf8Names);
  return relabelled(series, target, (labels) => {
    const match = regex.match(labels.get(source));
    return match === undefined ? undefined : expand(replacement, match, regex.names);
  });
}

export function labelJoin(call: Call, series: readonly StepSeries[], utf8Names: boolean): StepSeries[] {
  const [target, separator, ...sources] = call.args.slice(1).map(textOf) as [string, string, ...string[]];
  refuseBadName(target, 'label_join', call, utf8Names);
  for (const source of sources)
    if (source === '')
      throw new PromqlError('execution', `invalid source label name in label_join(): ${source}`, call.range);
  return relabelled(series, target, (labels) => sources.map((source) => labels.get(source)).join(separator));
}

function relabelled(
  series: readonly StepSeries[],
  target: string,
  value: (labels: LabelSet) => string | undefined,
): StepSeries[] {
  const results = series.map((one) => {
    const text = value(one.labels);
    if (text === undefined) return one;
    const labels = one.labels.with(target, text);
    // A name given here stays, whatever was to become of the one before.
    return { ...one, labels, dropName: target === METRIC_NAME ? false : one.dropName };
  });
  return mergeSame(results);
}

function refuseBadName(name: string, where: string, call: Call, utf8Names: boolean): void {
  // Bytes that are no text were read as U+FFFD.
  const valid = utf8Names ? name !== '' && !name.includes('\ufffd') : /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name);
  if (!valid) throw new PromqlError('execution', `invalid destination label name in ${where}(): ${name}`, call.range);
}

/** `$1`, `${1}`, `$name` and `$$` as Go's regular expressions expand them: a name is as long as it can be, one unknown is nothing. */
function expand(template: string, match: readonly (string | undefined)[], names: ReadonlyMap<string, number>): string {
  return template.replace(
    /\$(?:(\$)|\{(\w+)\}|(\w+))/g,
    (_, dollar: string | undefined, braced: string | undefined, bare: string | undefined) => {
      if (dollar !== undefined) return '$';
      const name = (braced ?? bare)!;
      const index = /^\d+$/.test(name) ? Number(name) : names.get(name);
      return index === undefined ? '' : (match[index] ?? '');
    },
  );
}

/** The labels that `absent` gives to its 1: those that the selector fixes. */
export function absentLabels(arg: Expr): readonly (readonly [string, string])[] {
  const selector = arg.kind === 'matrix' ? arg.selector : arg;
  if (selector.kind !== 'selector') return [];
  const labels = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, operator, value } of selector.matchers) {
    if (name === METRIC_NAME) continue;
    if (operator === '=' && !seen.has(name)) {
      labels.set(name, value);
      seen.add(name);
    } else labels.delete(name);
  }
  return [...labels];
}
