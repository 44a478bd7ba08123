import { useLive } from '../api/live.js';
import { Button } from '../ui/button.js';
import { cx } from '../ui/class-names.js';
import { Icon } from '../ui/icon.js';

/** Shows whether the page follows what comes in, and pauses or resumes that. */
export function LiveToggle() {
  const { connection, paused, setPaused, newIds } = useLive();
  const lost = connection !== 'open';
  const label = paused ? 'Paused' : lost ? 'Connecting' : 'Live';
  return (
    <Button
      aria-pressed={!paused}
      onClick={() => setPaused(!paused)}
      title={paused ? 'Resume live updates' : 'Pause live updates'}
    >
      <span
        className={cx(
          'size-2 rounded-full',
          paused ? 'bg-line-strong' : lost ? 'bg-warn' : 'animate-pulse bg-good motion-reduce:animate-none',
        )}
      />
      <span className="max-sm:sr-only">{label}</span>
      {paused && newIds.size > 0 && (
        <span className="rounded bg-accent-soft px-1 text-accent">{countNew(newIds.size)}</span>
      )}
      <Icon name={paused ? 'play' : 'pause'} size={12} />
    </Button>
  );
}

/** `+12 new`, `+500 new or more`. */
export function countNew(count: number): string {
  return count >= 500 ? '500+ new' : `${count} new`;
}
