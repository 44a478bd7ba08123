import { useQuery } from '@tanstack/react-query';
import { statusQuery } from '../../api/queries.js';
import { useServerNow } from '../../api/server-clock.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { cx } from '../../ui/class-names.js';
import { Skeleton } from '../../ui/states.js';

/** The monitor itself: how it is, since when, and how much it has seen. */
export function StatusBar() {
  const { data: status, isError } = useQuery(statusQuery());
  const nowMs = useServerNow(1_000);
  if (isError && status === undefined) return null;
  if (status === undefined) return <Skeleton className="h-9" />;
  const uptimeMs = Math.max(0, nowMs - Date.parse(status.started_at));
  const facts = [
    ['Uptime', formatDuration(Math.floor(uptimeMs / 1000) * 1000)],
    ['Active', formatCount(status.active_requests)],
    ['Total', formatCount(status.total_requests)],
    ['Models', formatCount(status.available_models.length)],
  ] as const;
  return (
    <section
      aria-label="Monitor"
      className="flex flex-wrap items-center gap-x-5 gap-y-1 text-[13px]"
      data-testid="status-bar"
    >
      <span className={cx('flex items-center gap-1.5 font-medium', status.status === 'ok' ? 'text-good' : 'text-warn')}>
        <span aria-hidden="true" className="size-2 rounded-full bg-current" />
        {status.status === 'ok' ? 'Monitor ok' : 'Monitor degraded'}
      </span>
      {facts.map(([label, value]) => (
        <span key={label} {...(label === 'Models' && { title: status.available_models.join(', ') })}>
          <span className="text-soft">{label}</span> <span className="tabular font-medium">{value}</span>
        </span>
      ))}
      {status.problems.map((problem) => (
        <span key={problem} className="foreign text-warn">
          {problem}
        </span>
      ))}
    </section>
  );
}
