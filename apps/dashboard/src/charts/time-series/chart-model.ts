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

/** An id for each series; those that are given twice are told apart by their place. */
export function seriesIds(series: readonly ChartSeries[]): readonly string[] {
  const seen = new Set<string>();
  return series.map(({ id, name }, index) => {
    const wanted = id ?? name;
    const unique = seen.has(wanted) ? `${wanted} #${index + 1}` : wanted;
    seen.add(unique);
    return unique;
  });
}

/** Settles ids, colours and columns of what a chart is given. */
export function toChartModel(series: readonly ChartSeries[], hidden: ReadonlySet<string>, stack: boolean): ChartModel {
  const ids = seriesIds(series);
  const settled = series.map(({ name, labels, color }, index) => {
    const id = ids[index] ?? name;
    return { id, name, labels, color: color ?? seriesColor(index), shown: !hidden.has(id) };
  });
  const { times, columns } = alignSeries(series);
  if (!stack) return { series: settled, times, values: columns, drawn: columns, bands: [] };
  const stacked = stackColumns(columns, (index) => settled[index]?.shown === true);
  const bands = stacked.below.flatMap((below, index) => (below < 0 ? [] : [[index, below] as const]));
  return { series: settled, times, values: columns, drawn: stacked.columns, bands };
}
