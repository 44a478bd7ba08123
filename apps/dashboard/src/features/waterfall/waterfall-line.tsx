import { formatDuration, formatShare } from '../../format/format.js';
import { nameColor } from '../../ui/bar.js';
import { cx } from '../../ui/class-names.js';
import { Icon } from '../../ui/icon.js';
import type { WaterfallRow } from './layout.js';
import { LINE_GRID } from './scale.js';

/** Deeper levels are not indented further: the names would leave the page. */
const MAX_INDENT = 14;

/** One span: its name, its bar with the moments on it, its duration. Enter shows its details, arrows fold it. */
export function WaterfallLine(props: {
  row: WaterfallRow;
  folded: boolean;
  selected: boolean;
  onFold: () => void;
  onSelect: () => void;
}) {
  const { row, folded } = props;
  const { span, phase } = row;
  const color = barColor(row);
  const duration = row.running ? 'running' : formatDuration(span.duration_ms);
  const share =
    phase?.share === undefined || phase.share === null ? '' : `, ${formatShare(phase.share)} of the request`;
  const name = span.name.slice(0, 300);
  return (
    <div
      role="treeitem"
      tabIndex={0}
      aria-level={row.depth + 1}
      aria-selected={props.selected}
      {...(row.childCount > 0 && { 'aria-expanded': !folded })}
      title={`${name}: ${duration}${share}, from ${formatDuration(span.offset_ms)}`}
      data-span={span.span_id}
      onClick={props.onSelect}
      onKeyDown={(event) => {
        const unfold = event.key === 'ArrowRight' && folded;
        const fold = event.key === 'ArrowLeft' && !folded && row.childCount > 0;
        if (event.key === 'Enter' || event.key === ' ') props.onSelect();
        else if (fold || unfold) props.onFold();
        else return;
        event.preventDefault();
      }}
      className={cx(
        LINE_GRID,
        'h-7 cursor-pointer items-center rounded-sm focus-visible:-outline-offset-1',
        props.selected ? 'bg-accent-soft' : 'hover:bg-sunken',
      )}
    >
      <span
        className="flex min-w-0 items-center"
        style={{ paddingLeft: `${Math.min(row.depth, MAX_INDENT) * 0.8}rem` }}
      >
        {row.childCount > 0 ? (
          <button
            type="button"
            tabIndex={-1}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              props.onFold();
            }}
            className="mr-0.5 text-soft"
          >
            <Icon name={folded ? 'right' : 'down'} size={12} />
          </button>
        ) : (
          <span className="w-3.5 shrink-0" />
        )}
        <bdi className={cx('truncate', row.failed && 'text-bad', phase !== undefined && 'font-medium')}>
          {name || 'unnamed'}
        </bdi>
      </span>
      <span className="relative h-full">
        <span
          className={cx('absolute top-1.5 bottom-1.5 min-w-[2px] rounded-sm', row.running && 'animate-pulse')}
          style={{ left: `${row.startShare * 100}%`, width: `${row.widthShare * 100}%`, background: color }}
        />
        {row.markers.map((marker, i) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a span's events have a fixed order
            key={i}
            title={`${marker.name.slice(0, 200)} at ${formatDuration(marker.offsetMs)}`}
            className="absolute top-2.5 size-2 -translate-x-1/2 rotate-45 border border-surface bg-ink"
            style={{ left: `${marker.share * 100}%` }}
          />
        ))}
      </span>
      <span className={cx('tabular text-right text-xs', row.running ? 'text-busy' : 'text-soft')}>{duration}</span>
      <span className="sr-only">
        {share}
        {row.failed && ', failed'}
      </span>
    </div>
  );
}

/** Phases and calls have the colour of their name; what only encloses them is neutral. */
function barColor({ failed, phase, span, depth, childCount }: WaterfallRow): string {
  if (failed) return 'var(--chart-bad)';
  return phase === undefined && depth === 0 && childCount > 0
    ? 'var(--line-strong)'
    : nameColor(phase?.phase ?? span.name);
}
