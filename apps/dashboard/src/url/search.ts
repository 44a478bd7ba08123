import type { RangePreset } from './time-range.js';
import { DEFAULT_RANGE, presetOf, toRangePreset } from './time-range.js';

/**
 * Everything about the page that a link should carry. One type for all pages, so that going from one page to another
 * keeps the time range and the filter.
 */
export interface Search {
  /** Relative range; stays while zoomed, as what a reset goes back to. Absent: {@link DEFAULT_RANGE}. */
  readonly range?: RangePreset;
  /** Absolute range or zoom, milliseconds since the epoch; both or none. */
  readonly from?: number;
  readonly to?: number;
  /** Filter language. */
  readonly q?: string;
  /** Request shown in the side panel. */
  readonly open?: string;
  /** Tab of the shown request. */
  readonly tab?: string;
  /** Span selected in the shown request. */
  readonly span?: string;
  /** Order of what the page lists: the breakdowns (`mean`, `failed`, `tokens`; by count when absent) or a column of the models. */
  readonly sort?: string;
  /** `all` also shows models that are served and were not called. */
  readonly show?: string;
  /** Distance of two points of the metrics explorer's graphs, such as `30s`; by the range when absent. */
  readonly step?: string;
  /** Queries of the metrics explorer in their order, `expr0` and on, */
  readonly [query: `expr${number}`]: string;
  /** and in words how each is shown; see `pages/metrics/panels.ts`. */
  readonly [panel: `panel${number}`]: string;
  /** Key of the one panel of a dashboard that is shown alone. */
  readonly viewPanel?: string;
  /** Time between two refreshes of a dashboard, such as `30s`, or `off`; the dashboard's own when absent. */
  readonly refresh?: string;
  /** `yes` once the range on a dashboard was chosen, also where it is the default one and therefore absent. */
  readonly timed?: string;
  /** Values of a dashboard's variables, several with {@link VALUE_END} between them; repeated parameters in the address. */
  readonly [variable: `var-${string}`]: string;
}

/** Stands between the values of one variable. */
export const VALUE_END = '\n';
const MAX_VARIABLES = 50;

/** Most queries that a link carries. */
export const MAX_PANELS = 20;
const MAX_QUERY_CHARACTERS = 10_000;

/** Takes what is sound from a URL's parameters and leaves out the rest; unknown parameters vanish. */
export function parseSearch(raw: Readonly<Record<string, unknown>>): Search {
  const text = (key: string) => {
    const value = raw[key];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const range = toRangePreset(text('range'));
  const [from, to] = [toUnixMs(raw.from), toUnixMs(raw.to)];
  const [q, open, tab, span, sort] = [text('q'), text('open'), text('tab'), text('span'), text('sort')];
  const [show, step] = [text('show'), text('step')];
  const [viewPanel, refresh, timed] = [text('viewPanel'), text('refresh'), text('timed')];
  return {
    ...(range !== undefined && range !== DEFAULT_RANGE && { range }),
    ...(from !== undefined && to !== undefined && from < to && { from, to }),
    ...(q !== undefined && { q: q.slice(0, 2000) }),
    ...(open !== undefined && { open }),
    ...(tab !== undefined && { tab }),
    ...(span !== undefined && { span }),
    ...(sort !== undefined && { sort }),
    ...(show !== undefined && { show }),
    ...(step !== undefined && { step }),
    ...(viewPanel !== undefined && { viewPanel }),
    ...(refresh !== undefined && { refresh }),
    ...(timed !== undefined && { timed }),
    ...parsePanels(text),
    ...parseVariables(raw),
  };
}

function parseVariables(raw: Readonly<Record<string, unknown>>): Search {
  const found = Object.entries(raw).filter(
    (entry): entry is [string, string] => /^var-\w{1,100}$/.test(entry[0]) && typeof entry[1] === 'string',
  );
  return Object.fromEntries(
    found.slice(0, MAX_VARIABLES).map(([key, value]) => [key, value.slice(0, MAX_QUERY_CHARACTERS)]),
  );
}

function parsePanels(text: (key: string) => string | undefined): Search {
  const found: Record<string, string> = {};
  for (let i = 0; i < MAX_PANELS; i += 1) {
    for (const key of [`expr${i}`, `panel${i}`]) {
      const value = text(key);
      if (value !== undefined) found[key] = value.slice(0, MAX_QUERY_CHARACTERS);
    }
  }
  return found;
}

/**
 * Parameters of a query string as plain texts; of a variable that is there more than once, all values. A range as Grafana writes
 * it, `from=now-6h&to=now`, becomes a preset here already: the router would hand texts in `from` on to every page.
 */
export function readSearch(text: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text)) {
    const before = key.startsWith('var-') ? found.get(key) : undefined;
    found.set(key, before === undefined ? value : `${before}${VALUE_END}${value}`);
  }
  const [from, to] = [found.get('from'), found.get('to')];
  if (toUnixMs(from) === undefined || toUnixMs(to) === undefined) {
    found.delete('from');
    found.delete('to');
    const range = presetOf(from, to);
    if (range !== undefined) found.set('range', range);
  }
  return Object.fromEntries(found);
}

/** The inverse of {@link readSearch}, with characters that need no escape in a query left readable; `''` when empty. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const [key, value] of Object.entries(search)) {
    if (value === undefined || value === '') continue;
    for (const one of key.startsWith('var-') ? String(value).split(VALUE_END) : [String(value)]) {
      const escaped = encodeURIComponent(one).replace(/%(3A|2C|3E|3C|2F)/gi, decodeURIComponent);
      parts.push(`${encodeURIComponent(key)}=${escaped}`);
    }
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** The time and filter parameters of API calls. Relative ranges are left to the server's clock. */
export function toScope(search: Search): { from: string; to?: string; q?: string } {
  return {
    ...(search.from !== undefined && search.to !== undefined
      ? { from: String(search.from), to: String(search.to) }
      : { from: search.range ?? DEFAULT_RANGE }),
    ...(search.q !== undefined && { q: search.q }),
  };
}

/** The part of the state that other pages keep: time and filter. */
export function keepScope(search: Search): Search {
  const { range, from, to, q } = search;
  return {
    ...(range !== undefined && { range }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(q !== undefined && { q }),
  };
}

function toUnixMs(value: unknown): number | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isSafeInteger(number) && number >= 0 && number < 8_640_000_000_000_000 ? number : undefined;
}
