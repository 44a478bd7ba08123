import { useParams } from '@tanstack/react-router';
import { RequestDetail } from '../../features/request-detail/request-detail.js';

/** One request on its own page, for links. */
export function RequestPage() {
  const { requestId = '' } = useParams({ strict: false }) as { requestId?: string };
  return (
    <div className="mx-auto max-w-[90rem] rounded-lg border border-line bg-surface p-4 md:p-6">
      <RequestDetail requestId={requestId} />
    </div>
  );
}
