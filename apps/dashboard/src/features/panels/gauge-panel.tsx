import { cssColor } from '../../grafana/colors.js';
import type { Frame } from '../../grafana/frame.js';
import type { FieldConfig, Panel } from '../../grafana/model.js';
import { shareOf } from '../../grafana/present-value.js';
import type { PanelSize } from './panel-size.js';
import type { ShownValue } from './shown-values.js';
import { scaleOf, shownValues } from './shown-values.js';
import { readable } from './stat-panel.js';

const RADIUS = 42;
/** The arc leaves a third of the circle open, at the bottom. */
const START_DEGREES = 210;
const SWEEP_DEGREES = 240;

/** Figures on a scale from least to most, with the thresholds around it. */
export function GaugePanel({ panel, frames, size }: { panel: Panel; frames: readonly Frame[]; size: PanelSize }) {
  const values = shownValues(frames, panel);
  const across = Math.max(1, Math.min(values.length, Math.round(size.width / Math.max(80, size.height))));
  const lines = Math.ceil(values.length / across);
  const [width, height] = [size.width / across, size.height / Math.max(1, lines)];
  return (
    <ul className="flex h-full flex-wrap content-center justify-center">
      {values.map((shown) => (
        <li key={shown.key} style={{ width: width - 2, height: height - 2 }} className="flex flex-col items-center">
          <Gauge shown={shown} scale={scaleOf([shown])} />
          {values.length > 1 && <span className="foreign truncate text-xs text-soft">{shown.name}</span>}
        </li>
      ))}
    </ul>
  );
}

function Gauge({ shown, scale: { min, max } }: { shown: ShownValue; scale: { min: number; max: number } }) {
  const { name, text, value, color, config } = shown;
  const share = typeof value === 'number' ? shareOf(value, min, max) : 0;
  return (
    <svg role="img" aria-label={`${name}: ${text}`} viewBox="0 0 110 92" className="min-h-0 w-full flex-1">
      <path d={arc(0, 1, RADIUS)} fill="none" stroke="var(--sunken)" strokeWidth={10} />
      {bands(config, min, max).map(({ from, to, color }) => (
        <path key={from} d={arc(from, to, RADIUS + 8)} fill="none" stroke={cssColor(color)} strokeWidth={2.5} />
      ))}
      {share > 0 && <path d={arc(0, share, RADIUS)} fill="none" stroke={color} strokeWidth={10} />}
      <text
        x={55}
        y={60}
        textAnchor="middle"
        fontSize={Math.min(20, 110 / Math.max(4, text.length))}
        fontWeight={600}
        fill={readable(color)}
      >
        {text}
      </text>
    </svg>
  );
}

/** Parts of the scale by threshold, as shares of it. */
function bands({ thresholds }: FieldConfig, min: number, max: number) {
  if (thresholds === undefined) return [];
  const place = (from: number) =>
    thresholds.mode === 'percentage' ? Math.min(1, Math.max(0, from / 100)) : shareOf(from, min, max);
  return thresholds.steps
    .map(({ color, from }, i) => {
      const next = thresholds.steps[i + 1];
      return { color, from: place(from), to: next === undefined ? 1 : place(next.from) };
    })
    .filter(({ from, to }) => to > from);
}

function arc(from: number, to: number, radius: number): string {
  const at = (share: number) => {
    const radians = ((START_DEGREES - share * SWEEP_DEGREES) * Math.PI) / 180;
    return `${(55 + radius * Math.cos(radians)).toFixed(2)} ${(56 - radius * Math.sin(radians)).toFixed(2)}`;
  };
  const large = (to - from) * SWEEP_DEGREES > 180 ? 1 : 0;
  return `M${at(from)}A${radius} ${radius} 0 ${large} 1 ${at(to)}`;
}
