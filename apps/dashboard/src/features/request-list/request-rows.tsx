import type { Request } from '@vedetta/client';
import { useCallback, useMemo } from 'react';
import { useServerNow } from '../../api/server-clock.js';
import { useUrlState } from '../../url/use-search.js';
import { columnsFor } from './columns.js';
import { HeadRow, RequestRow } from './request-row.js';
import { useWidth } from './use-width.js';

/** A short table of requests, all of them in the page. */
export function RequestRows({ requests, label }: { requests: readonly Request[]; label: string }) {
  const [{ open }, change] = useUrlState();
  const [ref, width] = useWidth<HTMLDivElement>();
  const nowMs = useServerNow(60_000);
  const columns = useMemo(() => columnsFor(width), [width]);
  const context = useMemo(
    () => ({ nowMs, scaleMs: longest(requests), narrow: !columns.some((column) => column.id === 'time') }),
    [nowMs, requests, columns],
  );
  const onOpen = useCallback((requestId: string) => change({ open: requestId, span: undefined }), [change]);
  return (
    <div ref={ref} role="table" aria-label={label} className="overflow-hidden">
      <HeadRow columns={columns} />
      <div role="rowgroup">
        {requests.map((request) => (
          <RequestRow
            key={request.request_id}
            request={request}
            columns={columns}
            context={context}
            selected={open === request.request_id}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  );
}

/** The longest duration among requests, in milliseconds; 0 when none is over. */
export function longest(requests: readonly Request[]): number {
  return requests.reduce((max, request) => Math.max(max, request.duration_ms ?? 0), 0);
}
