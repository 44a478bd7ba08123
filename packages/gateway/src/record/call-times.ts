/** When the steps of a call happened, in milliseconds of `performance.now()`; `undefined` for steps that never came. */
export interface CallTimes {
  /** The client's headers were there. */
  readonly startMs: number;
  /** The same moment, milliseconds since the epoch. */
  readonly startUnixMs: number;
  /** The client's body was there, where the call waited for it. */
  bodyMs: number | undefined;
  /** The call was handed to the upstream's connections. */
  sentMs: number | undefined;
  /** A connection took it. */
  connectedMs: number | undefined;
  /** The response's headers were there. */
  headersMs: number | undefined;
  endMs: number | undefined;
}

export function startTimes(): CallTimes {
  return {
    startMs: performance.now(),
    startUnixMs: Date.now(),
    bodyMs: undefined,
    sentMs: undefined,
    connectedMs: undefined,
    headersMs: undefined,
    endMs: undefined,
  };
}

/** Nanoseconds since the epoch of a moment of the call. */
export function toUnixNano(times: CallTimes, ms: number): bigint {
  return BigInt(times.startUnixMs) * 1_000_000n + BigInt(Math.max(0, Math.round((ms - times.startMs) * 1e6)));
}
