import { createHash } from 'node:crypto';

/**
 * When within its interval a target is scraped: by a hash of what it is, so that targets are spread evenly and each keeps its place
 * over restarts.
 */
export function offsetMs(key: string, intervalMs: number): number {
  return Number(createHash('md5').update(key).digest().readBigUInt64BE(0) % BigInt(intervalMs));
}

/** The next moment of the target's raster, at or after `nowMs`. */
export function nextMs(nowMs: number, offset: number, intervalMs: number): number {
  return nowMs + ((((offset - nowMs) % intervalMs) + intervalMs) % intervalMs);
}
