import { withUniqueIds } from './edit-dashboard.js';
import { parseInterval } from './intervals.js';
import type { JsonObject } from './json.js';
import { asList, asNumber, asObject, asText, asTexts, member } from './json.js';
import { findJsonMistake } from './json-mistake.js';
import type { Dashboard, Panel, PanelRow } from './model.js';
import type { SourceTypes } from './parse-panel.js';
import { parsePanel } from './parse-panel.js';
import { parseVariables } from './parse-variables.js';
import { parseTimeExpression } from './time-expression.js';

/** Panels of one dashboard that are drawn. */
const MAX_PANELS = 500;
/** The oldest model with a grid; before it panels were in rows without places. */
const OLDEST_SCHEMA = 16;
const DEFAULT_TIME = { from: 'now-6h', to: 'now' };
/** More often nobody reads, and the server would answer nobody else. */
const LEAST_REFRESH_MS = 5000;

/** A dashboard, or what is wrong with the text. */
export type ParsedDashboard =
  | { readonly kind: 'dashboard'; readonly dashboard: Dashboard }
  | { readonly kind: 'invalid'; readonly message: string };

/** Reads a dashboard out of a text: Grafana's JSON. */
export function parseDashboardText(text: string): ParsedDashboard {
  if (text.trim() === '')
    return invalid('There is nothing here. Paste the JSON that Grafana exports, or choose its file.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid(`This is not valid JSON${placeOf(findJsonMistake(text), text)}.`);
  }
  return parseDashboard(value);
}

/**
 * Reads Grafana's classic model, schema 16 and later, as it is exported, in the envelope of the API (`{dashboard, meta}`), or as
 * the resource of version 1. Whatever a panel cannot show is in its notes; the answer is `invalid` only where there is no
 * dashboard to show.
 */
export function parseDashboard(value: unknown): ParsedDashboard {
  const unwrapped = unwrap(value);
  if (typeof unwrapped === 'string') return invalid(unwrapped);
  const source = withUniqueIds(unwrapped);
  const panels = member(source, 'panels');
  const schema = asNumber(member(source, 'schemaVersion'));
  if (member(source, 'rows') !== undefined && !Array.isArray(panels)) {
    return invalid(
      `This dashboard has schema ${schema ?? 'before 16'}, whose panels have no places. Open it in a newer Grafana, save it, and export it again.`,
    );
  }
  if (!Array.isArray(panels)) {
    return invalid('There is no list of panels. Is this the JSON of a dashboard ("Export", "Save as JSON")?');
  }
  if (schema !== undefined && schema < OLDEST_SCHEMA) {
    return invalid(`The schema ${schema} is older than ${OLDEST_SCHEMA}. Save the dashboard in a newer Grafana first.`);
  }
  const title = asText(member(source, 'title')).trim();
  if (title === '') return invalid('The dashboard has no title: "title" must be a text.');
  const notes: string[] = [];
  if (panels.length > MAX_PANELS) notes.push(`Only the first ${MAX_PANELS} of ${panels.length} panels are shown.`);
  const annotations = asList(member(member(source, 'annotations'), 'list')).filter(
    (one) => member(one, 'builtIn') !== 1 && member(one, 'enable') !== false,
  );
  if (annotations.length > 0) notes.push('Annotations are not shown.');
  const variables = parseVariables(member(member(source, 'templating'), 'list'), inputsOf(source));
  const sources: SourceTypes = {
    variables: new Map([
      ...asList(member(source, '__inputs')).flatMap((input): [string, string][] =>
        member(input, 'type') === 'datasource'
          ? [[asText(member(input, 'name')), asText(member(input, 'pluginId'))]]
          : [],
      ),
      ...variables.flatMap(({ kind, name, query }): [string, string][] =>
        kind === 'datasource' ? [[name, query]] : [],
      ),
    ]),
  };
  const time = member(source, 'time');
  const refresh = asText(member(source, 'refresh'));
  const refreshMs = parseInterval(refresh);
  return {
    kind: 'dashboard',
    dashboard: {
      uid: asText(member(source, 'uid')),
      title: title.slice(0, 300),
      description: asText(member(source, 'description')),
      tags: asTexts(member(source, 'tags')).slice(0, 50),
      version: asNumber(member(source, 'version')) ?? 0,
      time: { from: timeOr(member(time, 'from'), DEFAULT_TIME.from), to: timeOr(member(time, 'to'), DEFAULT_TIME.to) },
      refreshMs: refreshMs === undefined ? undefined : Math.max(LEAST_REFRESH_MS, refreshMs),
      variables,
      rows: parseRows(panels.slice(0, MAX_PANELS), sources),
      notes,
      source,
    },
  };
}

