import type { Expr, LabelMatcher, VectorSelector } from '@vedetta/query';
import { parsePromql } from '@vedetta/query';
import type { TestSeries, ValueAt } from './test-series.js';
import { counterOf, createSeries, gaugeOf, withGaps } from './test-series.js';

const BOUNDS = ['0.05', '0.5', '2.5', '10', '+Inf'];
const COUNTER = /_(?:total|count|sum|bucket)$/;
const COUNTER_FUNCTIONS = new Set(['rate', 'irate', 'increase', 'resets']);
/** Expressions ask for minutes mostly: the last hour is enough for so many series. */
const FIRST_SAMPLE = 120;

/** What an expression asks of a metric. */
interface Asked {
  readonly selector: VectorSelector;
  readonly isCounter: boolean;
}

/**
 * Series that expressions written by others ask for, so that their answers are not empty: for each selector some that it lets
 * pass, with every label that the expression groups, joins or replaces by.
 */
export function expressionSeries(queries: readonly string[]): TestSeries[] {
  const byKey = new Map<string, Readonly<Record<string, string>>>();
  const counters = new Set<string>();
  for (const query of queries) {
    const parsed = tryParse(query);
    if (parsed === undefined) continue;
    const asked: Asked[] = [];
    const labels = new Set<string>();
    collect(parsed, false, asked, labels);
    for (const { selector, isCounter } of asked) {
      for (const series of passing(selector, labels)) {
        if (isCounter) counters.add(series.__name__ ?? '');
        byKey.set(JSON.stringify(Object.entries(series).sort()), series);
      }
    }
  }
  return [...byKey.values()].map((labels, i) => {
    const valueAt = valuesOf(labels, counters.has(labels.__name__ ?? ''), i + 1);
    return createSeries(labels, (at) => (at < FIRST_SAMPLE ? undefined : valueAt(at)), { phaseMs: (i % 28) * 1000 });
  });
}

function tryParse(query: string): Expr | undefined {
  try {
    return parsePromql(query).expr;
  } catch {
    return undefined;
  }
}

function collect(expr: Expr, isCounter: boolean, asked: Asked[], labels: Set<string>): void {
  switch (expr.kind) {
    case 'selector':
      asked.push({ selector: expr, isCounter });
      return;
    case 'matrix':
      asked.push({ selector: expr.selector, isCounter });
      return;
    case 'subquery':
    case 'paren':
    case 'unary':
      collect(expr.expr, isCounter, asked, labels);
      return;
    case 'call':
      for (const arg of expr.args) {
        if (arg.kind === 'string' && /^[a-z_]\w*$/i.test(arg.value)) labels.add(arg.value);
        collect(arg, COUNTER_FUNCTIONS.has(expr.name), asked, labels);
      }
      return;
    case 'aggregation':
      for (const label of expr.labels) labels.add(label);
      collect(expr.expr, isCounter, asked, labels);
      return;
    case 'binary':
      for (const label of [...(expr.matching?.labels ?? []), ...(expr.matching?.include ?? [])]) labels.add(label);
      collect(expr.left, isCounter, asked, labels);
      collect(expr.right, isCounter, asked, labels);
      return;
    default:
  }
}

/** Labels of a few series that a selector lets pass; none where that cannot be had by guessing. */
function passing({ matchers, name }: VectorSelector, labels: ReadonlySet<string>): Record<string, string>[] {
  const found: Record<string, string>[] = [];
  for (const variant of [0, 1]) {
    const series: Record<string, string> = { __name__: name, instance: `host-${variant}:9100`, job: 'job-a' };
    for (const label of labels) if (label !== '__name__') series[label] ??= `${label}-${variant}`;
    for (const matcher of matchers) {
      const value = guess(matchers, matcher.name, series[matcher.name] ?? '', variant);
      if (value === undefined) return found;
      series[matcher.name] = value;
    }
    delete series.le;
    for (const [label, value] of Object.entries(series)) if (value === '') delete series[label];
    if (series.__name__ === undefined) return found;
    const asked = matchers.filter((matcher) => matcher.name === 'le');
    if (labels.has('le') || asked.length > 0 || name.endsWith('_bucket')) {
      const bounds = new Set([...BOUNDS, ...asked.flatMap((matcher) => matcher.values ?? [])]);
      for (const le of bounds) if (le !== '') found.push({ ...series, le });
    } else found.push(series);
  }
  return found;
}

/** A value that all matchers of a label let pass. */
function guess(matchers: readonly LabelMatcher[], label: string, first: string, variant: number): string | undefined {
  const own = matchers.filter((matcher) => matcher.name === label);
  const candidates = own.flatMap(({ operator, values = [], value }) => {
    if (operator === '=') return [value];
    if (operator !== '=~') return [];
    const text = value.replace(/^\^|\$$/g, '').replace(/\(\?[:i]+/g, '(');
    const simple = text
      .replace(/\.[*+]\??/g, 'x')
      .replace(/\[[^\]]*\][*+]?/g, '1')
      .replace(/[()\\]/g, '');
    return [...values.slice(variant), ...values, simple, ...simple.split('|'), simple.replaceAll('.', '0')];
  });
  return [first, ...candidates, `${label}-${variant}`, 'x', 'other', ''].find((value) =>
    own.every((matcher) => matcher.test(value)),
  );
}

function valuesOf(
  { __name__: name = '', le }: Readonly<Record<string, string>>,
  counter: boolean,
  seed: number,
): ValueAt {
  if (le !== undefined) {
    const at = Math.max(0, BOUNDS.indexOf(le));
    return (i) => (i % 100) * (at + 1) * ((seed % 3) + 1);
  }
  if (name.endsWith('_info') || name.endsWith('_labels')) return () => 1;
  if (counter || COUNTER.test(name)) return withGaps(seed, 0.01, counterOf(seed, 10 ** (seed % 4)));
  switch (seed % 5) {
    case 0:
      return (i) => (Math.floor(i / 17) + seed) % 2;
    case 1:
      return gaugeOf(seed, 0.5, 0.3);
    case 2:
      return withGaps(seed, 0.02, gaugeOf(seed, 80, 30));
    case 3:
      return gaugeOf(seed, 5e9, 5e8);
    default:
      return () => 0;
  }
}
