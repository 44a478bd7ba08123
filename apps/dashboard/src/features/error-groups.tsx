import type { Errors } from '@vedetta/client';
import { useServerNow } from '../api/server-clock.js';
import { formatCount } from '../format/format.js';
import { formatAgo, formatFullTime } from '../format/time.js';
import { Button } from '../ui/button.js';
import { setTerm } from '../url/filter-terms.js';
import { useUrlState } from '../url/use-search.js';

type ErrorGroup = Errors['groups'][number];

/** Errors of one cause together: what, how often, since when; opens the last one or filters all of them. */
export function ErrorGroups({ groups }: { groups: readonly ErrorGroup[] }) {
  const nowMs = useServerNow(10_000);
  const [{ q = '' }, change] = useUrlState();
  return (
    <ul className="flex flex-col divide-y divide-line" data-testid="error-groups">
      {groups.map((group) => (
        <li key={group.fingerprint} className="flex items-start gap-3 px-4 py-2.5 text-[13px]">
          <span className="tabular min-w-10 rounded bg-bad-soft px-1.5 py-px text-center font-semibold text-bad">
            {formatCount(group.count)}
          </span>
          <div className="min-w-0 flex-1">
            <p className="foreign line-clamp-2">
              {group.error_type !== '' && <bdi className="font-semibold">{group.error_type}</bdi>}{' '}
              <bdi>{group.error_message.slice(0, 500)}</bdi>
            </p>
            <p className="text-xs text-soft">
              last <time title={formatFullTime(group.last_seen)}>{formatAgo(group.last_seen, nowMs)}</time>, first{' '}
              <time title={formatFullTime(group.first_seen)}>{formatAgo(group.first_seen, nowMs)}</time>
              {group.models.length > 0 && <bdi> · {group.models.join(', ').slice(0, 200)}</bdi>}
            </p>
          </div>
          <div className="flex shrink-0 gap-1 max-sm:flex-col">
            <Button look="quiet" onClick={() => change({ open: group.last_request_id, span: undefined })}>
              Last one
            </Button>
            <Button look="quiet" onClick={() => change({ q: setTerm(q, 'fingerprint', group.fingerprint) })}>
              Filter
            </Button>
          </div>
        </li>
      ))}
    </ul>
  );
}
