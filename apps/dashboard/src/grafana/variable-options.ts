import { interpolate, referencedVariables, type VariableValue, type VariableValues } from './interpolate.js';
import { parseInterval } from './intervals.js';
import type { Variable, VariableOption } from './model.js';
import { ALL } from './parse-variables.js';
import { safePattern } from './safe-pattern.js';

/** The questions that variables ask; answered by the Prometheus API. */
export interface VariableSource {
  labelNames(): Promise<readonly string[]>;
  labelValues(label: string, selector: string): Promise<readonly string[]>;
  /** Series of an instant query, as `name{label="value"} 1 1700000000000`. */
  queryResult(expr: string): Promise<readonly string[]>;
}

/** A variable with what may be chosen and what is. */
export interface VariableState {
  readonly variable: Variable;
  readonly options: readonly VariableOption[];
  /** Chosen values; {@link ALL} alone for all. */
  readonly chosen: readonly string[];
  /** Why there are no options; empty when all is well. */
  readonly fault: string;
}

/** A variable has no more options than this; the rest cannot be chosen. */
const MAX_OPTIONS = 5000;
/** Longer texts are not looked at by patterns. */
const MAX_OPTION_LENGTH = 500;

/** Variables in an order in which each comes after those it asks with; those in a circle come last, with a fault. */
export function orderVariables(variables: readonly Variable[]): {
  readonly ordered: readonly Variable[];
  readonly circular: ReadonlySet<string>;
} {
  const names = new Set(variables.map(({ name }) => name));
  const needs = new Map(
    variables.map((variable) => {
      const used = referencedVariables(`${variable.query} ${variable.regex}`);
      return [variable.name, [...used].filter((name) => names.has(name))] as const;
    }),
  );
  const ordered: Variable[] = [];
  const done = new Set<string>();
  let left = [...variables];
  for (;;) {
    const ready = left.filter(({ name }) => (needs.get(name) ?? []).every((need) => done.has(need)));
    if (ready.length === 0) break;
    for (const variable of ready) done.add(variable.name);
    ordered.push(...ready);
    left = left.filter((variable) => !ready.includes(variable));
  }
  return { ordered: [...ordered, ...left], circular: new Set(left.map(({ name }) => name)) };
}

/**
 * What each variable may be and is: wanted values (of the address) where they are among the options, else those that were
 * saved, else the first. Variables that depend on others are asked after them. A variable that cannot be asked has a fault.
 */
export async function resolveVariables(
  variables: readonly Variable[],
  wanted: ReadonlyMap<string, readonly string[]>,
  builtIn: VariableValues,
  source: VariableSource,
): Promise<readonly VariableState[]> {
  const { ordered, circular } = orderVariables(variables);
  const states = new Map<string, VariableState>();
  for (const variable of ordered) {
    const values = new Map([...builtIn, ...variableValues([...states.values()])]);
    let [options, fault]: [readonly VariableOption[], string] = [[], variable.note];
    if (circular.has(variable.name)) fault = 'It depends on itself.';
    else {
      try {
        options = await optionsOf(variable, values, source);
      } catch (error) {
        fault = error instanceof Error ? error.message : String(error);
      }
    }
    const chosen = choose(variable, options, wanted.get(variable.name));
    states.set(variable.name, { variable, options, chosen, fault });
  }
  return variables.flatMap(({ name }) => states.get(name) ?? []);
}

/** What the variables put into queries. */
export function variableValues(states: readonly VariableState[]): VariableValues {
  return new Map(states.map((state) => [state.variable.name, inserted(state)]));
}

/** The values that a repeated panel has one of each for. */
export function chosenValues({ options, chosen }: VariableState): readonly VariableOption[] {
  if (chosen.includes(ALL)) return options.filter(({ value }) => value !== ALL);
  return chosen.map((value) => options.find((option) => option.value === value) ?? { text: value, value });
}

function inserted(state: VariableState): VariableValue {
  const { variable, chosen } = state;
  const pattern = variable.kind !== 'textbox' && (variable.multi || variable.includeAll);
  if (!chosen.includes(ALL)) {
    const values = chosenValues(state);
    return { values: chosen, texts: values.map(({ text }) => text), pattern };
  }
  const all = chosenValues(state).map(({ value }) => value);
  return { values: all, texts: ['All'], pattern, ...(variable.allValue !== '' && { raw: variable.allValue }) };
}

