import type { Request } from '@vedetta/client';
import { formatTime } from '../../format/time.js';
import type { RowContext } from './column.js';

/** Name and, beside it, what was asked or went wrong; the time too where it has no column of its own. */
export function NameCell({ request, context }: { request: Request; context: RowContext }) {
  const second = request.error_message || request.error_type || request.input_preview;
  const failed = request.error_message !== '' || request.error_type !== '';
  return (
    <div className="flex min-w-0 flex-col leading-tight">
      <bdi className="truncate font-medium" title={request.name.slice(0, 500)}>
        {request.name.slice(0, 300) || 'unnamed'}
      </bdi>
      <span className="flex min-w-0 gap-1.5 text-xs text-soft">
        {context.narrow && <span className="tabular shrink-0">{formatTime(request.start_time, context.nowMs)}</span>}
        {second !== '' && <bdi className={failed ? 'truncate text-bad' : 'truncate'}>{second.slice(0, 200)}</bdi>}
      </span>
    </div>
  );
}
