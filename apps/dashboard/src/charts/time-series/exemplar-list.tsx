import { useState } from 'react';
import { formatCount } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { ScrolledTable } from '../scrolled-table.js';
import { RequestLink } from './exemplar-link.js';
import type { ShownExemplar } from './exemplars.js';
import { traceOf } from './exemplars.js';
import { formatUnit } from './format-unit.js';

interface ListProps {
  /** Ascending by time. */
  readonly exemplars: readonly ShownExemplar[];
  /** How many there are, with those that are not shown. */
  readonly total: number;
  readonly label: string;
  readonly unit?: string;
  readonly decimals?: number;
  /** Key of the one whose row is pointed at or has the focus. */
  readonly onActive: (key: string | undefined) => void;
}

/** The points of the exemplars as a list, latest first, each with the way to its request. */
export function ExemplarList(props: ListProps) {
  const [open, setOpen] = useState(false);
  const { exemplars, total } = props;
  return (
    <details className="min-w-0 text-xs open:basis-full" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-soft">
        {exemplars.length === total
          ? `Exemplars (${formatCount(total)})`
          : `Exemplars (the ${formatCount(exemplars.length)} highest of ${formatCount(total)})`}
      </summary>
      {open && <Rows {...props} />}
    </details>
  );
}

function Rows({ exemplars, label, unit, decimals, onActive }: ListProps) {
  return (
    <ScrolledTable label={`${label}: exemplars`} heads={['Time', 'Value', 'Series', 'Labels', 'Request']}>
      {[...exemplars].reverse().map((exemplar) => {
        const traceId = traceOf(exemplar.labels);
        return (
          <tr
            key={exemplar.key}
            className="border-t border-line align-top hover:bg-sunken"
            onPointerEnter={() => onActive(exemplar.key)}
            onPointerLeave={() => onActive(undefined)}
            onFocus={() => onActive(exemplar.key)}
            onBlur={() => onActive(undefined)}
          >
            <td className="py-1 pr-3 whitespace-nowrap">{formatFullTime(new Date(exemplar.timeMs).toISOString())}</td>
            <td className="py-1 pr-3 whitespace-nowrap">{formatUnit(exemplar.value, unit, decimals)}</td>
            <td className="foreign min-w-44 py-1 pr-3">{exemplar.series}</td>
            <td className="foreign min-w-60 py-1 pr-3 font-mono text-[11px]">
              {Object.entries(exemplar.labels)
                .map(([name, value]) => `${name}=${value}`)
                .join(', ')}
            </td>
            <td className="py-1 pr-3 whitespace-nowrap">
              {traceId === undefined ? (
                <span className="text-soft">no trace</span>
              ) : (
                <RequestLink traceId={traceId} className="text-accent underline">
                  Open <span className="font-mono text-[11px]">{traceId.slice(0, 8)}</span>
                </RequestLink>
              )}
            </td>
          </tr>
        );
      })}
    </ScrolledTable>
  );
}
