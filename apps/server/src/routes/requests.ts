import type { ListRequestsQuery } from '@vedetta/client';
import {
  activeRequestsSchema,
  errorsSchema,
  limitQuerySchema,
  listRequestsQuerySchema,
  requestPageSchema,
  requestSchema,
  requestTimelineSchema,
} from '@vedetta/client/schemas';
import type { FilterNode } from '@vedetta/model';
import type { RequestSort } from '@vedetta/store';
import { z } from 'zod';
import { invalidField, ProblemError } from '../http/problem.js';
import { toScope } from '../http/scope-query.js';
import type { TypedApp } from '../http/typed-app.js';
import { toRequestTimelineJson } from '../json/detail-json.js';
import { toRequestJson } from '../json/request-json.js';
import { toErrorGroupJson } from '../json/stats-json.js';
import type { ServerContext } from '../server-context.js';

const MAX_ACTIVE = 1000;

const FAILED: FilterNode = {
  kind: 'or',
  nodes: [
    { kind: 'compare', field: 'status', operator: '=', value: 'failed' },
    { kind: 'compare', field: 'status', operator: '=', value: 'timeout' },
  ],
};

/** Path of one request. */
export const requestParamsSchema = z.object({
  id: z.string().min(1).max(200).describe('Request id, or trace id in hex'),
});

/** Requests: list, one, its timeline, those that run, those that failed. */
export async function requestRoutes(app: TypedApp, { feed, store, content, now }: ServerContext): Promise<void> {
  app.get(
    '/api/requests',
    {
      schema: {
        tags: ['Requests'],
        summary: 'List requests, newest first',
        description:
          'Sorted by start unless `sort` says otherwise. Pages by cursor stay stable while new requests arrive: pass `next_cursor` until it is null.',
        querystring: listRequestsQuerySchema.strict(),
        response: { 200: requestPageSchema },
      },
    },
    async ({ query }) => {
      const time = now();
      const page = await store.requests
        .list({ ...toScope(query, time, content), limit: query.limit, cursor: query.cursor, sort: toSort(query.sort) })
        .catch((error: unknown) => {
          if (error instanceof RangeError)
            throw invalidField('cursor', 'is not one this server gave for this sort; start again without it');
          throw error;
        });
      return {
        requests: page.requests.map((row) => toRequestJson(feed.withProgress(row), time)),
        next_cursor: page.nextCursor ?? null,
      };
    },
  );

  app.get(
    '/api/requests/:id',
    {
      schema: {
        tags: ['Requests'],
        summary: 'One request with its totals',
        params: requestParamsSchema,
        querystring: z.strictObject({}),
        response: { 200: requestSchema },
      },
      config: { problems: [404] },
    },
    async ({ params }) => {
      const row = await store.requests.get(params.id);
      if (row === undefined) throw unknownRequest(params.id);
      return toRequestJson(feed.withProgress(row), now());
    },
  );

  app.get(
    '/api/requests/:id/timeline',
    {
      schema: {
        tags: ['Requests'],
        summary: 'Everything about one request, for a waterfall',
        description: 'Phases, bottlenecks, events, scores, and the spans of its trace with their attributes.',
        params: requestParamsSchema,
        querystring: z.strictObject({}),
        response: { 200: requestTimelineSchema },
      },
      config: { problems: [404] },
    },
    async ({ params }) => {
      const detail = await store.requests.detail(params.id);
      if (detail === undefined) throw unknownRequest(params.id);
      return toRequestTimelineJson({ ...detail, request: feed.withProgress(detail.request) }, now());
    },
  );

  app.get(
    '/api/active',
    {
      schema: {
        tags: ['Requests'],
        summary: 'Requests that run now, oldest first',
        querystring: z.strictObject({}),
        response: { 200: activeRequestsSchema },
      },
    },
    async () => {
      const rows = await store.requests.active(MAX_ACTIVE);
      return { requests: rows.map((row) => toRequestJson(feed.withProgress(row), now())) };
    },
  );

  app.get(
    '/api/errors',
    {
      schema: {
        tags: ['Requests'],
        summary: 'Failed requests: grouped by cause, and the most recent ones',
        querystring: limitQuerySchema.strict(),
        response: { 200: errorsSchema },
      },
    },
    async ({ query }) => {
      const time = now();
      const scope = toScope(query, time, content);
      const failed = { range: scope.range, filter: { kind: 'and', nodes: [scope.filter, FAILED] } } as const;
      const [groups, recent] = await Promise.all([
        store.requests.errorGroups(scope, query.limit),
        store.requests.list({ ...failed, limit: query.limit, cursor: undefined }),
      ]);
      return {
        groups: groups.map(toErrorGroupJson),
        recent: recent.requests.map((row) => toRequestJson(row, time)),
      };
    },
  );
}

/** `cost:desc` as the store takes it. */
function toSort(sort: ListRequestsQuery['sort']): RequestSort | undefined {
  if (sort === undefined) return undefined;
  const [by, direction] = sort.split(':') as [RequestSort['by'], 'asc' | 'desc'];
  return { by, descending: direction === 'desc' };
}

/** A request is known once its first span is stored, which a caller may be ahead of. */
export function unknownRequest(requestId: string): ProblemError {
  return new ProblemError(
    404,
    `there is no request ${JSON.stringify(requestId.slice(0, 200))}; it was deleted, or its first span has not arrived yet`,
  );
}
