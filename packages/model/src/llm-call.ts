import type { CallCost } from './cost.js';
import type { RequestStatus } from './request.js';
import type { Usage } from './usage.js';

/** An LLM call: a finished span that called a model, with its usage and cost. Derived from spans, one row a span. */
export interface LlmCallRow {
  traceId: string;
  spanId: string;
  /** Of the request the call belongs to; `''` when it stands beside the requests of its trace. */
  requestId: string;
  startUnixNano: bigint;
  endUnixNano: bigint;
  durationMs: number;
  status: Exclude<RequestStatus, 'running'>;
  errorType: string;
  /** `''` when unknown. */
  provider: string;
  /** Model that answered, else the one asked for; `''` when unknown. */
  model: string;
  /** Model asked for; `''` when unknown. */
  requestModel: string;
  operation: string;
  stream: boolean;
  timeToFirstTokenMs: number | undefined;
  /** The figures that count, with their source; `undefined` when nobody stated any. */
  usage: Usage | undefined;
  /** `default`, `flex`, `batch`...; `''` when unknown. */
  serviceTier: string;
  /** `undefined` when unknown. */
  cost: CallCost | undefined;
}
