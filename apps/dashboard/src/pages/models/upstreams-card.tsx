import type { Upstream } from '@vedetta/client';
import { formatCompact, formatCount, formatDuration, formatShare } from '../../format/format.js';
import { Card } from '../../ui/card.js';
import { EmptyState } from '../../ui/states.js';
import { AvailabilityBadge } from './availability-badge.js';

/** The addresses where models are served, with what their latest checks found. */
export function UpstreamsCard({ upstreams }: { upstreams: readonly Upstream[] }) {
  const asked = upstreams.filter(({ state }) => state !== 'unchecked');
  const others = upstreams.filter(({ state }) => state === 'unchecked');
  return (
    <Card title="Upstreams" aside="Checked without spending tokens">
      {upstreams.length === 0 ? (
        <EmptyState title="No upstream is configured">
          Name one with <code>gateway.upstreams.NAME.url</code> in the configuration.
        </EmptyState>
      ) : (
        <>
          <UpstreamList upstreams={asked} />
          {others.length > 0 && (
            <details className="mt-2 text-[13px]">
              <summary className="cursor-pointer text-soft">
                {formatCount(others.length)} {others.length === 1 ? 'is' : 'are'} not asked
              </summary>
              <div className="mt-2">
                <UpstreamList upstreams={others} />
              </div>
            </details>
          )}
        </>
      )}
    </Card>
  );
}

function UpstreamList({ upstreams }: { upstreams: readonly Upstream[] }) {
  return (
    <ul className="grid gap-2 md:grid-cols-2 xl:grid-cols-3">
      {upstreams.map((upstream) => (
        <li key={upstream.name} className="flex min-w-0 flex-col gap-1 rounded-md border border-line p-3 text-[13px]">
          <span className="flex items-center gap-2">
            <bdi className="truncate font-medium">{upstream.name}</bdi>
            <AvailabilityBadge state={upstream.state} />
            <span className="tabular ml-auto shrink-0 text-xs text-soft">
              {upstream.state === 'reachable' && formatDuration(upstream.response_ms)}
            </span>
          </span>
          <code className="foreign text-xs text-soft">{upstream.url || 'no address configured'}</code>
          {upstream.listed_models !== null && (
            <span className="text-xs text-soft">
              {formatCount(upstream.listed_models)} {upstream.listed_models === 1 ? 'model' : 'models'}
            </span>
          )}
          {upstream.reason !== '' && <span className="foreign text-xs text-soft">{upstream.reason}</span>}
          {upstream.load !== null && <Load load={upstream.load} />}
        </li>
      ))}
    </ul>
  );
}

function Load({ load }: { load: NonNullable<Upstream['load']> }) {
  const facts: readonly (readonly [string, number | null, (value: number) => string])[] = [
    ['running', load.running_requests, formatCount],
    ['waiting', load.waiting_requests, formatCount],
    ['cache used', load.cache_usage, formatShare],
    ['tokens in', load.prompt_tokens_total, formatCompact],
    ['tokens out', load.generated_tokens_total, formatCompact],
  ];
  return (
    <dl className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      {facts.map(
        ([name, value, format]) =>
          value !== null && (
            <div key={name} className="flex gap-1">
              <dt className="text-soft">{name}</dt>
              <dd className="tabular font-medium">{format(value)}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
