import { seriesColor } from '../../charts/time-series/series-colors.js';
import type { Field, Frame } from '../../grafana/frame.js';
import type { FieldConfig, Panel } from '../../grafana/model.js';
import { configOf, displayName, presentValue } from '../../grafana/present-value.js';
import { reducerOf } from '../../grafana/reduce.js';

/** One figure of a stat, gauge or bar. */
export interface ShownValue {
  readonly key: string;
  readonly name: string;
  readonly value: number | string | null;
  readonly text: string;
  /** CSS. */
  readonly color: string;
  readonly config: FieldConfig;
  /** All values of its series, for a line behind the figure. */
  readonly history: readonly (number | string | null)[];
}

/** Fields with figures, with what holds for each. */
export function numberFields(
  frames: readonly Frame[],
  panel: Pick<Panel, 'defaults' | 'overrides'>,
): readonly { readonly field: Field; readonly frame: Frame; readonly config: FieldConfig }[] {
  return frames.flatMap((frame) =>
    frame.fields
      .filter(({ kind }) => kind === 'number')
      .map((field) => ({ field, frame, config: configOf(panel, field, frame.refId) }))
      .filter(({ config }) => config.hidden !== true),
  );
}

/** One figure of each series, or all of them where the panel says so. */
export function shownValues(frames: readonly Frame[], panel: Panel): readonly ShownValue[] {
  const { calcs, allValues, valueLimit } = panel.options;
  const reduce = reducerOf(calcs[0] ?? 'lastNotNull')?.reduce ?? reducerOf('lastNotNull')?.reduce;
  const shown: ShownValue[] = [];
  for (const { field, frame, config } of numberFields(frames, panel)) {
    const values = allValues ? field.values.slice(0, valueLimit) : [reduce?.(field.values) ?? null];
    for (const [i, value] of values.entries()) {
      const { text, color } = presentValue(value, config);
      shown.push({
        key: `${shown.length}`,
        name: allValues ? rowName(frame, field, config, i) : displayName(field, config),
        value,
        text,
        color: color ?? seriesColor(shown.length),
        config,
        history: field.values,
      });
    }
  }
  return shown;
}

/** Texts of the row, else the column's name. */
function rowName(frame: Frame, field: Field, config: FieldConfig, row: number): string {
  const texts = frame.fields.filter(({ kind }) => kind === 'text').map(({ values }) => values[row] ?? '');
  return texts.length === 0 ? displayName(field, config) : texts.join(' ');
}

/** Ends of the scale of bars and gauges: as configured, else those of the values, from 0. */
export function scaleOf(values: readonly ShownValue[]): { readonly min: number; readonly max: number } {
  const numbers = values.flatMap(({ value }) => (typeof value === 'number' && Number.isFinite(value) ? [value] : []));
  const min = values[0]?.config.min ?? Math.min(0, ...numbers);
  const max = values[0]?.config.max ?? Math.max(...numbers, min);
  return { min, max: max > min ? max : min + 1 };
}
