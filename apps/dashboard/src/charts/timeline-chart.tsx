import type { Timeline } from '@vedetta/client';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { AlignedData } from 'uplot';
import uPlot from 'uplot';
import { formatCount, formatDuration } from '../format/format.js';
import { formatRange } from '../format/time.js';
import { shownRange } from './shown-range.js';
import { useThemeVersion } from './theme-colors.js';
import { timelineOptions } from './timeline-options.js';
import { TimelineTable } from './timeline-table.js';

const HEIGHT = 190;

/** Requests over time. Dragging zooms, a double click goes back; the same figures are there as a table. */
export function TimelineChart(props: {
  timeline: Timeline;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
}) {
  const { timeline } = props;
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const handlers = useRef(props);
  handlers.current = props;
  const [hovered, setHovered] = useState<number>();
  const theme = useThemeVersion();
  const data = useMemo(() => toChartData(timeline), [timeline]);
  const latest = useRef(data);
  latest.current = data;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read while the chart is built
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const options = timelineOptions(
      { width: element.clientWidth, height: HEIGHT },
      // Read anew with each drawing: a chart that is built anew would lose the zoom that is being dragged.
      () => shownRange(handlers.current.timeline),
      {
        onZoom: (from, to) => handlers.current.onZoom(from, to),
        onReset: () => handlers.current.onReset(),
        onHover: setHovered,
      },
    );
    const built = new uPlot(options, latest.current, element);
    chart.current = built;
    const observer = new ResizeObserver(() => built.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      built.destroy();
      chart.current = undefined;
    };
  }, [theme]);

  useEffect(() => chart.current?.setData(data), [data]);

  const bucket = hovered === undefined ? undefined : timeline.buckets[hovered];
  return (
    <figure>
      <figcaption className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 text-xs text-soft">
        <Key color="var(--chart-good)" label="requests" />
        <Key color="var(--chart-bad)" label="failed" />
        <Key color="var(--chart-line)" label="p95 duration" />
        <span className="tabular ml-auto" data-testid="timeline-readout">
          {bucket === undefined
            ? 'Drag to zoom, double-click to go back'
            : `${formatRange(Date.parse(bucket.start), Date.parse(bucket.start) + timeline.step_ms)}: ${formatCount(bucket.total)} requests, ${formatCount(bucket.failed)} failed, p95 ${formatDuration(bucket.p95_ms)}`}
        </span>
      </figcaption>
      <div
        ref={host}
        aria-hidden="true"
        data-testid="timeline-chart"
        className="mt-1 w-full"
        style={{ height: HEIGHT }}
      />
      <TimelineTable timeline={timeline} />
    </figure>
  );
}

function Key({ color, label }: { color: string; label: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ background: color }} />
      {label}
    </span>
  );
}

function toChartData(timeline: Timeline): AlignedData {
  const { buckets } = timeline;
  return [
    // Bars stand on the middle of their bucket, and the line's points with them.
    buckets.map((bucket) => (Date.parse(bucket.start) + timeline.step_ms / 2) / 1000),
    buckets.map((bucket) => bucket.total),
    buckets.map((bucket) => bucket.failed),
    buckets.map((bucket) => bucket.p95_ms),
  ];
}
