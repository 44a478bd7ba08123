import { useQuery } from '@tanstack/react-query';
import type { Distribution } from '@vedetta/client';
import { distributionQuery } from '../../api/queries.js';
import { formatCount, formatDuration, formatShare } from '../../format/format.js';
import { Bar, categoryColor } from '../../ui/bar.js';
import { Card } from '../../ui/card.js';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.js';
import { setTerm } from '../../url/filter-terms.js';
import { useScope, useUrlState } from '../../url/use-search.js';

const SHOWN = 6;

/** Orders of the rows, by what the URL calls them; the first is the default. */
const ORDERS = [
  { id: 'count', label: 'most requests', of: (row: Row) => row.count },
  { id: 'mean', label: 'slowest', of: (row: Row) => row.duration.mean_ms ?? 0 },
  { id: 'failed', label: 'most failed', of: (row: Row) => row.failed },
  { id: 'tokens', label: 'most tokens', of: (row: Row) => row.input_tokens + row.output_tokens },
] as const;

type Row = Distribution['rows'][number];

/** Share and mean duration of requests by one property; a click filters. */
export function DistributionCard({ by, title }: { by: 'model' | 'modality'; title: string }) {
  const scope = useScope();
  const [{ q = '', sort }, change] = useUrlState();
  const { data, isError, error, refetch } = useQuery(distributionQuery(by, scope));
  const order = ORDERS.find(({ id }) => id === sort) ?? ORDERS[0];
  const rows = (data?.rows ?? []).toSorted((a, b) => order.of(b) - order.of(a));
  return (
    <Card
      title={title}
      aside={
        <label className="flex items-center gap-2">
          {rows.length > SHOWN && `${SHOWN} of ${rows.length}`}
          <span className="sr-only">Order of {title.toLowerCase()}</span>
          <select
            value={order.id}
            onChange={(event) =>
              change({ sort: event.target.value === 'count' ? undefined : event.target.value }, { replace: true })
            }
            className="rounded border border-line bg-surface px-1 py-0.5"
          >
            {ORDERS.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      }
    >
      {isError && data === undefined ? (
        <ErrorState error={error} retry={() => void refetch()} />
      ) : data === undefined ? (
        <SkeletonRows rows={3} />
      ) : rows.length === 0 ? (
        <EmptyState title="Nothing to show" />
      ) : (
        <ul className="flex flex-col gap-1" data-testid={`distribution-${by}`}>
          {rows.slice(0, SHOWN).map((row, i) => (
            <li key={row.value}>
              <button
                type="button"
                onClick={() => change({ q: setTerm(q, by, row.value) })}
                title={`Only ${by} ${row.value.slice(0, 300) || 'unknown'}`}
                className="w-full rounded-md px-1.5 py-1 text-left text-[13px] hover:bg-sunken"
              >
                <span className="flex items-baseline justify-between gap-3">
                  <bdi className="truncate font-medium">{row.value.slice(0, 300) || 'unknown'}</bdi>
                  <span className="tabular shrink-0 text-xs text-soft">
                    <span className="text-ink">{formatCount(row.count)}</span> · {formatShare(row.share)} · mean{' '}
                    {formatDuration(row.duration.mean_ms)}
                    {row.failed > 0 && <span className="text-bad"> · {formatCount(row.failed)} failed</span>}
                  </span>
                </span>
                <Bar value={row.share} color={categoryColor(i)} className="mt-1" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
