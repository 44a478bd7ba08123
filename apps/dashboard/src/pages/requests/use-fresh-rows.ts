import type { InfiniteData } from '@tanstack/react-query';
import { useQueryClient } from '@tanstack/react-query';
import type { Request, RequestPage, ScopeQuery } from '@vedetta/client';
import { useEffect, useMemo } from 'react';
import { useLive } from '../../api/live.js';
import { requestListQuery } from '../../api/queries.js';
import type { RowSort } from '../../features/request-list/row-sort.js';

const AT_TOP_PX = 40;
const REFRESH_MS = 1_000;

/**
 * Keeps the list in step with what comes in: at its top new rows appear by themselves, further down or while paused they
 * are only counted, so that nothing moves under the reader.
 */
export function useFreshRows(
  scope: ScopeQuery,
  sort: RowSort,
  requests: readonly Request[],
  pages: number,
): { count: number; show: () => void } {
  const client = useQueryClient();
  const { newIds, clearNew, paused } = useLive();
  const { queryKey } = requestListQuery(scope, sort);
  // Announced requests that end are new to nobody: their row is there.
  const count = useMemo(() => {
    const listed = new Set(requests.map((request) => request.request_id));
    return [...newIds].filter((id) => !listed.has(id)).length;
  }, [newIds, requests]);

  const refresh = async () => {
    clearNew();
    // Only the first page: pages further down would each be asked for again.
    client.setQueryData(queryKey, (data: InfiniteData<RequestPage> | undefined) =>
      data === undefined ? undefined : { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    await client.invalidateQueries({ queryKey });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the list's key starts anew with what is there
  useEffect(() => clearNew(), [JSON.stringify(queryKey)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `refresh` only wraps what is listed
  useEffect(() => {
    if (count === 0 || paused || pages > 1 || scrollY > AT_TOP_PX) return;
    const timer = setTimeout(() => void refresh(), REFRESH_MS);
    return () => clearTimeout(timer);
  }, [count > 0, paused, pages]);

  const shown = paused || pages > 1 || scrollY > AT_TOP_PX;
  return {
    count: shown ? count : 0,
    show: () => {
      scrollTo({ top: 0 });
      void refresh();
    },
  };
}
