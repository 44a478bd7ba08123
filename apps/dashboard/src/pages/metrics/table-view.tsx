import { useMemo, useState } from 'react';
import type { PromData, PromSeries } from '../../api/prometheus.js';
import { seriesName } from '../../api/prometheus.js';
import { formatCount } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { Button } from '../../ui/button.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { EmptyState } from '../../ui/states.js';
import type { LabelColumns } from './table-rows.js';
import { labelColumns, sortRows } from './table-rows.js';

const PAGE_ROWS = 200;

/** The answer at one time, as it is: every series with its labels and its exact value. */
export function TableView({ data }: { data: PromData }) {
  if (data.type === 'scalar' || data.type === 'string') {
    return (
      <dl className="grid w-fit grid-cols-[auto_1fr] gap-x-4 font-mono text-[13px]">
        <dt className="text-soft">{data.type}</dt>
        <dd className="foreign">{String(data.value)}</dd>
      </dl>
    );
  }
  if (data.series.length === 0) {
    return <EmptyState title="No series">The query is sound, and nothing matches it at this time.</EmptyState>;
  }
  return <SeriesTable series={data.series} />;
}

function SeriesTable({ series }: { series: readonly PromSeries[] }) {
  const columns = useMemo(() => labelColumns(series), [series]);
  const [sort, setSort] = useState<string>();
  const [shown, setShown] = useState(PAGE_ROWS);
  const rows = useMemo(() => sortRows(series, sort), [series, sort]);
  const heads = [...columns.names, 'value'];
  return (
    <div className="min-w-0">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div className="max-h-[32rem] overflow-auto" role="region" aria-label="Series and values" tabIndex={0}>
        <table className="w-full text-left text-[13px]" data-testid="series-table">
          <thead className="sticky top-0 bg-surface">
            <tr className="border-b border-line text-xs text-soft">
              {heads.map((name) => (
                <th
                  key={name}
                  scope="col"
                  aria-sort={sort !== name ? 'none' : name === 'value' ? 'descending' : 'ascending'}
                  className={cx(
                    'py-1.5 pr-3 font-medium whitespace-nowrap',
                    name === 'value' && 'sticky right-0 bg-surface pl-3 text-right',
                  )}
                >
                  <button
                    type="button"
                    className={cx('inline-flex items-center gap-1 hover:text-ink', sort === name && 'text-ink')}
                    onClick={() => setSort(sort === name ? undefined : name)}
                  >
                    {name === 'value' ? 'Value' : <bdi>{name === '__name__' ? 'Metric' : name}</bdi>}
                    {sort === name && <Icon name={name === 'value' ? 'down' : 'up'} size={12} />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <Row key={seriesName(row.labels)} row={row} columns={columns} />
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <p className="flex items-center gap-3 pt-2 text-xs text-soft">
          {formatCount(shown)} of {formatCount(rows.length)} series
          <Button onClick={() => setShown(shown + PAGE_ROWS * 5)}>Show more</Button>
        </p>
      )}
    </div>
  );
}

function Row({ row, columns }: { row: PromSeries; columns: LabelColumns }) {
  return (
    <tr className="border-b border-line align-top last:border-0 hover:bg-sunken">
      {columns.names.map((name) => (
        <td
          key={name}
          className={cx(
            'foreign max-w-80 py-1.5 pr-3 font-mono text-xs',
            name === '__name__' ? 'min-w-44' : 'min-w-20',
          )}
        >
          {columns.whole && name === '__name__' ? seriesName(row.labels) : row.labels[name]}
        </td>
      ))}
      <td className="tabular sticky right-0 bg-surface py-1.5 pr-3 pl-3 text-right font-mono text-xs">
        <Values row={row} />
      </td>
    </tr>
  );
}

/** One value; those of a range with their times; of native histograms their count and sum. */
function Values({ row: { times, values, histograms } }: { row: PromSeries }) {
  if (times.length === 1 && histograms.length === 0) return <span className="select-all">{writeValue(values[0])}</span>;
  return (
    <ul>
      {times.map((timeMs, i) => (
        <li key={timeMs}>
          {writeValue(values[i])} <span className="text-soft">at {formatFullTime(new Date(timeMs).toISOString())}</span>
        </li>
      ))}
      {histograms.map(({ timeMs, count, sum }) => (
        <li key={`h${timeMs}`}>
          count {writeValue(count)}, sum {writeValue(sum)}
        </li>
      ))}
    </ul>
  );
}

function writeValue(value: number | undefined): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
