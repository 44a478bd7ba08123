import type { Band, Options, Series } from 'uplot';
import uPlot from 'uplot';
import { canvasColor, tokenColor } from '../theme-colors.js';
import { tickLabels } from '../timeline-options.js';
import type { ChartModel, ModelSeries } from './chart-model.js';
import { formatTicks, tickSteps } from './format-unit.js';
import { isolatedPoints } from './isolated-points.js';
import { seriesDash } from './series-colors.js';
import { drawThresholdAreas, drawThresholdLines } from './thresholds.js';
import type { ChartRange, TimeSeriesChartProps } from './types.js';

/** What stands under the pointer. */
export interface Hovered {
  /** Index of the time. */
  readonly index: number;
  /** Index of the series nearest to the pointer, when one is near. */
  readonly nearest: number | undefined;
  /** Of the pointer, in pixels from the corner of the chart's element. */
  readonly left: number;
  readonly top: number;
  /** Width of that element. */
  readonly width: number;
}

/** Where the lines are drawn: pixels from the corner of the chart's element, and the ends of both axes. */
export interface PlotPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly min: number;
  readonly max: number;
}

export interface ChartHandlers {
  readonly range: () => ChartRange;
  /** Of points over the lines, ascending. */
  readonly points: () => readonly number[];
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onReset: () => void;
  readonly onHover: (hovered: Hovered | undefined) => void;
  /** After each drawing. */
  readonly onDrawn: (place: PlotPlace) => void;
}

const MIN_DRAG_PX = 4;
/** How near the pointer must be to a line to point at it. */
const NEAR_PX = 30;
const FONT = '11px system-ui';
const STACKED_FILL = 0.35;
/** As many times the height of the lines as points may add above them. */
const ROOM_FOR_POINTS = 2;

type Look = Pick<
  TimeSeriesChartProps,
  'unit' | 'decimals' | 'stack' | 'fill' | 'lineWidth' | 'thresholds' | 'min' | 'max' | 'syncKey' | 'onZoom'
>;

/** Options for drawing a model. The colours are those of the theme that holds now. */
export function chartOptions(
  size: { readonly width: number; readonly height: number },
  model: ChartModel,
  look: Look,
  handlers: ChartHandlers,
): Options {
  const { unit = 'short', decimals, thresholds = [] } = look;
  const axis = {
    stroke: tokenColor('--ink-soft'),
    font: FONT,
    grid: { stroke: tokenColor('--line'), width: 1 },
    ticks: { show: false },
  };
  const paint = rememberColors();
  const steps = tickSteps(unit);
  let nearest: number | undefined;
  const lines = thresholds.map((threshold) => ({ ...threshold, color: paint(threshold.color) }));
  return {
    ...size,
    ms: 1,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    focus: { alpha: 1 },
    cursor: {
      y: false,
      focus: { prox: NEAR_PX },
      points: { one: true, size: 7 },
      drag: { x: look.onZoom !== undefined, y: false, setScale: false, dist: MIN_DRAG_PX },
      ...(look.syncKey !== undefined && { sync: { key: look.syncKey, scales: ['x', null], setSeries: false } }),
      bind: {
        dblclick: () => () => {
          handlers.onReset();
          return null;
        },
      },
    },
    scales: {
      x: {
        time: true,
        range: () => {
          const { fromMs, toMs } = handlers.range();
          // An axis must have a length.
          return fromMs < toMs ? [fromMs, toMs] : [fromMs - 1000, fromMs + 1000];
        },
      },
      y: { range: (_chart, min, max) => valueRange(min, max, look, handlers.points()) },
    },
    axes: [
      {
        ...axis,
        values: (_chart, times) => tickLabels(times.map((ms) => ms / 1000)),
        space: 70,
        size: 28,
      },
      {
        ...axis,
        ...(steps !== undefined && { incrs: steps }),
        space: 34,
        values: (_chart, values) => formatTicks(values, unit, decimals),
        size: (chart, labels) => widthOf(chart, labels ?? []),
      },
    ],
    series: [{}, ...model.series.map((series, index) => toSeries(series, index, look, paint))],
    bands: model.bands.map(([upper, lower]): Band => ({ series: [upper + 1, lower + 1] })),
    hooks: {
      drawClear: [(chart) => drawThresholdAreas(chart, lines)],
      draw: [(chart) => drawThresholdLines(chart, lines), (chart) => handlers.onDrawn(placeOf(chart))],
      setSeries: [
        (_chart, index) => {
          nearest = index === null ? undefined : index - 1;
        },
      ],
      // Comes after the series that the pointer is nearest to.
      setCursor: [(chart) => handlers.onHover(hoveredOf(chart, nearest))],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < MIN_DRAG_PX) return;
          const [from, to] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          handlers.onZoom(Math.floor(from), Math.ceil(to));
        },
      ],
    },
  };
}

