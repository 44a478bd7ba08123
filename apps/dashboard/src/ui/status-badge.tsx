import type { RequestStatus } from '@vedetta/client';
import { cx } from './class-names.js';

const LOOKS: Readonly<Record<RequestStatus, string>> = {
  running: 'bg-busy-soft text-busy',
  completed: 'bg-good-soft text-good',
  failed: 'bg-bad-soft text-bad',
  timeout: 'bg-warn-soft text-warn',
  cancelled: 'bg-sunken text-soft',
};

/** State of a request by word and colour. */
export function StatusBadge({ status }: { status: RequestStatus }) {
  return (
    <span className={cx('inline-flex items-center gap-1 rounded px-1.5 py-px text-xs font-medium', LOOKS[status])}>
      {status === 'running' && <span className="size-1.5 animate-pulse rounded-full bg-current" />}
      {status}
    </span>
  );
}
