/**
 * State of a request. `running` until its end arrives; `timeout` and `cancelled` are stated by the sender or by the error;
 * a request whose end never comes becomes `timeout` after the store's `runningTimeoutMs`.
 */
export const REQUEST_STATUSES = ['running', 'completed', 'failed', 'timeout', 'cancelled'] as const;
export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** Modalities with a name; the caller's own word is legal too. */
export const MODALITIES = ['text', 'image', 'audio', 'video', 'multimodal', 'embedding', 'unknown'] as const;

/** Phase names that users of request time loggers and RAG pipelines know. Any other name works the same way. */
export const KNOWN_PHASES = [
  'request_received',
  'modality_detection',
  'audio_transcription',
  'image_processing',
  'vllm_routing',
  'regolo_response',
  'total_request',
  'retrieval',
  'grading',
  'generation',
] as const;

/**
 * A request: a trace's root as users think of it, with totals over the spans that belong to it. Derived from spans, never
 * written by anyone else; right whatever the order in which the spans came.
 */
export interface RequestRow {
  /** The caller's id, or the trace id in hex. */
  requestId: string;
  traceId: string;
  /** 16 hex digits; `''` while the root is not known. */
  rootSpanId: string;
  /** Set when the request was made by another recorded request of the same trace. */
  parentRequestId: string | undefined;
  name: string;
  serviceName: string;
  startUnixNano: bigint;
  /** `undefined` while it runs. */
  endUnixNano: bigint | undefined;
  /** `undefined` while it runs. */
  durationMs: number | undefined;
  status: RequestStatus;
  modality: string;
  /** Model that answered, else the one asked for, of the root or else of the LLM call with most tokens; `''` when none is known. */
  model: string;
  provider: string;
  stream: boolean;
  userId: string;
  sessionId: string;
  tags: readonly string[];
  requestSizeBytes: number | undefined;
  responseSizeBytes: number | undefined;
  /** Sums over the LLM calls; `undefined` when no call stated any. */
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  cacheReadTokens: number | undefined;
  cacheWriteTokens: number | undefined;
  reasoningTokens: number | undefined;
  /** The tokens of a call were estimated. */
  usageEstimated: boolean;
  /** Sum of what the LLM calls cost, supplied or priced, in USD; `undefined` when no cost is known. Partial when {@link unpricedCallCount} is not 0. */
  costUsd: number | undefined;
  /** The cost of a call rests on estimated tokens. */
  costEstimated: boolean;
  /** Finished calls that state usage and whose price is not known. */
  unpricedCallCount: number;
  /** Of the first LLM call that states one. */
  timeToFirstTokenMs: number | undefined;
  llmCallCount: number;
  spanCount: number;
  errorType: string;
  errorMessage: string;
  /** Groups errors that differ only in ids, numbers and addresses; `''` when there is no error. */
  errorFingerprint: string;
  /** At most 200 characters of the last user message and of the answer, after redaction. */
  inputPreview: string;
  outputPreview: string;
  /** JSON text of an object; `''` when none. */
  customData: string;
  /** Name of the phase that runs now; `''` when the request is over or nothing is known. */
  currentPhase: string;
  /** When the sender last spoke of a running request. */
  lastSeenUnixMs: number;
}

/** One direct step of a request: a span that the SDK marks as phase, or a child of the root. */
export interface PhaseRow {
  requestId: string;
  traceId: string;
  spanId: string;
  phase: string;
  startUnixNano: bigint;
  endUnixNano: bigint;
  durationMs: number;
  success: boolean;
  /** Of the request, repeated so that statistics need no join. */
  model: string;
  modality: string;
  /** JSON text; `''` when none. */
  metadata: string;
}

/** A named moment with data, on a request or standing alone (`requestId: ''`). */
export interface CustomEventRow {
  /** Unique: redelivery stores once. */
  eventId: string;
  requestId: string;
  name: string;
  timeUnixNano: bigint;
  /** JSON text. */
  data: string;
}

/** A score given to a request after the fact: a thumb, a number, a label. */
export interface ScoreRow {
  scoreId: string;
  requestId: string;
  name: string;
  value: number | undefined;
  label: string;
  comment: string;
  timeUnixNano: bigint;
}
