import type { LabelMatcher, LabelPairs } from '@vedetta/query';
import { LabelSet, parsePromql } from '@vedetta/query';
import { ApiError } from './envelope.js';
import type { Parameters } from './parameters.js';
import { invalid } from './parameters.js';
import type { SampleSource } from './sample-source.js';
import { writeLabels } from './write-result.js';

/** Most series that one answer names. */
export const MAX_SERIES = 100_000;
const CUT = 'results truncated due to limit';

/** An answer that may have been cut. */
export interface Listed<T> {
  readonly items: readonly T[];
  readonly warnings: readonly string[];
}

/** Matchers of each selector in `match[]`; `emptySelectors` lets one be that every series passes. */
export function readSelectors(
  parameters: Parameters,
  { emptySelectors = false } = {},
): readonly (readonly LabelMatcher[])[] {
  return parameters.all('match[]').map((text) => {
    const { expr } = parsePromql(text, { emptySelectors });
    if (expr.kind !== 'selector') throw invalid('match[]', `${JSON.stringify(text)} is no series selector`);
    if (!emptySelectors && expr.matchers.every(({ test }) => test(''))) {
      throw invalid('match[]', 'match[] must contain at least one non-empty matcher');
    }
    return expr.matchers;
  });
}

/** Labels of series that a selector lets pass, each once, as JSON, sorted by labels. */
export async function listSeries(source: SampleSource, parameters: Parameters): Promise<Listed<string>> {
  const selectors = readSelectors(parameters);
  if (selectors.length === 0) throw new ApiError('bad_data', 'no match[] parameter provided');
  const range = readRange(parameters);
  const found = new Map<string, LabelPairs>();
  for (const matchers of selectors) {
    const passing =
      range === undefined
        ? source.series(matchers, MAX_SERIES + 1)
        : await source.seriesWithin(matchers, range, MAX_SERIES + 1);
    for (const pairs of passing) found.set(new LabelSet(pairs).key, pairs);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pairs]) => writeLabels(pairs));
  return cut(sorted, Math.min(parameters.limit() ?? MAX_SERIES, MAX_SERIES));
}

/** Names of labels, of all series or those that a selector lets pass; sorted. */
export function listLabels(source: SampleSource, parameters: Parameters): Promise<Listed<string>> {
  return union(parameters, async (matchers, range) => {
    if (range === undefined) return source.labelNames(matchers);
    const names = new Set<string>();
    for (const pairs of await source.seriesWithin(matchers, range, Number.POSITIVE_INFINITY)) {
      for (const [name] of pairs) names.add(name);
    }
    return names;
  });
}

/** Values of a label, likewise. A name that is no plain one is written `U__http_2e_status`. */
export async function listValues(source: SampleSource, name: string, parameters: Parameters): Promise<Listed<string>> {
  const label = unescapeName(name);
  if (label === '') throw new ApiError('bad_data', `invalid label name: ${JSON.stringify(name)}`);
  return union(parameters, async (matchers, range) => {
    if (range === undefined) return source.labelValues(label, matchers);
    const values = new Set<string>();
    for (const pairs of await source.seriesWithin(matchers, range, Number.POSITIVE_INFINITY)) {
      for (const [of, value] of pairs) if (of === label) values.add(value);
    }
    return values;
  });
}

interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** `undefined` when neither end is given: then all times are meant, and nothing has to be read. */
function readRange(parameters: Parameters): Range | undefined {
  const fromMs = parameters.time('start', Number.NEGATIVE_INFINITY);
  const toMs = parameters.time('end', Number.POSITIVE_INFINITY);
  return Number.isFinite(fromMs) || Number.isFinite(toMs) ? { fromMs, toMs } : undefined;
}

type List = (matchers: readonly LabelMatcher[], range: Range | undefined) => Promise<Iterable<string>>;

async function union(parameters: Parameters, list: List): Promise<Listed<string>> {
  const [selectors, range] = [readSelectors(parameters), readRange(parameters)];
  const all = new Set<string>();
  for (const matchers of selectors.length === 0 ? [[]] : selectors) {
    for (const text of await list(matchers, range)) all.add(text);
  }
  return cut(
    [...all].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
    parameters.limit(),
  );
}

function cut<T>(items: readonly T[], limit: number | undefined): Listed<T> {
  if (limit === undefined || items.length <= limit) return { items, warnings: [] };
  return { items: items.slice(0, limit), warnings: [CUT] };
}

/** `U__` marks a name whose other characters are written as `_<code point in hex>_`, and underscores twice. */
export function unescapeName(name: string): string {
  if (!name.startsWith('U__')) return name;
  return name.slice(3).replace(/__|_([0-9a-f]{1,6})_/gi, (whole, hex: string | undefined) => {
    if (hex === undefined) return '_';
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