/** The classic model inside of what Grafana's interfaces give, or a sentence about why there is none. */
function unwrap(value: unknown): JsonObject | string {
  const object = asObject(value);
  if (object === undefined) {
    return `A dashboard is a JSON object; this is ${Array.isArray(value) ? 'a list' : value === null ? 'null' : `a ${typeof value}`}.`;
  }
  const version = asText(object.apiVersion);
  const spec = asObject(object.spec);
  if (version.startsWith('dashboard.grafana.app/')) {
    if (version.includes('/v2') || member(spec, 'elements') !== undefined) {
      return 'This is a dashboard in Grafana\'s version 2 model. Export it as "Classic" and take that.';
    }
    if (spec !== undefined) return { uid: member(object.metadata, 'name'), ...spec };
  }
  if (object.elements !== undefined && object.layout !== undefined) {
    return 'This is a dashboard in Grafana\'s version 2 model. Export it as "Classic" and take that.';
  }
  return asObject(object.dashboard) ?? object;
}

/** Every panel has a number of its own by now. */
function idOf(value: unknown): number {
  return asNumber(member(value, 'id')) ?? 0;
}

function parseRows(panels: readonly unknown[], sources: SourceTypes): readonly PanelRow[] {
  const rows: { row: Omit<PanelRow, 'panels'>; panels: Panel[] }[] = [];
  const open = (row: Omit<PanelRow, 'panels'>) => {
    const opened = { row, panels: [] as Panel[] };
    rows.push(opened);
    return opened;
  };
  let current = open({ id: undefined, title: '', collapsed: false, repeat: '' });
  const sorted = panels.toSorted((a, b) => placeOfPanel(a) - placeOfPanel(b));
  for (const value of sorted) {
    if (asObject(value) === undefined) continue;
    if (member(value, 'type') !== 'row') {
      // What belongs to a collapsed row is inside of it; what stands behind it does not.
      if (current.row.collapsed) current = open({ id: undefined, title: '', collapsed: false, repeat: '' });
      current.panels.push(parsePanel(value, idOf(value), sources));
      continue;
    }
    current = open({
      id: idOf(value),
      title: asText(member(value, 'title')),
      collapsed: member(value, 'collapsed') === true,
      repeat: asText(member(value, 'repeat')),
    });
    for (const inner of asList(member(value, 'panels')).slice(0, MAX_PANELS)) {
      if (asObject(inner) !== undefined) current.panels.push(parsePanel(inner, idOf(inner), sources));
    }
  }
  return rows
    .filter(({ row, panels }) => row.id !== undefined || panels.length > 0)
    .map(({ row, panels }) => ({ ...row, panels }));
}

/** Rows come where their place says, not where they stand in the list. */
function placeOfPanel(value: unknown): number {
  const pos = member(value, 'gridPos');
  const y = asNumber(member(pos, 'y')) ?? 0;
  const x = asNumber(member(pos, 'x')) ?? 0;
  return y * 100 + x + (member(value, 'type') === 'row' ? -0.5 : 0);
}

/** Values of constants that an export asks for; sources are known by their type. */
function inputsOf(source: JsonObject): ReadonlyMap<string, string> {
  return new Map(
    asList(member(source, '__inputs')).flatMap((input): [string, string][] =>
      member(input, 'type') === 'constant' ? [[asText(member(input, 'name')), asText(member(input, 'value'))]] : [],
    ),
  );
}

function timeOr(value: unknown, otherwise: string): string {
  const text = asText(value);
  return text !== '' && parseTimeExpression(text, 0) !== undefined ? text : otherwise;
}

function placeOf(at: number | undefined, text: string): string {
  if (at === undefined) return '';
  if (at >= text.trimEnd().length) return ': it ends too early';
  const before = text.slice(0, at).split('\n');
  return `: there is a mistake in line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function invalid(message: string): ParsedDashboard {
  return { kind: 'invalid', message };
}
