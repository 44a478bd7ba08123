import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { SpanAttribute } from '../span-record.js';

/** Says what the process spent since the meter was started. */
export type ResourceMeter = () => readonly SpanAttribute[];

/** Asking for the resident memory reads a file of the system, some 8 µs: calls that start or end together share an answer. */
const SHARED_MS = 5;

/**
 * Starts to measure the CPU time and the memory of the process. Both are the process's own: what other work did meanwhile is
 * in them.
 */
export function startMeter(): ResourceMeter {
  const cpu = process.cpuUsage();
  const before = rssBytes();
  return () => {
    const spent = process.cpuUsage(cpu);
    return [
      [VEDETTA_ATTRIBUTES.cpuTimeMs, (spent.user + spent.system) / 1000],
      [VEDETTA_ATTRIBUTES.rssDeltaBytes, rssBytes() - before],
    ];
  };
}

let lastMs = Number.NEGATIVE_INFINITY;
let lastBytes = 0;

function rssBytes(): number {
  const nowMs = performance.now();
  if (nowMs - lastMs > SHARED_MS) {
    lastMs = nowMs;
    lastBytes = process.memoryUsage.rss();
  }
  return lastBytes;
}
