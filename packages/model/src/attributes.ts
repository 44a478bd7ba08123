/**
 * A telemetry attribute value after decoding: OTLP's `AnyValue` as plain JavaScript.
 * 64-bit integers are `number` when they are safe integers and decimal strings otherwise; bytes are base64 strings.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Attributes by key, in the order they arrived. Keys come from outside: never index a plain prototype with them. */
export type Attributes = { readonly [key: string]: AttributeValue };

/**
 * Attribute names that Vedetta itself defines. Everything else follows the OpenTelemetry GenAI conventions.
 * The SDK writes them, the receiver's `vedetta` rule reads them.
 */
export const VEDETTA_ATTRIBUTES = {
  /** string: what the span is: one of {@link VEDETTA_SPAN_KINDS}. */
  spanKind: 'vedetta.span.kind',
  /** string: id of the request a span belongs to; on every span that the SDK writes. */
  requestId: 'vedetta.request.id',
  /** boolean: the span is announced while it still runs; it comes again with its end. */
  running: 'vedetta.running',
  /** string: name of the phase that runs now, on an announcement. */
  currentPhase: 'vedetta.phase.current',
  /** string: `text`, `image`, `audio`, `video`, `multimodal`, `embedding`, `unknown` or the caller's own word. */
  modality: 'vedetta.modality',
  /** string array: free words that the caller groups requests by. */
  tags: 'vedetta.tags',
  /** string: final state when it is neither success nor failure: `timeout` or `cancelled`. */
  state: 'vedetta.state',
  /** int: bytes of the request's body. */
  requestSizeBytes: 'vedetta.request.size_bytes',
  /** int: bytes of the response's body. */
  responseSizeBytes: 'vedetta.response.size_bytes',
  /** string, JSON: the caller's own data, given at the end of a request. */
  customData: 'vedetta.custom_data',
  /** string, JSON: metadata of a phase or data of an event. */
  data: 'vedetta.data',
  /** string: where the token counts of the span come from when no provider reported them: `estimated` or `supplied`. */
  usageSource: 'vedetta.usage.source',
  /** Before the names of `toUnitRecord`: `vedetta.usage.output_images`, `vedetta.usage.units_source`... */
  unitsPrefix: 'vedetta.usage.',
  /** int: tokens as the user's own code counted them, kept beside what the provider reported. */
  suppliedInputTokens: 'vedetta.usage.supplied.input_tokens',
  suppliedOutputTokens: 'vedetta.usage.supplied.output_tokens',
  /** int: part of the cache writes that is kept for an hour, which costs more than the usual five minutes. */
  cacheWrite1hTokens: 'vedetta.usage.cache_write_1h_tokens',
  /** int: pieces of content a call that runs has received so far, about a token each; on an announcement. */
  tokensSoFar: 'vedetta.tokens_so_far',
  /** double: seconds to the first content that is no reasoning, where reasoning came before it. */
  timeToFirstVisible: 'vedetta.response.time_to_first_visible_chunk',
  /** double: CPU time of the process during a call, in milliseconds. */
  cpuTimeMs: 'vedetta.cpu.time_ms',
  /** int: growth of the process's resident memory during a call, in bytes; negative when it shrank. */
  rssDeltaBytes: 'vedetta.memory.rss_delta_bytes',
  /** string: text the error's fingerprint is taken from when the message is not the right one. */
  errorMessage: 'error.message',
  /** string: value of a score that is not a number. */
  scoreLabel: 'gen_ai.evaluation.score.label',
  scoreName: 'gen_ai.evaluation.name',
  scoreValue: 'gen_ai.evaluation.score.value',
  scoreComment: 'gen_ai.evaluation.explanation',
} as const;

/**
 * Values of `vedetta.span.kind`. `event` and `score` are zero-length spans: one transport, with its batching, retry and
 * deduplication, carries everything the SDK reports.
 */
export const VEDETTA_SPAN_KINDS = ['request', 'phase', 'event', 'score'] as const;

/** See {@link VEDETTA_SPAN_KINDS}. */
export type VedettaSpanKind = (typeof VEDETTA_SPAN_KINDS)[number];
