import type { JsonObject } from './json.js';
import { asList, asNumber, asObject, member } from './json.js';
import type { GridPos } from './model.js';
import { GRID_COLUMNS, parseGridPos } from './parse-panel.js';

/** What an edit says of a panel; absent is: as it was. */
export interface PanelChange {
  readonly title?: string;
  readonly type?: string;
  readonly unit?: string;
  readonly gridPos?: GridPos;
  /** Expressions and legends by their place in the list; a longer list adds queries, a shorter one takes them away. */
  readonly queries?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** Everything else in the JSON stays as it was, so that a dashboard that comes from Grafana goes back to it whole. */
export function renameDashboard(source: JsonObject, title: string): JsonObject {
  return { ...source, title };
}

/** Changes the panel of an id; inside of collapsed rows too. */
export function changePanel(source: JsonObject, id: number, change: PanelChange): JsonObject {
  return mapPanels(source, (panel) => (idOf(panel) === id ? [applyChange(panel, change)] : [panel]));
}

export function deletePanel(source: JsonObject, id: number): JsonObject {
  return mapPanels(source, (panel) => (idOf(panel) === id ? [] : [panel]));
}

/** Puts a copy right below the panel; what is below moves down. */
export function duplicatePanel(source: JsonObject, id: number): JsonObject {
  const original = allPanels(source).find((panel) => idOf(panel) === id);
  if (original === undefined) return source;
  const pos = parseGridPos(original.gridPos);
  const copy = { ...original, id: freeId(source), gridPos: { ...pos, y: pos.y + pos.h } };
  const shifted = mapPanels(source, (panel) => {
    const own = parseGridPos(panel.gridPos);
    return [own.y >= pos.y + pos.h ? { ...panel, gridPos: { ...own, y: own.y + pos.h } } : panel];
  });
  return mapPanels(shifted, (panel) => (idOf(panel) === id ? [panel, copy] : [panel]));
}

/** Adds a panel of one query below all others. */
export function addPanel(source: JsonObject): JsonObject {
  const bottom = Math.max(0, ...allPanels(source).map((panel) => bottomOf(parseGridPos(panel.gridPos))));
  const panel = {
    id: freeId(source),
    type: 'timeseries',
    title: 'New panel',
    gridPos: { x: 0, y: bottom, w: 12, h: 8 },
    targets: [{ refId: 'A', expr: '', legendFormat: '', range: true }],
    fieldConfig: { defaults: {}, overrides: [] },
    options: {},
  };
  return { ...source, panels: [...asList(source.panels), panel] };
}

/**
 * Moves or resizes a panel on the grid. Panels it comes to lie on move down as far as they must, and those they come to lie on
 * too; nothing else moves.
 */
export function movePanel(source: JsonObject, id: number, to: GridPos): JsonObject {
  const w = Math.min(GRID_COLUMNS, Math.max(1, to.w));
  const place = { w, h: Math.max(1, to.h), x: Math.min(GRID_COLUMNS - w, Math.max(0, to.x)), y: Math.max(0, to.y) };
  const places = new Map(
    asList(source.panels).flatMap((panel): [number, GridPos][] => {
      const object = asObject(panel);
      return object === undefined ? [] : [[idOf(object), parseGridPos(object.gridPos)]];
    }),
  );
  if (!places.has(id)) return changePanel(source, id, { gridPos: place });
  places.set(id, place);
  const settled = new Set([id]);
  const waiting = [id];
  for (let above = waiting.shift(); above !== undefined; above = waiting.shift()) {
    const over = places.get(above);
    if (over === undefined) continue;
    const hit = [...places].filter(([other, pos]) => other !== above && other !== id && overlaps(over, pos));
    for (const [other, pos] of hit.toSorted(([, a], [, b]) => a.y - b.y)) {
      places.set(other, { ...pos, y: bottomOf(over) });
      settled.add(other);
      waiting.push(other);
    }
  }
  return mapPanels(source, (panel) => {
    const pos = places.get(idOf(panel));
    return [pos !== undefined && settled.has(idOf(panel)) ? { ...panel, gridPos: pos } : panel];
  });
}

function applyChange(panel: JsonObject, { title, type, unit, gridPos, queries }: PanelChange): JsonObject {
  const fieldConfig = asObject(panel.fieldConfig) ?? {};
  const defaults = asObject(fieldConfig.defaults) ?? {};
  const targets = asList(panel.targets);
  return {
    ...panel,
    ...(title !== undefined && { title }),
    ...(type !== undefined && { type }),
    ...(gridPos !== undefined && { gridPos }),
    ...(unit !== undefined && { fieldConfig: { overrides: [], ...fieldConfig, defaults: { ...defaults, unit } } }),
    ...(queries !== undefined && {
      targets: queries.map(({ expr, legendFormat }, i) => {
        const known = asObject(targets[i]);
        return known === undefined
          ? { refId: freeRefId(targets, i), expr, legendFormat, range: true, ...sourceOf(targets[0]) }
          : { ...known, expr, legendFormat };
      }),
    }),
  };
}

/** A query that is added asks where the first one asks. */
function sourceOf(target: unknown): object {
  const datasource = member(target, 'datasource');
  return datasource === undefined ? {} : { datasource };
}

function freeRefId(targets: readonly unknown[], index: number): string {
  const used = new Set(targets.map((target) => member(target, 'refId')));
  for (let i = index; ; i++) {
    const name = i < 26 ? String.fromCharCode(65 + i) : `Q${i}`;
    if (!used.has(name)) return name;
  }
}

function mapPanels(source: JsonObject, change: (panel: JsonObject) => readonly JsonObject[]): JsonObject {
  const changeAll = (panels: unknown): readonly unknown[] =>
    asList(panels).flatMap((panel): readonly unknown[] => {
      const object = asObject(panel);
      return object === undefined ? [panel] : change(object);
    });
  const panels = changeAll(source.panels).map((panel) =>
    member(panel, 'type') === 'row' && Array.isArray(member(panel, 'panels'))
      ? { ...asObject(panel), panels: changeAll(member(panel, 'panels')) }
      : panel,
  );
  return { ...source, panels };
}

function allPanels(source: JsonObject): readonly JsonObject[] {
  return asList(source.panels).flatMap((panel) => {
    const object = asObject(panel);
    if (object === undefined) return [];
    return [
      object,
      ...asList(object.panels)
        .map(asObject)
        .filter((inner) => inner !== undefined),
    ];
  });
}

/** The dashboard with an id for each panel that no other has: what edits go by. The same object where all is well. */
export function withUniqueIds(source: JsonObject): JsonObject {
  const ids = allPanels(source).map(({ id }) => id);
  if (ids.every((id) => typeof id === 'number') && new Set(ids).size === ids.length) return source;
  let next = freeId(source);
  const used = new Set<number>();
  return mapPanels(source, (panel) => {
    const id = typeof panel.id === 'number' && !used.has(panel.id) ? panel.id : next++;
    used.add(id);
    return [{ ...panel, id }];
  });
}

function idOf(panel: JsonObject): number {
  return asNumber(panel.id) ?? 1;
}

function freeId(source: JsonObject): number {
  return Math.max(0, ...allPanels(source).map(idOf)) + 1;
}

function bottomOf({ y, h }: GridPos): number {
  return y + h;
}

function overlaps(a: GridPos, b: GridPos): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < bottomOf(b) && b.y < bottomOf(a);
}
