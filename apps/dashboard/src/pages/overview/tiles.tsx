import { Link } from '@tanstack/react-router';
import type { Stats } from '@vedetta/client';
import type { ReactNode } from 'react';
import { formatCompact, formatCost, formatCount, formatDuration, formatShare } from '../../format/format.js';
import { Skeleton } from '../../ui/states.js';
import { addCondition, setTerms } from '../../url/filter-terms.js';
import { keepScope } from '../../url/search.js';
import { useUrlState } from '../../url/use-search.js';

interface Tile {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly note?: ReactNode;
  readonly tone?: 'bad';
}

const TILE_IDS = ['total', 'success', 'mean', 'p50', 'p95', 'ttft', 'tokens', 'cost'] as const;

/** The figures of the chosen requests. */
export function Tiles({ stats }: { stats: Stats | undefined }) {
  return (
    <dl className="grid grid-cols-2 gap-2 sm:grid-cols-4 xl:grid-cols-8" data-testid="tiles">
      {stats === undefined
        ? TILE_IDS.map((id) => <Skeleton key={id} className="h-20" />)
        : toTiles(stats).map((tile) => (
            <div key={tile.id} data-tile={tile.id} className="rounded-lg border border-line bg-surface px-3 py-2.5">
              <dt className="text-xs text-soft">{tile.label}</dt>
              <dd className={`tabular text-xl font-semibold ${tile.tone === 'bad' ? 'text-bad' : ''}`}>{tile.value}</dd>
              {tile.note !== undefined && <dd className="tabular text-xs text-soft">{tile.note}</dd>}
            </div>
          ))}
    </dl>
  );
}

function FailedLink({ count }: { count: number }) {
  const [{ q = '' }, change] = useUrlState();
  return (
    <button
      type="button"
      onClick={() => change({ q: setTerms(q, 'status', ['failed', 'timeout']) })}
      className="text-bad underline decoration-dotted"
    >
      {formatCount(count)} failed
    </button>
  );
}

function toTiles(stats: Stats): readonly Tile[] {
  const { duration, time_to_first_token: ttft } = stats;
  const wrong = stats.failed + stats.timeout;
  return [
    { id: 'total', label: 'Requests', value: formatCount(stats.total), note: `${formatCount(stats.active)} active` },
    {
      id: 'success',
      label: 'Success rate',
      value: formatShare(stats.success_rate),
      note: wrong === 0 ? 'none failed' : <FailedLink count={wrong} />,
      ...(stats.success_rate !== null && stats.success_rate < 0.9 && { tone: 'bad' as const }),
    },
    {
      id: 'mean',
      label: 'Mean duration',
      value: formatDuration(duration.mean_ms),
      note: `max ${formatDuration(duration.max_ms)}`,
    },
    { id: 'p50', label: 'p50', value: formatDuration(duration.p50_ms) },
    { id: 'p95', label: 'p95', value: formatDuration(duration.p95_ms), note: `p99 ${formatDuration(duration.p99_ms)}` },
    {
      id: 'ttft',
      label: 'First token p95',
      value: formatDuration(ttft.p95_ms),
      note: `p50 ${formatDuration(ttft.p50_ms)}`,
    },
    {
      id: 'tokens',
      label: 'Tokens',
      value: `${stats.usage_estimated_requests > 0 ? '~' : ''}${formatCompact(stats.total_tokens)}`,
      note: (
        <span
          title={[
            `${formatCount(stats.input_tokens)} in, ${formatCount(stats.output_tokens)} out`,
            stats.usage_estimated_requests > 0 && `estimated in ${countOf(stats.usage_estimated_requests, 'request')}`,
          ]
            .filter(Boolean)
            .join('; ')}
        >
          {formatCompact(stats.input_tokens)} in, {formatCompact(stats.output_tokens)} out
        </span>
      ),
    },
    hasCost(stats) ? costTile(stats) : usersTile(stats),
  ];
}

/** Calls without a price cost something too: then there is a cost, and it is not known. */
function hasCost({ cost_usd, unpriced_calls }: Stats): boolean {
  return cost_usd !== null || unpriced_calls > 0;
}

function costTile(stats: Stats): Tile {
  const { cost_usd, unpriced_calls, cost_estimated_requests } = stats;
  return {
    id: 'cost',
    label: 'Cost',
    value: `${cost_estimated_requests > 0 ? '~' : ''}${formatCost(cost_usd)}`,
    note: (
      <>
        {unpriced_calls > 0 && (
          <RequestsLink condition="unpriced:>0">{countOf(unpriced_calls, 'call')} without a price</RequestsLink>
        )}
        {cost_estimated_requests > 0 && (
          <RequestsLink
            condition="estimated:true"
            title={`${countOf(cost_estimated_requests, 'request')} with a cost that rests on estimated tokens`}
          >
            {formatCount(cost_estimated_requests)} estimated
          </RequestsLink>
        )}
        {unpriced_calls === 0 && cost_estimated_requests === 0 && countOf(stats.users, 'user')}
      </>
    ),
  };
}

function usersTile(stats: Stats): Tile {
  return {
    id: 'users',
    label: 'Users',
    value: formatCount(stats.users),
    note: countOf(stats.sessions, 'session'),
  };
}

/** Leads to the requests of the range and filter that a condition finds. */
function RequestsLink({ condition, title, children }: { condition: string; title?: string; children: ReactNode }) {
  const [search] = useUrlState();
  return (
    <Link
      to="/requests"
      search={{ ...keepScope(search), q: addCondition(search.q ?? '', condition) } as never}
      title={title}
      className="block w-fit text-warn underline decoration-dotted"
    >
      {children}
    </Link>
  );
}

function countOf(count: number, what: string): string {
  return `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`;
}