function choose(
  variable: Variable,
  options: readonly VariableOption[],
  wanted: readonly string[] | undefined,
): readonly string[] {
  if (variable.kind === 'textbox') return [wanted?.[0] ?? variable.current[0] ?? variable.query];
  if (variable.kind === 'constant') return [variable.query];
  const known = new Set(options.map(({ value }) => value));
  for (const candidates of [wanted, variable.current]) {
    if (candidates === undefined) continue;
    if (variable.includeAll && candidates.some((value) => value === ALL || value === 'All')) return [ALL];
    const sound = candidates.filter((value) => known.has(value));
    if (sound.length > 0) return variable.multi ? sound : sound.slice(0, 1);
  }
  if (variable.includeAll) return [ALL];
  const [first] = options;
  return first === undefined ? [] : [first.value];
}

async function optionsOf(
  variable: Variable,
  values: VariableValues,
  source: VariableSource,
): Promise<readonly VariableOption[]> {
  switch (variable.kind) {
    case 'custom':
      return parseCustom(variable.query);
    case 'interval':
      return variable.query
        .split(',')
        .map((text) => text.trim().replace(/^["']|["']$/g, ''))
        .filter((text) => parseInterval(text) !== undefined)
        .map((text) => ({ text, value: text }));
    case 'datasource':
      return /prometheus/i.test(variable.query) || variable.query === '' ? [{ text: 'Vedetta', value: 'vedetta' }] : [];
    case 'query': {
      const query = interpolate(variable.query, values, 'promql').trim();
      const texts = await ask(query, source);
      return sortOptions(applyRegex(texts, interpolate(variable.regex, values, 'text')), variable.sort).slice(
        0,
        MAX_OPTIONS,
      );
    }
    default:
      return [];
  }
}

async function ask(query: string, source: VariableSource): Promise<readonly string[]> {
  const names = /^label_names\(\s*\)$/.test(query);
  if (names) return source.labelNames();
  const values = /^label_values\((?:([\s\S]+),)?\s*([\w.:-]+)\s*\)$/.exec(query);
  if (values !== null) return source.labelValues(values[2] ?? '', (values[1] ?? '').trim());
  const metrics = /^metrics\((.*)\)$/s.exec(query);
  if (metrics !== null) {
    const pattern = safePattern(metrics[1]?.trim() || '.*');
    if (pattern === undefined) throw new Error('metrics(…) has a pattern that is not taken');
    return (await source.labelValues('__name__', '')).filter((name) => pattern.test(name));
  }
  const result = /^query_result\(([\s\S]*)\)$/.exec(query);
  if (result !== null) return source.queryResult(result[1] ?? '');
  if (query === '') throw new Error('The query is empty.');
  // A bare selector names its series.
  return source.queryResult(query);
}

/** `a, b : c` as options; backslashes protect commas. */
function parseCustom(query: string): readonly VariableOption[] {
  return [...query.matchAll(/(?:\\,|[^,])+/g)].map(([part]) => {
    const text = part.replaceAll('\\,', ',').trim();
    const pair = /^(.+?)\s+:\s+(.+)$/s.exec(text);
    return pair === null ? { text, value: text } : { text: pair[1] ?? '', value: pair[2] ?? '' };
  });
}

/** Keeps what the pattern finds, and of it the group `value` (shown as `text`), or the first group. */
function applyRegex(texts: readonly string[], regex: string): readonly VariableOption[] {
  const unique = (options: readonly VariableOption[]) => [
    ...new Map(options.map((option) => [option.value, option])).values(),
  ];
  if (regex === '') return unique(texts.map((text) => ({ text, value: text })));
  const pattern = safePattern(regex);
  if (pattern === undefined) throw new Error(`The pattern ${regex.slice(0, 80)} is not taken.`);
  return unique(
    texts
      .filter((text) => text.length <= MAX_OPTION_LENGTH)
      .flatMap((text): VariableOption[] => {
        pattern.lastIndex = 0;
        const match = pattern.exec(text);
        if (match === null) return [];
        const value = match.groups?.value ?? match.groups?.text ?? match[1] ?? match[0];
        return [{ value, text: match.groups?.text ?? value }];
      }),
  );
}

/** Grafana's numbers: 1 and 2 by the alphabet, 3 and 4 by number, 5 and 6 without case, 7 and 8 naturally; even is descending. */
function sortOptions(options: readonly VariableOption[], sort: number): readonly VariableOption[] {
  if (sort < 1 || sort > 8) return options;
  const kind = Math.ceil(sort / 2);
  const numberIn = (text: string) => Number(/\d+/.exec(text)?.[0] ?? Number.POSITIVE_INFINITY);
  const compare = (a: VariableOption, b: VariableOption): number => {
    if (kind === 2) return numberIn(a.text) - numberIn(b.text) || 0;
    if (kind === 3) return a.text.toLowerCase() < b.text.toLowerCase() ? -1 : 1;
    if (kind === 4) return a.text.localeCompare(b.text, 'en', { numeric: true });
    return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
  };
  const sorted = options.toSorted(compare);
  return sort % 2 === 0 ? sorted.toReversed() : sorted;
}
