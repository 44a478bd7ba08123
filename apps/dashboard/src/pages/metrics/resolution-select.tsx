import type { TimeChoice } from '../../features/promql/time-window.js';
import { autoStep, chosenStep, isFineEnough, STEPS } from '../../features/promql/time-window.js';
import { formatStep } from '../../format/format.js';
import { useUrlState } from '../../url/use-search.js';

/** Distance of two points of all graphs. */
export function ResolutionSelect({ time }: { time: TimeChoice }) {
  const [{ step }, change] = useUrlState();
  const { lengthMs } = time;
  const chosen = chosenStep(step, lengthMs) === undefined ? '' : (step ?? '');
  const own = chosen !== '' && !STEPS.some(([name]) => name === chosen);
  return (
    <label className="flex items-center gap-1.5 text-[13px]">
      Step
      <select
        data-testid="resolution"
        value={chosen}
        onChange={(event) => change({ step: event.target.value === '' ? undefined : event.target.value })}
        className="h-8 rounded-md border border-line-strong bg-surface px-1.5"
      >
        <option value="">auto ({formatStep(autoStep(lengthMs))})</option>
        {STEPS.map(([name, stepMs]) => (
          <option key={name} value={name} disabled={!isFineEnough(stepMs, lengthMs)}>
            {formatStep(stepMs)}
          </option>
        ))}
        {own && <option value={chosen}>{chosen}</option>}
      </select>
    </label>
  );
}
