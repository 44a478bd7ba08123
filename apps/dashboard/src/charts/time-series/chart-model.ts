import type { Cell } from './align-series.js';
import { alignSeries } from './align-series.js';
import { seriesColor } from './series-colors.js';
import { stackColumns } from './stack-columns.js';
import type { ChartSeries } from './types.js';

/** A chart's series ready to be drawn and pointed at. */
export interface ChartModel {
  readonly series: readonly ModelSeries[];
  /** Milliseconds. */
  readonly times: readonly number[];
  /** Values as they are, one column a series: what the tooltip says. */
  readonly values: readonly (readonly Cell[])[];
  /** Values as they are drawn: stacked or not. */
  readonly drawn: readonly (readonly Cell[])[];
  /** Pairs of columns with an area between them. */
  readonly bands: readonly (readonly [upper: number, lower: number])[];
}

/** A series with all that was left open settled. */
export interface ModelSeries {
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly color: string;
  readonly shown: boolean;
}

/** Settles ids, colours and columns of what a chart is given. */
export function toChartModel(series: readonly ChartSeries[], hidden: ReadonlySet<string>, stack: boolean): ChartModel {
  const settled = series.map(({ id, name, labels, color }, index) => ({
    id: id ?? name,
    name,
    labels,
    color: color ?? seriesColor(index),
    shown: !hidden.has(id ?? name),
  }));
  const { times, columns } = alignSeries(series);
  if (!stack) return { series: settled, times, values: columns, drawn: columns, bands: [] };
  const stacked = stackColumns(columns, (index) => settled[index]?.shown === true);
  const bands = stacked.below.flatMap((below, index) => (below < 0 ? [] : [[index, below] as const]));
  return { series: settled, times, values: columns, drawn: stacked.columns, bands };
}
