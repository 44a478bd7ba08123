import { useQuery } from '@tanstack/react-query';
import { statsQuery } from '../../api/queries.js';
import { FilterBar } from '../../features/filter/filter-bar.js';
import { NothingMatches } from '../../features/nothing-matches.js';
import { ErrorState } from '../../ui/states.js';
import { useScope } from '../../url/use-search.js';
import { ActiveCard } from './active-card.js';
import { DistributionCard } from './distribution-card.js';
import { ErrorsCard } from './errors-card.js';
import { PhasesCard } from './phases-card.js';
import { RecentCard } from './recent-card.js';
import { StatusBar } from './status-bar.js';
import { Tiles } from './tiles.js';
import { TimelineCard } from './timeline-card.js';

/** Where the time and the money go, at a glance. */
export function OverviewPage() {
  const scope = useScope();
  const stats = useQuery(statsQuery(scope));
  return (
    <div className="mx-auto flex max-w-[100rem] flex-col gap-3 md:gap-4">
      <StatusBar />
      <FilterBar />
      {stats.isError && stats.data === undefined ? (
        <ErrorState error={stats.error} retry={() => void stats.refetch()} />
      ) : stats.data?.total === 0 ? (
        <>
          <NothingMatches />
          <ActiveCard />
        </>
      ) : (
        <>
          <Tiles stats={stats.data} />
          <TimelineCard />
          <ActiveCard />
          <div className="grid items-start gap-3 md:gap-4 lg:grid-cols-2">
            <PhasesCard stats={stats.data} />
            <div className="grid gap-3 md:gap-4">
              <DistributionCard by="model" title="Models" />
              <DistributionCard by="modality" title="Modalities" />
            </div>
          </div>
          <ErrorsCard />
          <RecentCard />
        </>
      )}
    </div>
  );
}
