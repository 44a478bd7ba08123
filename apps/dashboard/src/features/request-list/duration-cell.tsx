import type { Request } from '@vedetta/client';
import { formatDuration } from '../../format/format.js';
import { Bar } from '../../ui/bar.js';
import { Elapsed } from '../../ui/elapsed.js';
import type { RowContext } from './column.js';

/** Duration with a bar against the longest in view; time that goes on while it runs. */
export function DurationCell({ request, context }: { request: Request; context: RowContext }) {
  if (request.duration_ms === null) {
    return (
      <span className="tabular text-busy">
        {request.status === 'running' ? <Elapsed startTime={request.start_time} /> : formatDuration(null)}
      </span>
    );
  }
  return (
    <span className="flex w-full flex-col items-end gap-1">
      <span className="tabular leading-none">{formatDuration(request.duration_ms)}</span>
      <Bar
        value={context.scaleMs > 0 ? request.duration_ms / context.scaleMs : 0}
        color={request.status === 'completed' ? 'var(--cat-1)' : 'var(--chart-bad)'}
        className="h-1! w-full"
      />
    </span>
  );
}
