import { randomFillSync } from 'node:crypto';

/** One draw serves a thousand span ids: asking for each would cost more than the rest of a span. */
const POOL_BYTES = 8192;

const pool = Buffer.alloc(POOL_BYTES);
let hex = '';
let position = 0;

/** 16 random lower-case hex digits. */
export function randomSpanId(): string {
  return take(16);
}

/** 32 random lower-case hex digits. */
export function randomTraceId(): string {
  return take(32);
}

function take(digits: number): string {
  if (position + digits > hex.length) {
    hex = randomFillSync(pool).toString('hex');
    position = 0;
  }
  const id = hex.slice(position, position + digits);
  position += digits;
  return id;
}
