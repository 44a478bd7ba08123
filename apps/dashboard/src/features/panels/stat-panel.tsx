import type { Frame } from '../../grafana/frame.js';
import type { Panel } from '../../grafana/model.js';
import { cx } from '../../ui/class-names.js';
import type { PanelSize } from './panel-size.js';
import { shownValues } from './shown-values.js';
import { Sparkline } from './sparkline.js';

/** Large figures, with their history behind them where the panel has it. */
export function StatPanel({ panel, frames, size }: { panel: Panel; frames: readonly Frame[]; size: PanelSize }) {
  const values = shownValues(frames, panel);
  const { colorMode, graph, textMode, orientation } = panel.options;
  const named = textMode === 'value_and_name' || textMode === 'name' || (textMode === 'auto' && values.length > 1);
  const stacked = orientation === 'horizontal' || (orientation === 'auto' && size.width < size.height * 1.3);
  const [width, height] = stacked
    ? [size.width, size.height / Math.max(1, values.length)]
    : [size.width / Math.max(1, values.length), size.height];
  const longest = Math.max(1, ...values.map(({ text }) => text.length));
  const fontSize = Math.max(14, Math.min(40, height * (named ? 0.34 : 0.5), (width / longest) * 1.35));
  return (
    <ul className={cx('flex h-full gap-1.5', stacked ? 'flex-col' : 'flex-row')}>
      {values.map(({ key, name, text, color, history }) => {
        const filled = colorMode === 'background';
        return (
          <li
            key={key}
            className={cx(
              'relative flex min-h-0 min-w-0 flex-1 flex-col items-center justify-center overflow-hidden rounded-md px-2 text-center',
              filled && 'border-l-4 bg-sunken',
            )}
            style={filled ? { borderColor: color } : {}}
          >
            {graph && history.length > 1 && <Sparkline values={history} color={color} />}
            {named && <span className="foreign relative line-clamp-2 text-xs text-soft">{name}</span>}
            {textMode !== 'name' && (
              <span
                className="tabular relative font-semibold leading-tight whitespace-nowrap"
                style={{ fontSize, ...(colorMode !== 'none' && { color: readable(color) }) }}
                title={named ? name : `${name}: ${text}`}
              >
                {text}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Colours of series are for areas; as text they are mixed with ink until they can be read. */
export function readable(color: string): string {
  return /^var\(--(?:good|bad|warn|ink|ink-soft)\)$/.test(color)
    ? color
    : `color-mix(in oklab, ${color} 55%, var(--ink))`;
}
