import type { Options } from 'uplot';
import uPlot from 'uplot';
import { formatCompact, formatDuration } from '../format/format.js';
import { tokenColor } from './theme-colors.js';

export interface TimelineHandlers {
  /** Both ends of what was dragged over, milliseconds since the epoch. */
  readonly onZoom: (fromMs: number, toMs: number) => void;
  readonly onReset: () => void;
  /** Index of the bucket under the pointer. */
  readonly onHover: (index: number | undefined) => void;
}

const MIN_DRAG_PX = 4;

/** Options of the chart of requests over time: bars of all and of failed requests on the left axis, p95 on the right. */
export function timelineOptions(
  size: { width: number; height: number },
  range: () => readonly [fromMs: number, toMs: number],
  handlers: TimelineHandlers,
): Options {
  const axis = {
    stroke: tokenColor('--ink-soft'),
    font: '11px system-ui',
    grid: { stroke: tokenColor('--line'), width: 1 },
    ticks: { show: false },
  };
  const bars = uPlot.paths.bars?.({ size: [0.86, 48], align: 0 });
  const bar = (color: string) => ({
    fill: tokenColor(color),
    width: 0,
    points: { show: false },
    ...(bars && { paths: bars }),
  });
  return {
    ...size,
    legend: { show: false },
    padding: [8, 0, 0, 0],
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: MIN_DRAG_PX },
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
          const [fromMs, toMs] = range();
          return [fromMs / 1000, toMs / 1000];
        },
      },
      y: { range: (_chart, _min, max) => [0, Math.max(1, max * 1.08)] },
      ms: { range: (_chart, _min, max) => [0, Math.max(1, max * 1.15)] },
    },
    axes: [
      { ...axis, values: (_chart, seconds) => tickLabels(seconds), space: 70, size: 28 },
      {
        ...axis,
        size: 44,
        values: (_chart, values) => values.map((value) => (Number.isInteger(value) ? formatCompact(value) : '')),
      },
      {
        ...axis,
        scale: 'ms',
        side: 1,
        size: 62,
        grid: { show: false },
        values: (_chart, values) => values.map(formatDuration),
      },
    ],
    series: [
      {},
      { label: 'requests', scale: 'y', ...bar('--chart-good') },
      { label: 'failed', scale: 'y', ...bar('--chart-bad') },
      {
        label: 'p95',
        scale: 'ms',
        stroke: tokenColor('--chart-line'),
        width: 1.25,
        spanGaps: false,
        points: { show: true, size: 3.5, fill: tokenColor('--chart-line') },
      },
    ],
    hooks: {
      setCursor: [(chart) => handlers.onHover(chart.cursor.idx ?? undefined)],
      setSelect: [
        (chart) => {
          const { left, width } = chart.select;
          if (width < MIN_DRAG_PX) return;
          const [from, to] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
          chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          handlers.onZoom(Math.floor(from * 1000), Math.ceil(to * 1000));
        },
      ],
    },
  };
}

/** Times of day, and the day itself where one begins. */
export function tickLabels(seconds: readonly number[]): string[] {
  const step = (seconds[1] ?? 0) - (seconds[0] ?? 0);
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    ...(step < 60 && { second: '2-digit' }),
  });
  return seconds.map((second) => {
    const date = new Date(second * 1000);
    const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
    return (midnight || step >= 86_400 ? day : time).format(date);
  });
}
