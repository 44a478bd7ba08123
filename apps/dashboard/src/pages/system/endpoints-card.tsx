import { useQuery } from '@tanstack/react-query';
import { formatUnit } from '../../charts/time-series/format-unit.js';
import { formatCount, formatShare } from '../../format/format.js';
import { Card } from '../../ui/card.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.js';
import { DEFAULT_RANGE, RANGE_PRESETS, rangeLabel } from '../../url/time-range.js';
import { useUrlState } from '../../url/use-search.js';
import type { EndpointColumn } from './endpoint-columns.js';
import { ENDPOINT_COLUMNS, sortEndpoints } from './endpoint-columns.js';
import { endpointsQuery } from './system-queries.js';

const HOUR_MS = 3_600_000;
const DEFAULT_ORDER = 'count';
const [FIRST_COLUMN] = ENDPOINT_COLUMNS;

/** What HTTP servers answered, by endpoint. Always up to now: a zoom into the charts leaves it as it is. */
export function EndpointsCard({ live }: { live: boolean }) {
  const [{ range = DEFAULT_RANGE, from, sort = DEFAULT_ORDER }, change] = useUrlState();
  const hours = (RANGE_PRESETS.find(({ value }) => value === range)?.ms ?? 24 * HOUR_MS) / HOUR_MS;
  const { data, isError, error, refetch } = useQuery(endpointsQuery(hours, live));
  const column = ENDPOINT_COLUMNS.find(({ id }) => id === sort) ?? FIRST_COLUMN;
  return (
    <Card title="Endpoints" flush aside={`${rangeLabel(range)}${from === undefined ? '' : ', not the chosen range'}`}>
      {isError && data === undefined ? (
        <div className="p-4">
          <ErrorState error={error} retry={() => void refetch()} />
        </div>
      ) : data === undefined ? (
        <div className="px-4">
          <SkeletonRows rows={5} label="Loading the endpoints" />
        </div>
      ) : data.api.endpoints.length === 0 ? (
        <EmptyState title="No HTTP request was recorded in this time">
          Spans of HTTP servers are shown here: those of the SDK's integrations, and of any OpenTelemetry
          instrumentation.
        </EmptyState>
      ) : (
        <>
          <p className="tabular px-4 pb-1 text-xs text-soft" data-testid="endpoints-sum">
            {formatCount(data.api.requests)} requests, {formatUnit(data.api.requests_per_second, '/s')},{' '}
            {formatShare(data.api.errors / data.api.requests)} failed
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
          <div className="overflow-x-auto" role="region" aria-label="Endpoints" tabIndex={0}>
            <table className="w-full text-[13px]" data-testid="endpoints">
              <thead>
                <tr className="border-b border-line text-xs text-soft">
                  {ENDPOINT_COLUMNS.map((one) => (
                    <Head
                      key={one.id}
                      column={one}
                      sorted={one === column}
                      onSort={() => change({ sort: one.id === DEFAULT_ORDER ? undefined : one.id }, { replace: true })}
                    />
                  ))}
                </tr>
              </thead>
              <tbody>
                {sortEndpoints(data.api.endpoints, column as EndpointColumn).map((endpoint) => (
                  <tr
                    key={JSON.stringify([endpoint.method, endpoint.endpoint])}
                    className="border-b border-line align-top last:border-0 hover:bg-sunken"
                  >
                    {ENDPOINT_COLUMNS.map((one) => (
                      <td
                        key={one.id}
                        className={cx(
                          'px-3 py-2 first:min-w-48',
                          one.align === 'left' ? 'text-left' : 'tabular text-right whitespace-nowrap',
                        )}
                      >
                        {one.cell(endpoint, data.hours)}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Card>
  );
}

function Head({ column, sorted, onSort }: { column: EndpointColumn; sorted: boolean; onSort: () => void }) {
  const className = cx(
    'px-3 py-1.5 font-medium whitespace-nowrap',
    column.align === 'left' ? 'text-left' : 'text-right',
  );
  if (column.order === undefined) {
    return (
      <th scope="col" className={className} title={column.title}>
        {column.head}
      </th>
    );
  }
  const order = column.align === 'left' ? 'ascending' : 'descending';
  return (
    <th scope="col" aria-sort={sorted ? order : 'none'} className={className}>
      <button
        type="button"
        title={column.title}
        onClick={onSort}
        className={cx('inline-flex items-center gap-1 hover:text-ink', sorted && 'text-ink')}
      >
        {column.head}
        {sorted && <Icon name={order === 'ascending' ? 'up' : 'down'} size={12} />}
      </button>
    </th>
  );
}
