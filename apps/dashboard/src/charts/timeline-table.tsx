import type { Timeline } from '@vedetta/client';
import { useState } from 'react';
import { formatCount, formatDuration } from '../format/format.js';
import { formatFullTime } from '../format/time.js';
import { ScrolledTable } from './scrolled-table.js';

/** The chart's figures as a table, for readers of text; empty buckets are left out. */
export function TimelineTable({ timeline }: { timeline: Timeline }) {
  const [open, setOpen] = useState(false);
  const filled = timeline.buckets.filter((bucket) => bucket.total > 0);
  return (
    <details className="mt-1 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-soft">Show as table</summary>
      {open && (
        <ScrolledTable label="Requests over time" heads={['Start', 'Requests', 'Completed', 'Failed', 'Mean', 'p95']}>
          {filled.map((bucket) => (
            <tr key={bucket.start} className="border-t border-line">
              <td className="py-1 pr-3">{formatFullTime(bucket.start)}</td>
              <td>{formatCount(bucket.total)}</td>
              <td>{formatCount(bucket.completed)}</td>
              <td>{formatCount(bucket.failed)}</td>
              <td>{formatDuration(bucket.mean_ms)}</td>
              <td>{formatDuration(bucket.p95_ms)}</td>
            </tr>
          ))}
        </ScrolledTable>
      )}
    </details>
  );
}