function toSeries(series: ModelSeries, index: number, look: Look, paint: (css: string) => string): Series {
  const color = paint(series.color);
  const fill = look.fill ?? (look.stack === true ? STACKED_FILL : 0);
  const dash = seriesDash(index);
  return {
    label: series.name,
    show: series.shown,
    scale: 'y',
    stroke: color,
    width: look.lineWidth ?? 1.5,
    ...(dash !== undefined && { dash }),
    ...(fill > 0 && { fill: withOpacity(color, fill) }),
    spanGaps: false,
    points: {
      size: 5,
      fill: color,
      filter: (chart, seriesIndex, show) => (show ? null : isolatedPoints(chart.data[seriesIndex] ?? [])),
    },
  };
}

/** Asking the browser for a colour makes it lay the page out; many series share few. */
function rememberColors(): (css: string) => string {
  const known = new Map<string, string>();
  return (css) => {
    const color = known.get(css) ?? canvasColor(css);
    known.set(css, color);
    return color;
  };
}

function withOpacity(color: string, opacity: number): string {
  return `color-mix(in srgb, ${color} ${Math.round(Math.min(1, opacity) * 100)}%, transparent)`;
}

/** Ends of the axis of values: what is asked for, else round ends around what is there. */
function valueRange(
  dataMin: number | null,
  dataMax: number | null,
  { min, max, stack, fill = 0 }: Look,
  points: readonly number[],
): [number, number] {
  let [low, high] = withPoints(dataMin ?? 0, dataMax ?? 1, points);
  // An area says how much there is: it begins at nothing.
  if (stack === true || fill > 0) [low, high] = [Math.min(0, low), Math.max(0, high)];
  const [from, to] = uPlot.rangeNum(low, high, 0.1, true);
  const ends: [number, number] = [min ?? from ?? 0, max ?? to ?? 1];
  return ends[0] < ends[1] ? ends : [ends[0], ends[0] + 1];
}

/** Makes room for points, as long as the lines keep theirs: what is further away stands at the end of the axis. */
export function withPoints(low: number, high: number, points: readonly number[]): [number, number] {
  const room = Math.max(high - low, Math.abs(high)) * ROOM_FOR_POINTS;
  const near = points.filter((value) => value >= Math.min(0, low) && value <= high + room);
  return [Math.min(low, near[0] ?? low), Math.max(high, near.at(-1) ?? high)];
}

function widthOf(chart: uPlot, labels: readonly string[]): number {
  chart.ctx.save();
  chart.ctx.font = FONT;
  const width = Math.max(0, ...labels.map((label) => chart.ctx.measureText(label).width));
  chart.ctx.restore();
  return Math.ceil(width) + 14;
}

function placeOf({ bbox, scales }: uPlot): PlotPlace {
  const { pxRatio } = uPlot;
  const { x, y } = scales;
  return {
    left: bbox.left / pxRatio,
    top: bbox.top / pxRatio,
    width: bbox.width / pxRatio,
    height: bbox.height / pxRatio,
    fromMs: x?.min ?? 0,
    toMs: x?.max ?? 1,
    min: y?.min ?? 0,
    max: y?.max ?? 1,
  };
}

function hoveredOf(chart: uPlot, nearest: number | undefined): Hovered | undefined {
  const { idx, left = -1, top = -1, event } = chart.cursor;
  // Without an event it is another chart's pointer.
  if (event === null || event === undefined || idx === null || idx === undefined || left < 0) return undefined;
  const { offsetLeft, offsetTop } = chart.over;
  return { index: idx, nearest, left: left + offsetLeft, top: top + offsetTop, width: chart.width };
}
