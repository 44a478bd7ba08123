import { formatDuration } from '../../format/format.js';
import { cx } from '../../ui/class-names.js';
import type { Waterfall } from './layout.js';
import { scaleTicks } from './layout.js';

/** Widths of the columns of a line: the name's and the bars'. One place, so that scale and lines agree. */
export const LINE_GRID = 'grid grid-cols-[minmax(7rem,34%)_1fr_4.5rem] gap-2';

/** The scale over the bars, with the request's own events on it. */
export function Scale({ waterfall }: { waterfall: Waterfall }) {
  const { fromMs, toMs, markers } = waterfall;
  const share = (ms: number) => (ms - fromMs) / (toMs - fromMs);
  const ticks = scaleTicks(fromMs, toMs, 4).filter((tick) => share(tick) < 0.93);
  return (
    <div role="presentation" className={`${LINE_GRID} h-6 border-b border-line text-[11px] text-soft`}>
      <span />
      <div className="relative" aria-hidden="true">
        {ticks.map((tick, i) => (
          <span
            key={tick}
            className={cx(
              'tabular absolute bottom-0 h-full border-l border-line pl-1 whitespace-nowrap',
              // On narrow screens every other label has room.
              i % 2 === 1 && 'max-md:text-transparent',
            )}
            style={{ left: `${share(tick) * 100}%` }}
          >
            {formatDuration(tick)}
          </span>
        ))}
        {markers.map((marker, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: events have no order of their own and do not move
            key={i}
            title={`${marker.name.slice(0, 200)} at ${formatDuration(marker.offsetMs)}`}
            className="absolute -bottom-1 size-2 -translate-x-1/2 rotate-45 bg-warn"
            style={{ left: `${marker.share * 100}%` }}
          />
        ))}
      </div>
      <span />
    </div>
  );
}
