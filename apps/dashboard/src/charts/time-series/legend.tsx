import type { MouseEvent } from 'react';
import { useState } from 'react';
import { formatCount } from '../../format/format.js';
import { cx } from '../../ui/class-names.js';
import type { ChartModel, ModelSeries } from './chart-model.js';
import { formatUnit } from './format-unit.js';
import { FIGURE_NAMES, seriesFigures } from './series-figures.js';
import type { ChartSeries, SeriesFigure } from './types.js';

/** More names come on demand. */
const SHOWN = 100;

interface LegendProps {
  readonly series: readonly ChartSeries[];
  readonly model: ChartModel;
  readonly hidden: ReadonlySet<string>;
  readonly look: 'list' | 'table';
  readonly figures: readonly SeriesFigure[];
  readonly unit?: string;
  readonly decimals?: number;
  readonly onHiddenChange: (hidden: ReadonlySet<string>) => void;
  readonly onHighlight: (index: number | undefined) => void;
}

/** Names of the series. A click shows one alone and again all; with Ctrl, Cmd or Shift it hides or shows this one. */
export function Legend(props: LegendProps) {
  const { model, hidden } = props;
  const [all, setAll] = useState(false);
  const entries = all ? model.series : model.series.slice(0, SHOWN);
  const choose = (id: string) => (event: MouseEvent) => {
    const toggles = event.ctrlKey || event.metaKey || event.shiftKey;
    props.onHiddenChange(toggles ? toggled(hidden, id) : alone(model.series, hidden, id));
  };
  const bind = (entry: ModelSeries, index: number) => ({
    entry,
    onClick: choose(entry.id),
    onPointerEnter: () => props.onHighlight(entry.shown ? index : undefined),
    onPointerLeave: () => props.onHighlight(undefined),
  });
  return (
    <div className="mt-1 max-h-44 overflow-auto text-xs" data-testid="legend">
      {props.look === 'list' && props.figures.length === 0 ? (
        <ul className="flex flex-wrap gap-x-3">
          {entries.map((entry, index) => (
            <li key={entry.id} className="max-w-full min-w-0">
              <Entry {...bind(entry, index)} />
            </li>
          ))}
        </ul>
      ) : (
        <table className="w-full">
          <thead>
            <tr className="text-soft">
              <th scope="col" className="text-left font-medium">
                Series
              </th>
              {props.figures.map((figure) => (
                <th key={figure} scope="col" className="pl-3 text-right font-medium">
                  {FIGURE_NAMES[figure]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.map((entry, index) => {
              const figures = seriesFigures(props.series[index] ?? { values: [] });
              return (
                <tr key={entry.id}>
                  <td className="w-full max-w-0">
                    <Entry {...bind(entry, index)} />
                  </td>
                  {props.figures.map((figure) => (
                    <td key={figure} className="tabular pl-3 text-right whitespace-nowrap">
                      {formatUnit(figures[figure], props.unit, props.decimals)}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {model.series.length > entries.length && (
        <button type="button" className="text-accent underline" onClick={() => setAll(true)}>
          Show all {formatCount(model.series.length)}
        </button>
      )}
    </div>
  );
}

function Entry(props: {
  entry: ModelSeries;
  onClick: (event: MouseEvent) => void;
  onPointerEnter: () => void;
  onPointerLeave: () => void;
}) {
  const { entry, ...handlers } = props;
  return (
    <button
      type="button"
      aria-pressed={entry.shown}
      title={`${entry.name}\nClick: only this one. Ctrl or Shift and click: hide or show it.`}
      className="flex max-w-full min-w-0 items-center gap-1.5 rounded px-0.5 py-0.5 hover:bg-sunken"
      {...handlers}
    >
      <span
        aria-hidden="true"
        className={cx('size-2.5 shrink-0 rounded-sm', !entry.shown && 'opacity-30')}
        style={{ background: entry.color }}
      />
      <bdi className={cx('truncate', !entry.shown && 'text-soft line-through')}>{entry.name}</bdi>
    </button>
  );
}

function toggled(hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(hidden);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** All but one hidden; none when that is so already. */
function alone(series: readonly ModelSeries[], hidden: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const others = series.filter((one) => one.id !== id);
  const isAlone = !hidden.has(id) && others.every((one) => hidden.has(one.id));
  return new Set(isAlone ? [] : others.map((one) => one.id));
}
