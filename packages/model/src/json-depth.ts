/**
 * Levels that JSON text out of telemetry may nest and still be taken apart. `JSON.parse` has no limit of its own, but writing
 * the value out again recurses: text made for it would exhaust the stack and take every answer it stands in with it.
 */
export const MAX_JSON_DEPTH = 100;

/** True when JSON text opens more brackets inside each other than `max`. Brackets in strings do not count. One pass, no stack. */
export function nestsDeeperThan(text: string, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c /* \\ */) i++;
      else if (code === 0x22 /* " */) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b /* [ */ || code === 0x7b /* { */) {
      if (++depth > max) return true;
    } else if (code === 0x5d /* ] */ || code === 0x7d /* } */) depth--;
  }
  return false;
}
