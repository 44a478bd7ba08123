import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { statusQuery } from '../../api/queries.js';
import { useServerNow } from '../../api/server-clock.js';
import { formatCount, formatDuration } from '../../format/format.js';
import { cx } from '../../ui/class-names.js';
import { Skeleton } from '../../ui/states.js';
import type { Search } from '../../url/search.js';
import { keepScope } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';

/** The monitor itself: how it is, since when, and how much it has seen. */
export function StatusBar() {
  const { data: status, isError } = useQuery(statusQuery());
  const [search] = useUrlState();
  const nowMs = useServerNow(1_000);
  if (isError && status === undefined) return null;
  if (status === undefined) return <Skeleton className="h-9" />;
  const uptimeMs = Math.max(0, nowMs - Date.parse(status.started_at));
  const facts = [
    ['Uptime', formatDuration(Math.floor(uptimeMs / 1000) * 1000)],
    ['Active', formatCount(status.active_requests)],
    ['Total', formatCount(status.total_requests)],
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
        <span key={label}>
          <span className="text-soft">{label}</span> <span className="tabular font-medium">{value}</span>
        </span>
      ))}
      <Link
        to="/models"
        search={keepScope(search) as never}
        title={status.available_models.join(', ').slice(0, 1000)}
        className="underline decoration-line-strong decoration-dotted underline-offset-2 hover:text-accent"
      >
        <span className="text-soft">Models</span>{' '}
        <span className="tabular font-medium">{formatCount(status.available_models.length)}</span>
      </Link>
      <UnreachableLink upstreams={status.unreachable_upstreams} search={keepScope(search)} />
      {status.problems.map((problem) => (
        <span key={problem} className="foreign text-warn">
          {problem}
        </span>
      ))}
    </section>
  );
}

const NAMED = 3;

/** Says which upstreams do not answer, and leads to what their checks found; nothing when all do. */
function UnreachableLink({ upstreams, search }: { upstreams: readonly string[]; search: Search }) {
  if (upstreams.length === 0) return null;
  const names = upstreams.slice(0, NAMED).map((name) => name.slice(0, 60));
  const others = upstreams.length - names.length;
  return (
    <Link to="/models" search={search as never} className="foreign text-bad underline decoration-dotted">
      {names.join(', ')}
      {others > 0 && ` and ${formatCount(others)} more`} {upstreams.length === 1 ? 'is' : 'are'} unreachable
    </Link>
  );
}
