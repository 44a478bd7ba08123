import { useMemo, useState } from 'react';
import { UNKNOWN } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import type { Field, Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { configOf, displayName, presentValue } from '../../grafana/present-value.js';
import { compareValues, merge } from '../../grafana/transform.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { readable } from './stat-panel.js';

const MAX_ROWS = 1000;

/** Rows and columns, ordered by a click on a head. */
export function TablePanel({ panel, frames }: { panel: Panel; frames: readonly Frame[] }) {
  const [order, setOrder] = useState(panel.options.sortBy[0]);
  const frame = useMemo(() => wholeTable(frames), [frames]);
  const columns = useMemo(
    () =>
      frame.fields
        .map((field) => ({ field, config: configOf(panel, field, frame.refId) }))
        .filter(({ config }) => config.hidden !== true)
        .map((column) => ({ ...column, head: displayName(column.field, column.config) })),
    [frame, panel],
  );
  const by = columns.find(({ head }) => head === order?.name);
  const rows = useMemo(() => {
    const count = frame.fields[0]?.values.length ?? 0;
    const all = Array.from({ length: count }, (_, i) => i);
    if (by === undefined) return all.slice(0, MAX_ROWS);
    const value = (i: number) => by.field.values[i] ?? null;
    return all.toSorted((a, b) => compareValues(value(a), value(b), order?.descending === true)).slice(0, MAX_ROWS);
  }, [frame, by, order]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
    <div className="h-full overflow-auto" role="region" aria-label={panel.title || 'Table'} tabIndex={0}>
      <table className="w-full text-xs">
        {panel.options.showHeader && (
          <thead className="sticky top-0 bg-surface">
            <tr className="border-b border-line text-soft">
              {columns.map(({ field, head }) => (
                <th
                  key={head}
                  scope="col"
                  aria-sort={by?.head === head ? (order?.descending === true ? 'descending' : 'ascending') : 'none'}
                  className={cx('px-2 py-1 font-medium', field.kind === 'number' ? 'text-right' : 'text-left')}
                >
                  <button
                    type="button"
                    className="inline-flex items-center gap-1 whitespace-nowrap hover:text-ink"
                    onClick={() =>
                      setOrder({
                        name: head,
                        descending: order?.name === head ? !order.descending : field.kind === 'number',
                      })
                    }
                  >
                    <bdi>{head}</bdi>
                    {by?.head === head && <Icon name={order?.descending === true ? 'down' : 'up'} size={11} />}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row) => (
            <tr key={row} className="border-b border-line last:border-0">
              {columns.map(({ field, config, head }) => {
                const { text, color } = presentCell(field, row, config);
                return (
                  <td
                    key={head}
                    className={cx('foreign px-2 py-1', field.kind === 'number' ? 'tabular text-right' : 'text-left')}
                    style={color === undefined ? {} : { color: readable(color) }}
                  >
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {(frame.fields[0]?.values.length ?? 0) > MAX_ROWS && (
        <p className="p-2 text-xs text-soft">The first {MAX_ROWS} rows are shown.</p>
      )}
    </div>
  );
}

function presentCell(field: Field, row: number, config: ReturnType<typeof configOf>) {
  const value = field.values[row] ?? null;
  if (field.kind === 'time') {
    return {
      text: typeof value === 'number' ? formatFullTime(new Date(value).toISOString()) : UNKNOWN,
      color: undefined,
    };
  }
  const shown = presentValue(value, config);
  // Colours of cells are only those somebody chose: a table in the default's green says nothing.
  const chosen = config.thresholds !== undefined || config.mappings !== undefined;
  return { text: shown.text, color: field.kind === 'number' && chosen ? shown.color : undefined };
}

/** Series as rows of their latest values, tables as they are; several become one. */
function wholeTable(frames: readonly Frame[]): Frame {
  const [first] = frames;
  if (first === undefined) return { refId: '', fields: [] };
  if (frames.length === 1) return first;
  const tables = frames.every(({ fields }) => fields.some(({ kind }) => kind === 'text') || fields.length !== 2);
  return (tables ? merge(frames) : merge(frames.map(toRow)))[0] ?? first;
}

/** A series as one row: its labels, and the value it had last. */
function toRow({ refId, fields }: Frame): Frame {
  const value = fields.find(({ kind }) => kind === 'number');
  if (value === undefined) return { refId, fields };
  const plain = { labels: {}, legend: '' };
  const last = value.values.findLast((one) => one !== null) ?? null;
  const labels = Object.entries(value.labels).filter(([name]) => name !== '__name__');
  return {
    refId,
    fields: [
      ...(labels.length === 0 || value.legend !== ''
        ? [{ ...plain, name: 'Series', kind: 'text' as const, values: [value.legend || value.name] }]
        : labels.map(([name, text]) => ({ ...plain, name, kind: 'text' as const, values: [text] }))),
      { ...plain, name: `Value #${refId}`, kind: 'number', values: [last] },
    ],
  };
}
