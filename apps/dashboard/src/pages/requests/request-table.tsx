import { useInfiniteQuery } from '@tanstack/react-query';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo } from 'react';
import { requestListQuery } from '../../api/queries.js';
import { useServerNow } from '../../api/server-clock.js';
import { countNew } from '../../features/live-toggle.js';
import { NothingMatches } from '../../features/nothing-matches.js';
import { columnsFor, hidesSort } from '../../features/request-list/columns.js';
import { HeadRow, RequestRow } from '../../features/request-list/request-row.js';
import { longest } from '../../features/request-list/request-rows.js';
import type { RowSort } from '../../features/request-list/row-sort.js';
import { DEFAULT_ROW_SORT, keyOf, parseRowSort } from '../../features/request-list/row-sort.js';
import { useWidth } from '../../features/request-list/use-width.js';
import { setRowList } from '../../features/row-list/row-list.js';
import { Button } from '../../ui/button.js';
import { ErrorState, SkeletonRows } from '../../ui/states.js';
import { useScope, useUrlState } from '../../url/use-search.js';
import { SortSelect } from './sort-select.js';
import { useFreshRows } from './use-fresh-rows.js';

const ROW_PX = 44;

/** The list itself: only the rows in view are in the page, further ones are asked for as the end comes near. */
export function RequestTable() {
  const scope = useScope();
  const [{ open, sort: sortText }, change] = useUrlState();
  const sort = parseRowSort(sortText);
  const [ref, width] = useWidth<HTMLDivElement>();
  const nowMs = useServerNow(60_000);
  const { data, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isFetchNextPageError } =
    useInfiniteQuery(requestListQuery(scope, sort));
  const requests = useMemo(() => data?.pages.flatMap((page) => page.requests) ?? [], [data]);
  const fresh = useFreshRows(scope, sort, requests, data?.pages.length ?? 0);
  const columns = useMemo(() => columnsFor(width, keyOf(sort)), [width, sort]);
  const context = useMemo(
    () => ({ nowMs, scaleMs: longest(requests), narrow: !columns.some((column) => column.id === 'time') }),
    [nowMs, requests, columns],
  );
  const virtualizer = useWindowVirtualizer({
    count: requests.length,
    estimateSize: () => ROW_PX,
    overscan: 12,
    scrollMargin: ref.current?.offsetTop ?? 0,
    getItemKey: (index) => requests[index]?.request_id ?? index,
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => setRowList(requests.map((request) => request.request_id)), [requests]);
  useEffect(() => {
    if (lastShown >= requests.length - 20 && hasNextPage && !isFetchingNextPage && !isFetchNextPageError)
      void fetchNextPage();
  }, [lastShown, requests.length, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  const onOpen = useCallback((requestId: string) => change({ open: requestId, span: undefined }), [change]);

  const onSort = useCallback(
    (next: RowSort) => {
      scrollTo({ top: 0 });
      change({ sort: next === DEFAULT_ROW_SORT ? undefined : next }, { replace: true });
    },
    [change],
  );

  return (
    <div ref={ref} className="min-w-0 flex-1">
      {fresh.count > 0 && (
        <div className="sticky top-15 z-10 flex justify-center">
          <Button look="primary" onClick={fresh.show} data-testid="show-new">
            {countNew(fresh.count)}
          </Button>
        </div>
      )}
      {width > 0 && requests.length > 0 && hidesSort(columns) && <SortSelect sort={sort} onSort={onSort} />}
      {isError && data === undefined ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonRows rows={14} label="Loading requests" />
      ) : requests.length === 0 ? (
        <NothingMatches />
      ) : (
        <div
          role="table"
          aria-label="Requests"
          aria-rowcount={hasNextPage ? -1 : requests.length}
          data-testid="request-table"
          className="rounded-lg border border-line bg-surface"
        >
          <HeadRow columns={columns} sticky order={{ sort, onSort }} />
          <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
            {items.map((item) => {
              const request = requests[item.index];
              return (
                request !== undefined && (
                  <RequestRow
                    key={item.key}
                    index={item.index + 1}
                    request={request}
                    columns={columns}
                    context={context}
                    selected={open === request.request_id}
                    onOpen={onOpen}
                    top={item.start - virtualizer.options.scrollMargin}
                  />
                )
              );
            })}
          </div>
        </div>
      )}
      {isFetchNextPageError && <ErrorState error={error} retry={() => void fetchNextPage()} />}
    </div>
  );
}
