import { guessUnit } from './guess-unit.js';
import type { Panel } from './panels.js';

const UNITS: readonly (readonly [unit: string, label: string])[] = [
  ['short', 'number'],
  ['bytes', 'bytes'],
  ['bytes/s', 'bytes a second'],
  ['seconds', 'seconds'],
  ['ms', 'milliseconds'],
  ['percent', 'percent, 0 to 100'],
  ['percentunit', 'share, 0 to 1'],
  ['usd', 'USD'],
];

/** Unit of a graph's figures; `undefined` leaves it to the names in the query. */
export function UnitSelect({ panel, onChange }: { panel: Panel; onChange: (unit: string | undefined) => void }) {
  const guessed = guessUnit(panel.expr);
  const label = (unit: string) => UNITS.find(([one]) => one === unit)?.[1] ?? unit;
  const others = panel.unit !== undefined && !UNITS.some(([unit]) => unit === panel.unit) ? [panel.unit] : [];
  return (
    <label className="flex items-center gap-1.5">
      Unit
      <select
        value={panel.unit ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
        className="h-7 rounded border border-line-strong bg-surface px-1 text-ink"
      >
        <option value="">auto ({label(guessed)})</option>
        {UNITS.map(([unit, text]) => (
          <option key={unit} value={unit}>
            {text}
          </option>
        ))}
        {others.map((unit) => (
          <option key={unit} value={unit}>
            {unit}
          </option>
        ))}
      </select>
    </label>
  );
}
