/** One line of a chart. */
export interface ChartSeries {
  /** Unique within the chart, what hiding goes by; the name where it is absent. */
  readonly id?: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly number[];
  /** One value a time; `null` and what is not finite is a gap. */
  readonly values: readonly (number | null)[];
  /** Distance of two points; a longer one is a gap. The smallest distance there is where it is absent. */
  readonly stepMs?: number;
  /** Any CSS colour, `var(--cat-3)` too; chosen by the place in the list where it is absent. */
  readonly color?: string;
}

/** A measurement that stands for others, mostly with the trace it comes from. */
export interface ChartExemplar {
  /** Milliseconds since the epoch. */
  readonly timeMs: number;
  readonly value: number;
  /** Name of the series that counts it. */
  readonly series: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A level worth a line of its own. */
export interface ChartThreshold {
  readonly value: number;
  /** Any CSS colour, such as `var(--bad)`. */
  readonly color: string;
  /** Shades everything from this value on. */
  readonly area?: boolean;
}

/** Both ends of the axis of time, milliseconds since the epoch. */
export interface ChartRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Figures of a series over the whole range. */
export type SeriesFigure = 'last' | 'min' | 'max' | 'mean' | 'sum';

export interface TimeSeriesChartProps {
  readonly series: readonly ChartSeries[];
  readonly range: ChartRange;
  /** What the chart shows, for those who do not see it. */
  readonly label: string;
  /** `short`, `bytes`, `bytes/s`, `seconds`, `ms`, `percent`, `percentunit`, `usd`; any other text stands behind the figures. */
  readonly unit?: string;
  /** Digits after the point; as many as are needed where it is absent. */
  readonly decimals?: number;
  /** Values on top of each other, as areas. */
  readonly stack?: boolean;
  /** Opacity of the area under a line, 0 to 1; 0 where it is absent, stacked 0.35. */
  readonly fill?: number;
  /** Pixels; 1.5 where it is absent. */
  readonly lineWidth?: number;
  readonly thresholds?: readonly ChartThreshold[];
  /** Ends of the axis of values; by the values where they are absent. */
  readonly min?: number;
  readonly max?: number;
  /** Pixels of the drawing without its legend; 240 where it is absent. */
  readonly height?: number;
  readonly legend?: 'list' | 'table' | 'none';
  /** Figures beside each name in the legend. */
  readonly legendFigures?: readonly SeriesFigure[];
  /** Ids of series that are not drawn. The chart keeps them itself where this is absent. */
  readonly hidden?: ReadonlySet<string>;
  readonly onHiddenChange?: (hidden: ReadonlySet<string>) => void;
  /** Called with what was dragged over. */
  readonly onZoom?: (fromMs: number, toMs: number) => void;
  /** Called on a double click. */
  readonly onReset?: () => void;
  /** Points over the lines; there is no list of them where this is absent. */
  readonly exemplars?: readonly ChartExemplar[];
  /** Charts of the same key share their crosshair. */
  readonly syncKey?: string;
}
