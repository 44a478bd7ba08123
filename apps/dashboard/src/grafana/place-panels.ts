import { interpolate, type VariableValue, type VariableValues } from './interpolate.js';
import type { Dashboard, GridPos, Panel, PanelRow, VariableOption } from './model.js';
import { GRID_COLUMNS } from './parse-panel.js';

/** A row as it stands on the page. */
export interface PlacedRow {
  readonly key: string;
  readonly id: number | undefined;
  readonly title: string;
  readonly collapsed: boolean;
  readonly panels: readonly Panel[];
}

/** More copies than this nobody looks at, and each asks the server. */
const MAX_REPEATS = 50;
/** Panels on one page, copies too: a row and a panel in it may both be repeated. */
export const MAX_PLACED = 1000;

/**
 * Rows and panels with repeats made: one of each chosen value. Panels keep their places in a row, which begins at its own top;
 * copies stand beside or below each other, and what was below moves down.
 */
export function placePanels(
  { rows }: Pick<Dashboard, 'rows'>,
  valuesOf: (variable: string) => readonly VariableOption[] | undefined,
): readonly PlacedRow[] {
  let left = MAX_PLACED;
  const take = (row: PlacedRow): PlacedRow => {
    const panels = row.panels.slice(0, Math.max(0, left));
    left -= panels.length;
    return panels.length === row.panels.length ? row : { ...row, panels };
  };
  return rows.flatMap((row, index) => {
    if (left <= 0) return [];
    const values = row.repeat === '' ? undefined : valuesOf(row.repeat)?.slice(0, MAX_REPEATS);
    if (values === undefined || values.length === 0) return [take(placeRow(row, String(index), undefined, valuesOf))];
    return values.flatMap((value) =>
      left <= 0 ? [] : [take(placeRow(row, `${index}:${value.value}`, { name: row.repeat, value }, valuesOf))],
    );
  });
}

interface Scope {
  readonly name: string;
  readonly value: VariableOption;
}

function placeRow(
  row: PanelRow,
  key: string,
  scope: Scope | undefined,
  valuesOf: (variable: string) => readonly VariableOption[] | undefined,
): PlacedRow {
  const scoped = row.panels.map((panel) => (scope === undefined ? panel : withScope(panel, scope)));
  const top = Math.min(...scoped.map(({ gridPos }) => gridPos.y), Number.POSITIVE_INFINITY);
  let pushed = 0;
  const panels = scoped
    .map((panel) => moveTo(panel, { ...panel.gridPos, y: panel.gridPos.y - top }))
    .flatMap((panel) => {
      const at = { ...panel.gridPos, y: panel.gridPos.y + pushed };
      const values = panel.repeat === undefined ? undefined : valuesOf(panel.repeat.variable)?.slice(0, MAX_REPEATS);
      if (panel.repeat === undefined || values === undefined || values.length === 0) return [moveTo(panel, at)];
      const { variable, vertical, maxPerRow } = panel.repeat;
      const across = vertical ? 1 : Math.min(values.length, maxPerRow);
      const w = vertical ? at.w : Math.max(1, Math.floor(GRID_COLUMNS / across));
      const lines = Math.ceil(values.length / across);
      pushed += (lines - 1) * at.h;
      return values.map((value, i) =>
        moveTo(withScope(panel, { name: variable, value }), {
          x: vertical ? at.x : (i % across) * w,
          y: at.y + Math.floor(i / across) * at.h,
          w,
          h: at.h,
        }),
      );
    });
  const title =
    scope === undefined ? row.title : interpolate(row.title, new Map([[scope.name, single(scope.value)]]), 'text');
  return { key, id: row.id, title, collapsed: row.collapsed, panels };
}

/** The values that hold for one panel: the dashboard's, with its own above them. */
export function valuesFor(panel: Panel, values: VariableValues): VariableValues {
  if (panel.scopedVariables.size === 0) return values;
  const own = [...panel.scopedVariables].map(([name, value]) => [name, single({ text: value, value })] as const);
  return new Map([...values, ...own]);
}

function single({ text, value }: VariableOption): VariableValue {
  return { values: [value], texts: [text], pattern: true };
}

function withScope(panel: Panel, { name, value }: Scope): Panel {
  return {
    ...panel,
    key: `${panel.key}:${name}=${value.value}`,
    scopedVariables: new Map([...panel.scopedVariables, [name, value.value]]),
  };
}

function moveTo(panel: Panel, gridPos: GridPos): Panel {
  return { ...panel, gridPos };
}
