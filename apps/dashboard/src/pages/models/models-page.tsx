import { useQuery } from '@tanstack/react-query';
import { modelsQuery } from '../../api/queries.js';
import { FilterBar } from '../../features/filter/filter-bar.js';
import { ErrorState, SkeletonRows } from '../../ui/states.js';
import { useScope } from '../../url/use-search.js';
import { ModelsCard } from './models-card.js';
import { UpstreamsCard } from './upstreams-card.js';

/** Which models there are, whether they answer, and how their calls went. */
export function ModelsPage() {
  const scope = useScope();
  const { data, isError, error, refetch } = useQuery(modelsQuery(scope));
  return (
    <div className="mx-auto flex max-w-[100rem] flex-col gap-3 md:gap-4">
      <FilterBar />
      {isError && data === undefined ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonRows rows={10} />
      ) : (
        <>
          <UpstreamsCard upstreams={data.upstreams} />
          <ModelsCard models={data.models} />
        </>
      )}
    </div>
  );
}
