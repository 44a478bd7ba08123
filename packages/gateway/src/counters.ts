/** What a gateway counts about itself; all grow. */
export interface GatewayCounters {
  /** Calls taken, refused addresses not counted. */
  calls: number;
  /** Of them, calls of routes that call no model: they pass and are not recorded. */
  unrecordedCalls: number;
  /** LLM calls whose spans were handed on. */
  recordedCalls: number;
  /** LLM calls that were not recorded because too many waited. */
  droppedCalls: number;
  /** Times that recording a call failed; the call itself went on. */
  captureErrors: number;
  /** Calls whose usage was asked for without the client's doing. */
  usageAsked: number;
}

export function createCounters(): GatewayCounters {
  return { calls: 0, unrecordedCalls: 0, recordedCalls: 0, droppedCalls: 0, captureErrors: 0, usageAsked: 0 };
}
