import { useMemo } from 'react';
import { TimeSeriesChart } from '../../charts/time-series/time-series-chart.js';
import type { ChartExemplar, ChartSeries, ChartThreshold, SeriesFigure } from '../../charts/time-series/types.js';
import { cssColor } from '../../grafana/colors.js';
import type { Frame } from '../../grafana/frame.js';
import type { FieldConfig, Panel } from '../../grafana/model.js';
import { displayName } from '../../grafana/present-value.js';
import { chartUnit } from './chart-unit.js';
import type { PanelSize } from './panel-size.js';
import { numberFields } from './shown-values.js';

const FIGURES: Readonly<Record<string, SeriesFigure>> = {
  mean: 'mean',
  max: 'max',
  min: 'min',
  sum: 'sum',
  last: 'last',
  lastNotNull: 'last',
};
/** Below the chart stand its legend and the way to its table. */
const LEGEND_LINE = 21;
const TABLE_LINK = 26;
const LEAST_HEIGHT = 70;

/** Values over time. */
export function TimeSeriesPanel(props: {
  panel: Panel;
  frames: readonly Frame[];
  exemplars: readonly ChartExemplar[];
  size: PanelSize;
  range: { readonly fromMs: number; readonly toMs: number };
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
}) {
  const { panel, frames, size, range } = props;
  const { series, config } = useMemo(() => toSeries(frames, panel), [frames, panel]);
  const { options } = panel;
  const { unit, factor } = chartUnit(config);
  const exemplars = useMemo(
    () => props.exemplars.map((exemplar) => ({ ...exemplar, value: exemplar.value * factor })),
    [props.exemplars, factor],
  );
  const figures = [...new Set(options.legendCalcs.flatMap((calc) => FIGURES[calc] ?? []))];
  const look =
    options.legend === 'hidden' ? 'none' : options.legend === 'table' && figures.length > 0 ? 'table' : 'list';
  const lines =
    look === 'none' ? 0 : look === 'list' ? Math.min(3, Math.ceil(series.length / 4)) : Math.min(4, series.length + 1);
  const height = Math.max(LEAST_HEIGHT, size.height - TABLE_LINK - lines * LEGEND_LINE);
  const draw = config.draw ?? {};
  const stack = draw.stacking !== undefined && draw.stacking !== 'none';
  const max = config.max === undefined ? flatMax(series, config) : config.max * factor;
  return (
    <TimeSeriesChart
      series={series}
      range={range}
      label={panel.title}
      unit={unit}
      height={height}
      legend={look}
      legendFigures={figures}
      stack={stack}
      fill={(draw.fillOpacity ?? 0) / 100}
      exemplars={exemplars}
      onZoom={props.onZoom}
      onReset={props.onReset}
      thresholds={thresholdsOf(config, factor)}
      {...(config.decimals !== undefined && { decimals: config.decimals })}
      {...(config.min !== undefined && { min: config.min * factor })}
      {...(max !== undefined && { max })}
      {...(draw.lineWidth !== undefined && draw.lineWidth > 0 && { lineWidth: Math.min(6, draw.lineWidth + 0.5) })}
    />
  );
}

/** What of the style of the series is drawn in another way; a sentence each. */
export function drawNotes(panel: Panel): readonly string[] {
  const styles = [panel.defaults, ...panel.overrides.map(({ config }) => config)].flatMap(({ draw }) => draw ?? []);
  const notes: string[] = [];
  if (styles.some(({ style }) => style === 'bars')) notes.push('Bars over time are drawn as lines.');
  if (styles.some(({ style }) => style === 'points')) notes.push('Points are drawn as lines.');
  if (styles.some(({ logarithmic }) => logarithmic === true)) notes.push('The axis is linear, not logarithmic.');
  if (styles.some(({ rightAxis }) => rightAxis === true)) notes.push('All series are on the left axis.');
  if (styles.some(({ stacking }) => stacking === 'percent')) notes.push('Stacked as values, not as shares of 100 %.');
  if (styles.some(({ stepped }) => stepped === true)) notes.push('Steps are drawn as lines.');
  const own = panel.overrides.some(({ config }) => config.unit !== undefined && config.unit !== panel.defaults.unit);
  if (own) notes.push('All series are written in the unit of the panel.');
  return notes;
}

/** A share that is 0 all the time is drawn under 100 %, not under a scale of thousands. */
function flatMax(series: readonly ChartSeries[], { unit }: FieldConfig): number | undefined {
  const flat = series.every(({ values }) => values.every((value) => value === null || value === 0));
  if (!flat) return undefined;
  return unit === 'percentunit' ? 1 : unit === 'percent' ? 100 : undefined;
}

function toSeries(frames: readonly Frame[], panel: Panel): { series: readonly ChartSeries[]; config: FieldConfig } {
  const { factor } = chartUnit(panel.defaults);
  const used = new Map<string, number>();
  const series = numberFields(frames, panel).flatMap(({ field, frame, config }): ChartSeries[] => {
    const time = frame.fields.find(({ kind }) => kind === 'time');
    if (time === undefined) return [];
    const name = displayName(field, config);
    const count = used.get(name) ?? 0;
    used.set(name, count + 1);
    const times = time.values.map(Number);
    const sign = config.draw?.negative === true ? -1 : 1;
    const values = field.values.map((value) => (typeof value === 'number' ? value * sign * factor : null));
    const fixed = config.color?.mode === 'fixed' ? cssColor(config.color.fixedColor) : undefined;
    return [
      {
        id: count === 0 ? name : `${name}#${count}`,
        name,
        labels: field.labels,
        times,
        values: config.draw?.spanGaps === true ? withoutGaps(values) : values,
        ...(times.length > 1 && { stepMs: (times[1] ?? 0) - (times[0] ?? 0) }),
        ...(fixed !== undefined && { color: fixed }),
      },
    ];
  });
  return { series, config: panel.defaults };
}

/** The line goes on over what is missing: each gap has the values between its ends. */
function withoutGaps(values: readonly (number | null)[]): readonly (number | null)[] {
  const filled = [...values];
  let before = -1;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const start = values[before] ?? null;
    for (let gap = before + 1; start !== null && gap < i; gap++) {
      filled[gap] = start + ((value - start) * (gap - before)) / (i - before);
    }
    before = i;
  }
  return filled;
}

function thresholdsOf({ draw, thresholds }: FieldConfig, factor: number): readonly ChartThreshold[] {
  if (draw?.showThresholds !== true || thresholds === undefined || thresholds.mode === 'percentage') return [];
  return thresholds.steps
    .filter(({ from }) => Number.isFinite(from))
    .map(({ from, color }) => ({ value: from * factor, color: cssColor(color) }));
}
