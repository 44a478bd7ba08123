import { useQuery } from '@tanstack/react-query';
import { useLive } from '../../api/live.js';
import { useTimeChoice } from '../../features/promql/use-time-choice.js';
import { ErrorState } from '../../ui/states.js';
import { EndpointsCard } from './endpoints-card.js';
import { SystemChartCard } from './system-chart-card.js';
import { SYSTEM_CHARTS } from './system-charts.js';
import { machineQuery, processQuery } from './system-queries.js';
import { SystemTiles } from './system-tiles.js';

/** How the machine and the server are, and what HTTP servers answer. */
export function SystemPage() {
  const { paused } = useLive();
  const live = !paused;
  const time = useTimeChoice();
  const machine = useQuery(machineQuery(live));
  const intervalSeconds = machine.data?.interval_seconds;
  const process = useQuery({
    ...processQuery(intervalSeconds ?? 0, live),
    enabled: intervalSeconds !== undefined,
  });
  if (machine.isError && machine.data === undefined) {
    return <ErrorState error={machine.error} retry={() => void machine.refetch()} />;
  }
  return (
    <div className="mx-auto flex max-w-[100rem] flex-col gap-3 md:gap-4">
      <SystemTiles machine={machine.data} process={process.data} />
      {intervalSeconds !== undefined && (
        <div className="grid min-w-0 gap-3 md:gap-4 lg:grid-cols-2 lg:max-2xl:[&>:last-child]:col-span-2 2xl:grid-cols-3">
          {SYSTEM_CHARTS.map((chart) => (
            <SystemChartCard key={chart.id} {...{ chart, time, intervalSeconds, live }} />
          ))}
        </div>
      )}
      <EndpointsCard live={live} />
    </div>
  );
}
