import type { ChartExemplar } from '../../charts/time-series/types.js';
import type { Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { BarChartPanel } from './bar-chart-panel.js';
import { BarGaugePanel } from './bar-gauge-panel.js';
import { GaugePanel } from './gauge-panel.js';
import { HeatmapPanel } from './heatmap-panel.js';
import { HistogramPanel } from './histogram-panel.js';
import type { PanelSize } from './panel-size.js';
import { StatPanel } from './stat-panel.js';
import { TablePanel } from './table-panel.js';
import { TextPanel } from './text-panel.js';
import { TimeSeriesPanel } from './time-series-panel.js';

/** What a panel shows once its queries are answered. */
export function PanelBody(props: {
  panel: Panel;
  frames: readonly Frame[];
  exemplars: readonly ChartExemplar[];
  size: PanelSize;
  range: { readonly fromMs: number; readonly toMs: number };
  onZoom: (fromMs: number, toMs: number) => void;
  onReset: () => void;
}) {
  const { panel, frames, size } = props;
  switch (panel.kind) {
    case 'time-series':
      return <TimeSeriesPanel {...props} />;
    case 'stat':
      return <StatPanel panel={panel} frames={frames} size={size} />;
    case 'gauge':
      return <GaugePanel panel={panel} frames={frames} size={size} />;
    case 'bar-gauge':
      return <BarGaugePanel panel={panel} frames={frames} size={size} />;
    case 'bar-chart':
      return <BarChartPanel panel={panel} frames={frames} size={size} />;
    case 'table':
      return <TablePanel panel={panel} frames={frames} />;
    case 'histogram':
      return <HistogramPanel panel={panel} frames={frames} />;
    case 'heatmap':
      return <HeatmapPanel panel={panel} frames={frames} size={size} unit={panel.options.yUnit} />;
    case 'text':
      return <TextPanel content={panel.options.content} />;
    case 'unsupported':
      return null;
  }
}
