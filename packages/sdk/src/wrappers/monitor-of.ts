import type { Monitor } from '../monitor.js';
import { createMonitor } from '../monitor.js';
import { defaultMonitor } from './default-monitor.js';
import type { TrackOptions } from './track-options.js';

/** The monitor that records: the one that was named, else the process's first, else one that is made now. */
export function monitorOf({ monitor }: Pick<TrackOptions, 'monitor'>): Monitor {
  return monitor ?? defaultMonitor() ?? createMonitor();
}
