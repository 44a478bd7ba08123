import type { Monitor } from '../monitor.js';

let first: Monitor | undefined;

/** Remembers the monitor that a process made first: what is tracked without naming a monitor is recorded there. */
export function offerDefaultMonitor(monitor: Monitor): void {
  first ??= monitor;
}

/** A monitor that is shut down is nobody's default any more. */
export function withdrawDefaultMonitor(monitor: Monitor): void {
  if (first === monitor) first = undefined;
}

/** See {@link offerDefaultMonitor}. */
export function defaultMonitor(): Monitor | undefined {
  return first;
}
