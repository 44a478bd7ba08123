import { useQuery } from '@tanstack/react-query';
import { formatUnit } from '../../charts/time-series/format-unit.js';
import { TimeSeriesChart } from '../../charts/time-series/time-series-chart.js';
import { QueryError } from '../../features/promql/query-notes.js';
import type { TimeChoice } from '../../features/promql/time-window.js';
import { Card } from '../../ui/card.js';
import { EmptyState, Skeleton } from '../../ui/states.js';
import { useUrlState } from '../../url/use-search.js';
import type { SystemChart } from './system-charts.js';
import { systemChartQuery } from './system-queries.js';

const HEIGHT = 180;
const FILL = 0.12;

/** One figure over the chosen time; a zoom is a range in the URL, and charts share their crosshair. */
export function SystemChartCard(props: {
  chart: SystemChart;
  time: TimeChoice;
  intervalSeconds: number;
  live: boolean;
}) {
  const { chart, time } = props;
  const [, change] = useUrlState();
  const { data, error, isError, refetch } = useQuery(systemChartQuery(chart, time, props.intervalSeconds, props.live));
  const { id, title, queries: _queries, ...look } = chart;
  const limit = chart.thresholds?.[0]?.value;
  return (
    <Card title={title} aside={limit !== undefined && `limit ${formatUnit(limit, chart.unit)}`}>
      <div data-chart={id}>
        {isError && data === undefined ? (
          <QueryError error={error} retry={() => void refetch()} />
        ) : data === undefined ? (
          <Skeleton className="h-56" />
        ) : data.series.length === 0 ? (
          <EmptyState title="No samples in this time">
            One comes every {props.intervalSeconds} seconds while the server runs, where the system tells this figure.
          </EmptyState>
        ) : (
          <TimeSeriesChart
            label={title}
            series={data.series}
            range={{ fromMs: data.range.startMs, toMs: data.range.endMs }}
            height={HEIGHT}
            {...(chart.stack !== true && { fill: FILL })}
            legendFigures={['last', 'max']}
            syncKey="system"
            onZoom={(from, to) => change({ from, to })}
            onReset={() => change({ from: undefined, to: undefined })}
            {...look}
          />
        )}
      </div>
    </Card>
  );
}
