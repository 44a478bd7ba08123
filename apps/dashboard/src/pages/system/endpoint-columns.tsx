import type { MetricsSummary } from '@vedetta/client';
import type { ReactNode } from 'react';
import { formatUnit } from '../../charts/time-series/format-unit.js';
import { formatBytes, formatCount, formatDuration, formatShare } from '../../format/format.js';
import { StatusDistribution } from './status-distribution.js';

export type Endpoint = MetricsSummary['api']['endpoints'][number];

/** A column of the endpoints' table. */
export interface EndpointColumn {
  /** As in the URL's `sort`. */
  readonly id: string;
  readonly head: string;
  /** What the figure is, where the head is short. */
  readonly title: string;
  /** What rows are ordered by, largest first; texts by the alphabet, `null` last. Absent: no order. */
  readonly order?: (endpoint: Endpoint) => number | string | null;
  readonly cell: (endpoint: Endpoint, hours: number) => ReactNode;
  readonly align?: 'left';
}

export const ENDPOINT_COLUMNS: readonly EndpointColumn[] = [
  {
    id: 'endpoint',
    head: 'Endpoint',
    title: 'Method and route',
    align: 'left',
    order: ({ endpoint }) => endpoint,
    cell: ({ method, endpoint }) => (
      <span className="foreign font-mono text-xs">
        {method !== '' && <span className="mr-2 font-semibold">{method}</span>}
        <bdi>{endpoint}</bdi>
      </span>
    ),
  },
  {
    id: 'count',
    head: 'Requests',
    title: 'Requests in the time',
    order: ({ requests }) => requests,
    cell: ({ requests }) => formatCount(requests),
  },
  {
    id: 'rate',
    head: 'Rate',
    title: 'Requests a second, over the whole time',
    order: ({ requests }) => requests,
    cell: ({ requests }, hours) => formatUnit(requests / (hours * 3600), '/s'),
  },
  {
    id: 'errors',
    head: 'Errors',
    title: 'Share of the requests that failed',
    order: ({ errors, requests }) => (requests === 0 ? null : errors / requests),
    cell: ({ errors, requests }) => (
      <span className={errors > 0 ? 'text-bad' : undefined} title={`${formatCount(errors)} failed`}>
        {formatShare(requests === 0 ? null : errors / requests)}
      </span>
    ),
  },
  ...(['average', 'p50', 'p95', 'p99'] as const).map((figure): EndpointColumn => {
    const of = (endpoint: Endpoint) => endpoint[`${figure}_ms`];
    const head = figure === 'average' ? 'Mean' : figure;
    return { id: figure, head, title: `${head} duration`, order: of, cell: (endpoint) => formatDuration(of(endpoint)) };
  }),
  {
    id: 'in',
    head: 'In',
    title: 'Mean size of a request',
    order: ({ average_request_bytes: bytes }) => bytes,
    cell: ({ average_request_bytes: bytes }) => formatBytes(bytes),
  },
  {
    id: 'out',
    head: 'Out',
    title: 'Mean size of an answer',
    order: ({ average_response_bytes: bytes }) => bytes,
    cell: ({ average_response_bytes: bytes }) => formatBytes(bytes),
  },
  {
    id: 'statuses',
    head: 'Status',
    title: 'How the requests were answered',
    align: 'left',
    cell: ({ statuses }) => <StatusDistribution statuses={statuses} />,
  },
];

/** By a column; unknown figures last, equal rows by name, so that the order is the same each time. */
export function sortEndpoints(endpoints: readonly Endpoint[], column: EndpointColumn): readonly Endpoint[] {
  const { order } = column;
  if (order === undefined) return endpoints;
  return endpoints.toSorted(
    (a, b) => compare(order(a), order(b)) || compare(a.endpoint, b.endpoint) || compare(a.method, b.method),
  );
}

function compare(a: number | string | null, b: number | string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return String(a) < String(b) ? -1 : 1;
}
