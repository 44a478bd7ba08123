import type { Search } from '../../url/search.js';
import { MAX_PANELS } from '../../url/search.js';
import type { SearchChange } from '../../url/use-search.js';

/** One query of the page and how its answer is shown. */
export interface Panel {
  readonly expr: string;
  readonly view: 'graph' | 'table';
  readonly stack: boolean;
  /** Shown over the graph. */
  readonly exemplars: boolean;
  /** Asked and shown; a panel that is off keeps its query. */
  readonly on: boolean;
  /** Of the figures; guessed from the names in the query when absent. */
  readonly unit?: string | undefined;
  /** Marks of series, see {@link markOf}: those hidden, or the only ones shown. */
  readonly filter?: { readonly kind: 'hide' | 'only'; readonly marks: readonly string[] } | undefined;
}

export const EMPTY_PANEL: Panel = { expr: '', view: 'graph', stack: false, exemplars: false, on: true };

/** The panels that a link carries, in order; one without a query when there are none. */
export function readPanels(search: Search): readonly Panel[] {
  const panels: Panel[] = [];
  for (let i = 0; i < MAX_PANELS; i += 1) {
    const [expr, words] = [search[`expr${i}`], search[`panel${i}`]];
    if (expr === undefined && words === undefined) continue;
    panels.push({ ...EMPTY_PANEL, ...readWords(words ?? ''), expr: expr ?? '' });
  }
  return panels.length === 0 ? [EMPTY_PANEL] : panels;
}

/** The change of the URL that leaves exactly these panels. Those past {@link MAX_PANELS} are left out. */
export function writePanels(panels: readonly Panel[]): SearchChange {
  const change: Record<string, string | undefined> = {};
  for (let i = 0; i < MAX_PANELS; i += 1) {
    const panel = panels[i];
    change[`expr${i}`] = panel === undefined || panel.expr === '' ? undefined : panel.expr;
    change[`panel${i}`] = panel === undefined ? undefined : writeWords(panel);
  }
  return change;
}

/** A short mark of a series' name: what a link says of it instead of the name. */
export function markOf(name: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(36);
}

/** Names of a panel's series that are not drawn. */
export function hiddenNames(filter: Panel['filter'], names: readonly string[]): ReadonlySet<string> {
  if (filter === undefined) return new Set();
  const marks = new Set(filter.marks);
  return new Set(names.filter((name) => marks.has(markOf(name)) === (filter.kind === 'hide')));
}

/** The shorter way to say which series are not drawn; `undefined` when all are. */
export function toFilter(hidden: ReadonlySet<string>, names: readonly string[]): Panel['filter'] {
  const gone = names.filter((name) => hidden.has(name));
  if (gone.length === 0) return undefined;
  const shown = names.filter((name) => !hidden.has(name));
  return shown.length > 0 && shown.length < gone.length
    ? { kind: 'only', marks: shown.map(markOf) }
    : { kind: 'hide', marks: gone.map(markOf) };
}

function readWords(text: string): Partial<Panel> {
  let panel: Partial<Panel> = {};
  for (const word of text.split(',')) {
    const [key = '', value = ''] = word.split(/:(.*)/s);
    if (key === 'table') panel = { ...panel, view: 'table' };
    else if (key === 'stack') panel = { ...panel, stack: true };
    else if (key === 'exemplars') panel = { ...panel, exemplars: true };
    else if (key === 'off') panel = { ...panel, on: false };
    else if (key === 'unit' && value !== '') panel = { ...panel, unit: value };
    else if ((key === 'hide' || key === 'only') && value !== '') {
      panel = { ...panel, filter: { kind: key, marks: value.split('.') } };
    }
  }
  return panel;
}

/** `undefined` where a panel with a query is as it is by default. */
function writeWords({ expr, view, stack, exemplars, on, unit, filter }: Panel): string | undefined {
  const words = [
    ...(view === 'table' ? ['table'] : []),
    ...(stack ? ['stack'] : []),
    ...(exemplars ? ['exemplars'] : []),
    ...(on ? [] : ['off']),
    ...(unit === undefined ? [] : [`unit:${unit}`]),
    ...(filter === undefined ? [] : [`${filter.kind}:${filter.marks.join('.')}`]),
  ];
  if (words.length > 0) return words.join(',');
  return expr === '' ? 'graph' : undefined;
}
