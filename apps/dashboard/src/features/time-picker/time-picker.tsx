import { useCallback, useState } from 'react';
import { formatRange, TIME_ZONE } from '../../format/time.js';
import { Button, IconButton } from '../../ui/button.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import { Popover } from '../../ui/popover.js';
import { DEFAULT_RANGE, RANGE_PRESETS, rangeLabel } from '../../url/time-range.js';
import { useUrlState } from '../../url/use-search.js';
import { AbsoluteRange } from './absolute-range.js';

/** The one choice of time for all pages: a preset back from now, or two points in time. */
export function TimePicker() {
  const [{ range = DEFAULT_RANGE, from, to }, change] = useUrlState();
  const [open, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  const absolute = from !== undefined && to !== undefined;
  const label = absolute ? formatRange(from, to) : rangeLabel(range);
  return (
    <div className="flex items-center gap-1">
      {absolute && (
        <IconButton
          icon="zoomOut"
          label={`Back to: ${rangeLabel(range)}`}
          onClick={() => change({ from: undefined, to: undefined })}
        />
      )}
      <Popover
        open={open}
        onClose={close}
        opener={
          <Button aria-expanded={open} aria-haspopup="dialog" onClick={() => setOpen(!open)} data-testid="time-picker">
            <Icon name="clock" size={14} />
            <span className="tabular">{label}</span>
            <Icon name="down" size={12} />
          </Button>
        }
      >
        <div role="dialog" aria-label="Range of time" className="flex w-72 flex-col gap-3">
          <div className="grid grid-cols-4 gap-1">
            {RANGE_PRESETS.map((preset) => (
              <Button
                key={preset.value}
                aria-label={preset.label}
                aria-pressed={!absolute && preset.value === range}
                className={cx(
                  'px-1!',
                  !absolute && preset.value === range && 'border-accent! bg-accent-soft! text-accent!',
                )}
                onClick={() => {
                  change({ range: preset.value, from: undefined, to: undefined });
                  close();
                }}
              >
                {preset.value}
              </Button>
            ))}
          </div>
          <AbsoluteRange
            from={from}
            to={to}
            onApply={(next) => {
              change(next);
              close();
            }}
          />
          <p className="text-xs text-soft">Times are shown in {TIME_ZONE}.</p>
        </div>
      </Popover>
    </div>
  );
}
