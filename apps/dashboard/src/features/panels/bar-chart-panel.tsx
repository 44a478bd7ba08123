import { seriesColor } from '../../charts/time-series/series-colors.js';
import type { Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { configOf, displayName, presentValue } from '../../grafana/present-value.js';
import { fieldName } from '../../grafana/transform.js';
import { cx } from '../../ui/class-names.js';
import type { PanelSize } from './panel-size.js';

/** Categories with a bar for each column of figures, beside each other or stacked. */
export function BarChartPanel({ panel, frames, size }: { panel: Panel; frames: readonly Frame[]; size: PanelSize }) {
  const [frame] = frames;
  if (frame === undefined) return null;
  const { xField, stacking, orientation } = panel.options;
  const category =
    frame.fields.find((field) => xField !== '' && fieldName(field) === xField) ??
    frame.fields.find(({ kind }) => kind === 'text') ??
    frame.fields.find(({ kind }) => kind === 'time');
  const columns = frame.fields
    .filter((field) => field.kind === 'number' && field !== category)
    .map((field, i) => ({ field, config: configOf(panel, field, frame.refId), color: seriesColor(i) }));
  const count = frame.fields[0]?.values.length ?? 0;
  const figure = (c: number, row: number) => {
    const value = columns[c]?.field.values[row];
    return typeof value === 'number' && Number.isFinite(value) ? value : 0;
  };
  const rows = Array.from({ length: Math.min(count, 200) }, (_, row) => ({
    row,
    name: String(category?.values[row] ?? row + 1),
    sum: columns.reduce((total, _, c) => total + Math.max(0, figure(c, row)), 0),
  }));
  const stacked = stacking !== 'none';
  const most = Math.max(
    1e-12,
    ...rows.map(({ row, sum }) => (stacked ? sum : Math.max(...columns.map((_, c) => figure(c, row)), 0))),
  );
  const upright = orientation === 'vertical' || (orientation === 'auto' && rows.length <= size.width / 50);
  return (
    <div className="flex h-full min-h-0 flex-col gap-1 text-xs">
      <ul className={cx('flex min-h-0 flex-1', upright ? 'items-stretch gap-2' : 'flex-col justify-around gap-1')}>
        {rows.map(({ row, name, sum }) => (
          <li
            key={name}
            className={cx('flex min-w-0', upright ? 'flex-1 flex-col items-center gap-1' : 'items-center gap-2')}
          >
            {!upright && (
              <span className="foreign w-[36%] max-w-40 truncate text-right text-soft" title={name}>
                {name}
              </span>
            )}
            <span
              className={cx(
                'flex min-h-0 min-w-0 flex-1',
                upright ? 'w-full items-end' : 'items-stretch',
                stacked ? (upright ? 'flex-col-reverse justify-start' : '') : upright ? 'gap-px' : 'flex-col gap-px',
              )}
            >
              {columns.map(({ field, config, color }, c) => {
                const value = figure(c, row);
                const whole = stacked && stacking === 'percent' ? sum || 1 : most;
                const length = `${(Math.max(0, value) / whole) * 100}%`;
                const label = `${name}, ${displayName(field, config)}: ${presentValue(value, config).text}`;
                return (
                  <span
                    key={fieldName(field)}
                    role="img"
                    aria-label={label}
                    title={label}
                    className={cx('min-h-px min-w-px', upright ? (stacked ? 'w-full' : 'flex-1') : 'h-4')}
                    style={{ background: color, ...(upright ? { height: length } : { width: length }) }}
                  />
                );
              })}
            </span>
            {upright ? (
              <span className="foreign line-clamp-1 max-w-full text-soft" title={name}>
                {name}
              </span>
            ) : (
              stacked && (
                <span className="tabular w-14 text-right">{presentValue(sum, columns[0]?.config ?? {}).text}</span>
              )
            )}
          </li>
        ))}
      </ul>
      {columns.length > 1 && (
        <p className="flex flex-wrap gap-x-3 text-soft">
          {columns.map(({ field, config, color }) => (
            <span key={fieldName(field)} className="inline-flex items-center gap-1.5">
              <span aria-hidden="true" className="size-2.5 rounded-sm" style={{ background: color }} />
              <span className="foreign">{displayName(field, config)}</span>
            </span>
          ))}
        </p>
      )}
    </div>
  );
}
