import { formatFullTime } from '../../format/time.js';
import type { ChartModel } from './chart-model.js';
import type { Hovered } from './chart-options.js';
import { formatUnit } from './format-unit.js';

const MAX_ROWS = 10;

/** The values at the pointer, largest first; the series it is nearest to stands out. Decoration: the table says all of it. */
export function ChartTooltip(props: { model: ChartModel; hovered: Hovered; unit?: string; decimals?: number }) {
  const { model, hovered } = props;
  const timeMs = model.times[hovered.index];
  const rows = rowsAt(model, hovered);
  if (timeMs === undefined || rows.length === 0) return null;
  const shown = rows.slice(0, MAX_ROWS);
  const nearest = rows.find(({ index }) => index === hovered.nearest);
  if (nearest !== undefined && !shown.includes(nearest)) shown[MAX_ROWS - 1] = nearest;
  return (
    <div aria-hidden="true" data-testid="chart-tooltip" className="pointer-events-none absolute inset-0 z-10">
      <div
        className="absolute w-max max-w-[min(28rem,60%)] rounded-md border border-line bg-surface px-2.5 py-1.5 text-xs shadow-lg"
        style={toPlace(hovered)}
      >
        <p className="tabular pb-1 text-soft">{formatFullTime(new Date(timeMs).toISOString())}</p>
        {shown.map(({ index, value }) => (
          <p key={index} className={`flex items-center gap-2 ${index === hovered.nearest ? 'font-semibold' : ''}`}>
            <span
              className="size-2.5 shrink-0 rounded-sm"
              style={{ background: model.series[index]?.color ?? 'var(--ink)' }}
            />
            <bdi className="min-w-0 truncate">{model.series[index]?.name}</bdi>
            <span className="tabular ml-auto pl-3">{formatUnit(value, props.unit, props.decimals)}</span>
          </p>
        ))}
        {rows.length > shown.length && <p className="text-soft">and {rows.length - shown.length} more</p>}
      </div>
    </div>
  );
}

function rowsAt(model: ChartModel, { index: at }: Hovered): { index: number; value: number }[] {
  return model.values
    .flatMap((column, index) => {
      const value = column[at];
      return typeof value === 'number' && model.series[index]?.shown === true ? [{ index, value }] : [];
    })
    .sort((a, b) => b.value - a.value || a.index - b.index);
}

/** Beside the pointer, on the side with more room. */
function toPlace({ left, top, width }: Hovered): Record<string, string | number> {
  return { top: top + 14, ...(left < width / 2 ? { left: left + 14 } : { right: width - left + 14 }) };
}
