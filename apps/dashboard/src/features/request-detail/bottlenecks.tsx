import type { RequestTimeline } from '@vedetta/client';
import { formatDuration, formatShare } from '../../format/format.js';
import { Bar, nameColor } from '../../ui/bar.js';

/** The phases that took most of the request. */
export function Bottlenecks({ bottlenecks }: { bottlenecks: RequestTimeline['bottlenecks'] }) {
  if (bottlenecks.length === 0) return null;
  return (
    <section aria-label="Bottlenecks" className="grid gap-x-6 gap-y-2 sm:grid-cols-3" data-testid="bottlenecks">
      {bottlenecks.map(({ phase, duration_ms, share }) => (
        <div key={phase} className="min-w-0 text-[13px]">
          <div className="flex justify-between gap-2">
            <bdi className="truncate font-medium">{phase.slice(0, 200)}</bdi>
            <span className="tabular shrink-0 text-soft">
              {formatDuration(duration_ms)} · {formatShare(share)}
            </span>
          </div>
          <Bar value={share} color={nameColor(phase)} className="mt-1" />
        </div>
      ))}
    </section>
  );
}
