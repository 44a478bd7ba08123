import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import type { DistributionKey, ListRequestsQuery, ScopeQuery } from '@vedetta/client';
import { ApiError } from '@vedetta/client';
import { api } from './client.js';

/** First element of the keys of everything that a new request may change; see `live.tsx`. */
export const LIVE = 'live';

const PAGE_SIZE = 100;

/** Retries only where a retry may help: a 4xx answer stays the same. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchOnWindowFocus: true,
        retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status < 500),
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 4_000),
      },
    },
  });
}

export const statusQuery = () =>
  queryOptions({ queryKey: [LIVE, 'status'], queryFn: ({ signal }) => api.status(signal), refetchInterval: 15_000 });

export const statsQuery = (scope: ScopeQuery) =>
  queryOptions({
    queryKey: [LIVE, 'stats', scope],
    queryFn: ({ signal }) => api.stats(scope, signal),
    placeholderData: keepPreviousData,
  });

export const timelineQuery = (scope: ScopeQuery) =>
  queryOptions({
    queryKey: [LIVE, 'timeline', scope],
    queryFn: ({ signal }) => api.timeline(scope, signal),
    placeholderData: keepPreviousData,
  });

export const distributionQuery = (by: DistributionKey, scope: ScopeQuery, limit = 50) =>
  queryOptions({
    queryKey: [LIVE, 'distribution', by, scope, limit],
    queryFn: ({ signal }) => api.distribution(by, { ...scope, limit }, signal),
    placeholderData: keepPreviousData,
  });

/** Asked again at the pace at which providers are checked. */
export const modelsQuery = (scope: ScopeQuery) =>
  queryOptions({
    queryKey: [LIVE, 'models', scope],
    queryFn: ({ signal }) => api.models({ ...scope, limit: 1000 }, signal),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

export const errorsQuery = (scope: ScopeQuery, limit = 100) =>
  queryOptions({
    queryKey: [LIVE, 'errors', scope, limit],
    queryFn: ({ signal }) => api.errors({ ...scope, limit }, signal),
    placeholderData: keepPreviousData,
  });

export const activeQuery = () =>
  queryOptions({ queryKey: [LIVE, 'active'], queryFn: ({ signal }) => api.active(signal) });

export const recentQuery = (scope: ScopeQuery, limit: number) =>
  queryOptions({
    queryKey: [LIVE, 'recent', scope, limit],
    queryFn: ({ signal }) => api.listRequests({ ...scope, limit }, signal),
    placeholderData: keepPreviousData,
  });

/** Pages of the request list; kept out of {@link LIVE}, since the list itself says when new rows come in. */
export const requestListQuery = (scope: ScopeQuery, sort: NonNullable<ListRequestsQuery['sort']>) =>
  infiniteQueryOptions({
    queryKey: ['requests', scope, sort],
    queryFn: ({ signal, pageParam }) =>
      api.listRequests({ ...scope, sort, limit: PAGE_SIZE, ...(pageParam !== '' && { cursor: pageParam }) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });

export const requestTimelineQuery = (requestId: string) =>
  queryOptions({
    queryKey: ['request', requestId],
    queryFn: ({ signal }) => api.requestTimeline(requestId, signal),
  });
