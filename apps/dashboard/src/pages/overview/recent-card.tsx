import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { recentQuery } from '../../api/queries.js';
import { RequestRows } from '../../features/request-list/request-rows.js';
import { setRowList } from '../../features/row-list/row-list.js';
import { Card } from '../../ui/card.js';
import { ErrorState, SkeletonRows } from '../../ui/states.js';
import { keepScope } from '../../url/search.js';
import { useScope, useUrlState } from '../../url/use-search.js';

const SHOWN = 12;

/** The newest requests of the range and filter. */
export function RecentCard() {
  const scope = useScope();
  const [search] = useUrlState();
  const { data, isError, error, refetch } = useQuery(recentQuery(scope, SHOWN));
  useEffect(() => setRowList(data?.requests.map((request) => request.request_id) ?? []), [data]);
  return (
    <Card
      title="Recent requests"
      flush
      aside={
        <Link to="/requests" search={keepScope(search) as never} className="text-accent underline">
          All requests
        </Link>
      }
    >
      {isError && data === undefined ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <div className="px-4">
          <SkeletonRows rows={SHOWN} />
        </div>
      ) : (
        <RequestRows requests={data.requests} label="Recent requests" />
      )}
    </Card>
  );
}
