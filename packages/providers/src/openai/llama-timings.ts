import { asNumber, asObject } from '../json.js';
import type { ProviderTiming } from '../provider.js';

/** The times of llama.cpp's `timings`, which are in milliseconds; `undefined` when there are none. */
export function llamaTimings(value: unknown): readonly ProviderTiming[] | undefined {
  const timings = asObject(value);
  if (timings === undefined) return undefined;
  const read: ProviderTiming[] = [];
  const put = (phase: ProviderTiming['phase'], given: unknown) => {
    const ms = asNumber(given);
    if (ms !== undefined && ms >= 0) read.push({ phase, durationNano: Math.round(ms * 1e6) });
  };
  put('prompt_evaluation', timings.prompt_ms);
  put('token_generation', timings.predicted_ms);
  return read.length === 0 ? undefined : read;
}
