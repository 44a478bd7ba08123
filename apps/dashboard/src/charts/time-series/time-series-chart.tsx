import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AlignedData } from 'uplot';
import uPlot from 'uplot';
import { useThemeVersion } from '../theme-colors.js';
import type { ChartModel } from './chart-model.js';
import { toChartModel } from './chart-model.js';
import type { Hovered, PlotPlace } from './chart-options.js';
import { chartOptions } from './chart-options.js';
import { ChartTable } from './chart-table.js';
import { ChartTooltip } from './chart-tooltip.js';
import { ExemplarLayer } from './exemplar-layer.js';
import { ExemplarList } from './exemplar-list.js';
import { shownExemplars } from './exemplars.js';
import { Legend } from './legend.js';
import type { ChartExemplar, TimeSeriesChartProps } from './types.js';

const HEIGHT = 240;
const FADED = 0.15;
const NONE: ReadonlySet<string> = new Set();
const NO_EXEMPLARS: readonly ChartExemplar[] = [];

/**
 * Series over time. Dragging zooms, a double click goes back, the legend hides and shows; the figures are there as a table too.
 * Made for a hundred series of a thousand points. An empty list of series draws the axes.
 */
export function TimeSeriesChart(props: TimeSeriesChartProps) {
  const { series, stack = false, height = HEIGHT, legend = 'list', exemplars = NO_EXEMPLARS, range } = props;
  const [ownHidden, setOwnHidden] = useState(NONE);
  const hidden = props.hidden ?? ownHidden;
  const model = useMemo(() => toChartModel(series, hidden, stack), [series, hidden, stack]);
  const { fromMs, toMs } = range;
  const points = useMemo(() => shownExemplars(exemplars, { fromMs, toMs }), [exemplars, fromMs, toMs]);
  const [active, setActive] = useState<string>();
  const { host, hovered, place, highlight } = useChart(props, model, points, height);
  return (
    <figure aria-label={props.label} className="min-w-0">
      <div className="relative">
        <div ref={host} aria-hidden="true" data-testid="time-series" className="w-full" style={{ height }} />
        {place !== undefined && points.length > 0 && (
          <ExemplarLayer exemplars={points} place={place} active={active} {...pickFormat(props)} />
        )}
        {hovered !== undefined && <ChartTooltip model={model} hovered={hovered} {...pickFormat(props)} />}
      </div>
      {legend !== 'none' && (
        <Legend
          series={series}
          model={model}
          hidden={hidden}
          look={legend}
          figures={props.legendFigures ?? []}
          {...pickFormat(props)}
          onHiddenChange={props.onHiddenChange ?? setOwnHidden}
          onHighlight={highlight}
        />
      )}
      <div className="mt-1 flex flex-wrap gap-x-4">
        <ChartTable series={series} label={props.label} {...pickFormat(props)} />
        {exemplars.length > 0 && (
          <ExemplarList
            exemplars={points}
            total={exemplars.length}
            label={props.label}
            onActive={setActive}
            {...pickFormat(props)}
          />
        )}
      </div>
    </figure>
  );
}

/** How a chart writes its figures. */
export function pickFormat({ unit, decimals }: TimeSeriesChartProps): { unit?: string; decimals?: number } {
  return { ...(unit !== undefined && { unit }), ...(decimals !== undefined && { decimals }) };
}

/** The drawing in its element: built anew when its make-up changes, else only given new data. */
function useChart(props: TimeSeriesChartProps, model: ChartModel, exemplars: readonly ChartExemplar[], height: number) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const [hovered, setHovered] = useState<Hovered>();
  const [place, setPlace] = useState<PlotPlace>();
  const theme = useThemeVersion();
  const points = useMemo(() => exemplars.map(({ value }) => value).sort((a, b) => a - b), [exemplars]);
  const latest = useRef({ props, model, points });
  latest.current = { props, model, points };
  const { unit, decimals, fill, lineWidth, min, max, syncKey } = props;
  const makeUp = JSON.stringify([
    model.series.map(({ id, color, shown }) => [id, color, shown]),
    model.bands,
    [unit, decimals, props.stack, fill, lineWidth, min, max, syncKey, height, theme, props.onZoom === undefined],
    props.thresholds,
  ]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what is drawn is read while the chart is built; `makeUp` says when
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const now = latest.current;
    const options = chartOptions({ width: element.clientWidth, height }, now.model, now.props, {
      // Read anew with each drawing: a chart that is built anew would lose the zoom that is being dragged.
      range: () => latest.current.props.range,
      points: () => latest.current.points,
      onZoom: (from, to) => latest.current.props.onZoom?.(from, to),
      onReset: () => latest.current.props.onReset?.(),
      onHover: setHovered,
      onDrawn: (next) => setPlace((before) => (isSamePlace(before, next) ? before : next)),
    });
    const built = new uPlot(options, toData(now.model), element);
    chart.current = built;
    const observer = new ResizeObserver(() => {
      if (element.clientWidth > 0) built.setSize({ width: element.clientWidth, height });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      built.destroy();
      chart.current = undefined;
      setHovered(undefined);
    };
  }, [makeUp]);

  const { fromMs, toMs } = props.range;
  // biome-ignore lint/correctness/useExhaustiveDependencies: range and points are read by the chart when it is given its data
  useEffect(() => chart.current?.setData(toData(model)), [model, points, fromMs, toMs]);

  const highlight = useCallback((index: number | undefined) => {
    const drawn = chart.current;
    if (drawn === undefined) return;
    for (const [i, series] of drawn.series.entries()) series.alpha = index === undefined || i === index + 1 ? 1 : FADED;
    drawn.redraw(false);
  }, []);
  // Figures may be gone by the time the pointer is seen to rest.
  return {
    host,
    place,
    highlight,
    hovered: hovered !== undefined && hovered.index < model.times.length ? hovered : undefined,
  };
}

function isSamePlace(a: PlotPlace | undefined, b: PlotPlace): boolean {
  return a !== undefined && (Object.keys(b) as (keyof PlotPlace)[]).every((key) => a[key] === b[key]);
}

function toData({ times, drawn }: ChartModel): AlignedData {
  return [times, ...drawn] as unknown as AlignedData;
}
