import { useMemo } from 'react';
import type { PromAnswer, PromSeries } from '../../api/prometheus.js';
import { seriesName } from '../../api/prometheus.js';
import { TimeSeriesChart } from '../../charts/time-series/time-series-chart.js';
import type { ChartExemplar, ChartSeries } from '../../charts/time-series/types.js';
import type { TimeWindow } from '../../features/promql/time-window.js';
import { EmptyState } from '../../ui/states.js';
import { guessUnit } from './guess-unit.js';
import type { Panel } from './panels.js';
import { hiddenNames, toFilter } from './panels.js';

const HEIGHT = 300;

/** The answer over time. What is hidden in the legend is in the link. */
export function GraphView(props: {
  panel: Panel;
  label: string;
  answer: PromAnswer<{ readonly series: readonly PromSeries[] }> & { readonly range: TimeWindow };
  exemplars: readonly ChartExemplar[] | undefined;
  onChange: (change: Partial<Panel>) => void;
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
}) {
  const { panel, answer } = props;
  const { series, others } = useMemo(() => toChart(answer.data.series, answer.range.stepMs), [answer]);
  const names = useMemo(() => series.map(({ name }) => name), [series]);
  const hidden = useMemo(() => hiddenNames(panel.filter, names), [panel.filter, names]);
  const unit = useMemo(() => panel.unit ?? guessUnit(panel.expr), [panel.unit, panel.expr]);
  if (series.length === 0) {
    return (
      <EmptyState title={others > 0 ? 'These are native histograms' : 'No samples in this time'}>
        {others > 0
          ? 'A graph shows numbers: ask for histogram_quantile(0.95, …), histogram_sum or histogram_count of them.'
          : 'The query is sound, and no series has a value in the range.'}
      </EmptyState>
    );
  }
  return (
    <TimeSeriesChart
      label={props.label}
      series={series}
      range={{ fromMs: answer.range.startMs, toMs: answer.range.endMs }}
      unit={unit}
      stack={panel.stack}
      height={HEIGHT}
      hidden={hidden}
      onHiddenChange={(next) => props.onChange({ filter: toFilter(next, names) })}
      onZoom={props.onZoom}
      onReset={props.onReset}
      syncKey="metrics"
      {...(props.exemplars !== undefined && { exemplars: props.exemplars })}
    />
  );
}

function toChart(series: readonly PromSeries[], stepMs: number): { series: readonly ChartSeries[]; others: number } {
  const drawn = series.filter(({ times }) => times.length > 0);
  return {
    series: drawn.map(({ labels, times, values }) => ({ name: seriesName(labels), labels, times, values, stepMs })),
    others: series.length - drawn.length,
  };
}
