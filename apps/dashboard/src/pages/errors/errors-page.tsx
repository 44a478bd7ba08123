import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { errorsQuery } from '../../api/queries.js';
import { ErrorGroups } from '../../features/error-groups.js';
import { FilterBar } from '../../features/filter/filter-bar.js';
import { RequestRows } from '../../features/request-list/request-rows.js';
import { setRowList } from '../../features/row-list/row-list.js';
import { formatCount } from '../../format/format.js';
import { Card } from '../../ui/card.js';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.js';
import { useScope } from '../../url/use-search.js';

/** What went wrong, by cause and one by one. */
export function ErrorsPage() {
  const scope = useScope();
  const { data, isError, error, refetch } = useQuery(errorsQuery(scope));
  useEffect(() => setRowList(data?.recent.map((request) => request.request_id) ?? []), [data]);
  return (
    <div className="mx-auto flex max-w-[100rem] flex-col gap-3 md:gap-4">
      <FilterBar />
      {isError && data === undefined ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonRows rows={8} />
      ) : data.groups.length === 0 && data.recent.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState title="No errors">No request of this range and filter failed or timed out.</EmptyState>
        </div>
      ) : (
        <>
          <Card title="By cause" flush aside={`${formatCount(data.groups.length)} causes`}>
            <ErrorGroups groups={data.groups} />
          </Card>
          <Card title="Latest" flush>
            <RequestRows requests={data.recent} label="Latest failed requests" />
          </Card>
        </>
      )}
    </div>
  );
}
