import type { Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { shareOf } from '../../grafana/present-value.js';
import { cx } from '../../ui/class-names.js';
import type { PanelSize } from './panel-size.js';
import { scaleOf, shownValues } from './shown-values.js';

/** Figures as bars beside each other, all on one scale. */
export function BarGaugePanel({ panel, frames, size }: { panel: Panel; frames: readonly Frame[]; size: PanelSize }) {
  const values = shownValues(frames, panel);
  const scale = scaleOf(values);
  const upright = panel.options.orientation === 'vertical';
  const line = Math.max(upright ? 0 : 15, Math.min(40, (size.height - values.length) / Math.max(1, values.length)));
  return (
    <ul className={cx('flex h-full min-h-0', upright ? 'flex-row items-end gap-2' : 'flex-col gap-px')}>
      {values.map(({ key, name, text, value, color, config }) => {
        const length = `${(typeof value === 'number' ? shareOf(value, scale.min, scale.max) : 0) * 100}%`;
        // A scale of colours runs over the values that there are.
        const fill = config.color?.mode.startsWith('continuous-') === true ? ramp(value, scale) : color;
        return upright ? (
          <li key={key} className="flex h-full min-w-0 flex-1 flex-col items-center justify-end gap-1 text-xs">
            <span className="tabular">{text}</span>
            <span aria-hidden="true" className="flex min-h-0 w-full max-w-16 flex-1 items-end rounded-sm bg-sunken">
              <span className="min-h-px w-full rounded-sm" style={{ height: length, background: fill }} />
            </span>
            <span className="foreign line-clamp-2 max-w-full text-soft">{name}</span>
          </li>
        ) : (
          <li key={key} className="flex shrink-0 items-center gap-2 text-xs leading-tight" style={{ height: line }}>
            <span className="foreign w-[34%] max-w-40 truncate text-right text-soft" title={name}>
              {name}
            </span>
            <span aria-hidden="true" className="h-3/5 min-w-0 flex-1 overflow-hidden rounded-sm bg-sunken">
              <span className="block h-full min-w-px rounded-sm" style={{ width: length, background: fill }} />
            </span>
            <span className="tabular w-16 shrink-0 text-right font-medium">{text}</span>
          </li>
        );
      })}
    </ul>
  );
}

function ramp(value: number | string | null, { min, max }: { min: number; max: number }): string {
  const share = typeof value === 'number' ? shareOf(value, min, max) : 0;
  return `color-mix(in oklab, var(--cat-3) ${Math.round(share * 100)}%, var(--cat-2))`;
}
