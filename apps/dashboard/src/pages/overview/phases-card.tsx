import type { Stats } from '@vedetta/client';
import { formatCount, formatDuration, formatShare } from '../../format/format.js';
import { Bar, nameColor } from '../../ui/bar.js';
import { Card } from '../../ui/card.js';
import { EmptyState, SkeletonRows } from '../../ui/states.js';

const SHOWN = 14;

/** Mean time of each phase as bars, largest total first. */
export function PhasesCard({ stats }: { stats: Stats | undefined }) {
  const phases = stats?.phases ?? [];
  const longest = Math.max(0, ...phases.map((phase) => phase.duration.mean_ms ?? 0));
  return (
    <Card title="Mean time per phase" aside={phases.length > SHOWN && `${SHOWN} of ${phases.length} phases`}>
      {stats === undefined ? (
        <SkeletonRows rows={6} />
      ) : phases.length === 0 ? (
        <EmptyState title="No phases yet">
          Phases are the direct steps of a request: what the SDK names, or the spans below a trace's root.
        </EmptyState>
      ) : (
        <ul className="flex flex-col gap-3" data-testid="phases">
          {phases.slice(0, SHOWN).map(({ phase, duration, count, failed, share }) => (
            <li key={phase} className="text-[13px]">
              <div className="flex items-baseline justify-between gap-3">
                <bdi className="truncate font-medium" title={phase.slice(0, 500)}>
                  {phase}
                </bdi>
                <span className="tabular shrink-0">{formatDuration(duration.mean_ms)}</span>
              </div>
              <Bar value={(duration.mean_ms ?? 0) / longest} color={nameColor(phase)} className="my-1 h-2!" />
              <div className="tabular text-xs text-soft">
                {formatShare(share)} of the time · p95 {formatDuration(duration.p95_ms)} · {formatCount(count)}×
                {failed > 0 && <span className="text-bad"> · {formatCount(failed)} failed</span>}
              </div>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
