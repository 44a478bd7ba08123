const HEX = /^[0-9a-f]+$/;

/** True for 32 lower-case hex digits that are not all zero (W3C Trace Context). */
export function isTraceId(value: string): boolean {
  return value.length === 32 && HEX.test(value) && value !== '00000000000000000000000000000000';
}

/** True for 16 lower-case hex digits that are not all zero (W3C Trace Context). */
export function isSpanId(value: string): boolean {
  return value.length === 16 && HEX.test(value) && value !== '0000000000000000';
}
