import type { Timeline } from '@vedetta/client';
import { useState } from 'react';
import { formatCount, formatDuration } from '../format/format.js';
import { formatFullTime } from '../format/time.js';

/** The chart's figures as a table, for readers of text; empty buckets are left out. */
export function TimelineTable({ timeline }: { timeline: Timeline }) {
  const [open, setOpen] = useState(false);
  const filled = timeline.buckets.filter((bucket) => bucket.total > 0);
  return (
    <details className="mt-1 text-xs" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-soft">Show as table</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        <div className="max-h-60 overflow-auto" role="region" aria-label="Requests over time" tabIndex={0}>
          <table className="tabular mt-1 w-full text-left">
            <thead>
              <tr>
                {['Start', 'Requests', 'Completed', 'Failed', 'Mean', 'p95'].map((head) => (
                  <th key={head} scope="col" className="py-1 pr-3 font-medium">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
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
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
