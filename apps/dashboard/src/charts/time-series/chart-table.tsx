import { useState } from 'react';
import { formatCount } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { ScrolledTable } from '../scrolled-table.js';
import { seriesIds } from './chart-model.js';
import { formatUnit } from './format-unit.js';
import { FIGURE_NAMES, seriesFigures } from './series-figures.js';
import type { ChartSeries, SeriesFigure } from './types.js';

const MAX_SERIES = 500;
const MAX_POINTS = 2_000;
const FIGURES: readonly SeriesFigure[] = ['last', 'min', 'max', 'mean'];

interface TableProps {
  readonly series: readonly ChartSeries[];
  readonly label: string;
  readonly unit?: string;
  readonly decimals?: number;
}

/** The chart's figures for readers of text: every series summed up, and each point of the one that is chosen. */
export function ChartTable(props: TableProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="min-w-0 text-xs open:basis-full" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit cursor-pointer text-soft">Show as table</summary>
      {open && <Tables {...props} />}
    </details>
  );
}

function Tables({ series, label, unit, decimals }: TableProps) {
  const [chosen, setChosen] = useState('');
  const format = (value: number | null) => formatUnit(value, unit, decimals);
  const listed = series.slice(0, MAX_SERIES);
  const ids = seriesIds(listed);
  const at = Math.max(0, ids.indexOf(chosen));
  const points = listed[at];
  if (points === undefined) return <p className="py-1 text-soft">No series</p>;
  return (
    <div className="grid gap-3 py-1 lg:grid-cols-[3fr_2fr]">
      <ScrolledTable
        label={`${label}: series`}
        heads={['Series', 'Points', ...FIGURES.map((figure) => FIGURE_NAMES[figure])]}
      >
        {listed.map((one, i) => {
          const figures = seriesFigures(one);
          return (
            <tr key={ids[i]} className="border-t border-line align-top">
              <td className="foreign py-1 pr-3">{one.name}</td>
              <td className="pr-3">{formatCount(figures.points)}</td>
              {FIGURES.map((figure) => (
                <td key={figure} className="pr-3 whitespace-nowrap">
                  {format(figures[figure])}
                </td>
              ))}
            </tr>
          );
        })}
      </ScrolledTable>
      <div className="min-w-0">
        <label className="flex min-w-0 items-center gap-2 pb-1">
          <span className="shrink-0">Points of</span>
          <select
            value={ids[at]}
            onChange={(event) => setChosen(event.target.value)}
            className="h-7 min-w-0 rounded border border-line-strong bg-surface px-1"
          >
            {listed.map((one, i) => (
              <option key={ids[i]} value={ids[i]}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <ScrolledTable label={`${label}: points`} heads={['Time', 'Value']}>
          {points.times.slice(-MAX_POINTS).map((timeMs, i, times) => (
            <tr key={timeMs} className="border-t border-line">
              <td className="py-0.5 pr-3">{formatFullTime(new Date(timeMs).toISOString())}</td>
              <td>{format(points.values[points.times.length - times.length + i] ?? null)}</td>
            </tr>
          ))}
        </ScrolledTable>
      </div>
    </div>
  );
}
