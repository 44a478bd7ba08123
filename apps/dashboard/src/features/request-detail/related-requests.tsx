import type { Request } from '@vedetta/client';
import { RequestRows } from '../request-list/request-rows.js';

/** Other requests of the same trace. */
export function RelatedRequests({ requests }: { requests: readonly Request[] }) {
  if (requests.length === 0) return null;
  return (
    <section aria-label="Related requests" className="rounded-md border border-line">
      <h3 className="px-4 pt-2 text-[13px] font-semibold">In the same trace</h3>
      <RequestRows requests={requests} label="Requests of the same trace" />
    </section>
  );
}
