import type { BilledUnits } from './billed-units.js';

/**
 * What one model call used: tokens, with the arithmetic of the OpenTelemetry GenAI conventions: `inputTokens` and `outputTokens`
 * are totals; the others are parts of them.
 */
export interface Usage {
  /** All tokens of the prompt, cached ones included. */
  readonly inputTokens?: number;
  /** All generated tokens, reasoning included. */
  readonly outputTokens?: number;
  /** Part of the input. */
  readonly cacheReadTokens?: number;
  /** Part of the input. */
  readonly cacheWriteTokens?: number;
  /** Part of the cache writes: those kept for an hour, which some providers charge more for. */
  readonly cacheWrite1hTokens?: number;
  /** Part of the output. */
  readonly reasoningTokens?: number;
  readonly audioInputTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageInputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Total as the sender stated it; kept for reconciliation, never used for sums. */
  readonly statedTotalTokens?: number;
  /** What else the call is billed for: pictures, seconds, characters, searches. */
  readonly units?: BilledUnits;
  /** Where the tokens come from; of a call without tokens, where its {@link units} do. */
  readonly source: UsageSource;
  /** The sender's input left the cached tokens out and they were added here. */
  readonly cacheAdded?: boolean;
  /** The texts were too long to count whole: the figures are projected from a sample of them. */
  readonly sampled?: boolean;
}

/**
 * `reported` by the provider, `counted` exactly from what was sent (never tokens), `estimated` by a tokeniser or by a lower bound,
 * `supplied` by the user's own code.
 */
export type UsageSource = 'reported' | 'counted' | 'estimated' | 'supplied';
