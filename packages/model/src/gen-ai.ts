import type { AttributeValue } from './attributes.js';
import type { CallCost } from './cost.js';
import type { Message, MessagePart } from './message.js';
import type { Usage } from './usage.js';

/** Operations of the OpenTelemetry GenAI conventions that have a meaning of their own here; any other string is legal. */
export const GEN_AI_OPERATIONS = [
  'chat',
  'text_completion',
  'generate_content',
  'embeddings',
  'retrieval',
  'execute_tool',
  'create_agent',
  'invoke_agent',
  'invoke_workflow',
  'plan',
  'rerank',
  'moderation',
] as const;

/** Operations that call a model: an LLM call. `moderation` is ours, the conventions have none. */
export const LLM_CALL_OPERATIONS: ReadonlySet<string> = new Set([
  'chat',
  'text_completion',
  'generate_content',
  'embeddings',
  'rerank',
  'moderation',
]);

/**
 * What the normalisation rules found in a span of any GenAI dialect, in the vocabulary of the OpenTelemetry GenAI
 * conventions. Absent means the sender did not say. The sender's own attributes are kept beside it, unchanged.
 */
export interface GenAiFacts {
  /** `gen_ai.operation.name`: one of {@link GEN_AI_OPERATIONS} or the sender's own word; `''` when only other facts are known. */
  readonly operation: string;
  readonly provider?: string;
  readonly requestModel?: string;
  readonly responseModel?: string;
  readonly responseId?: string;
  /** Folded to `stop`, `length`, `content_filter`, `tool_call`, `error` where known, in the order of the choices. */
  readonly finishReasons?: readonly string[];
  readonly stream?: boolean;
  readonly timeToFirstTokenMs?: number;
  /** The figures that count: reported, else supplied, else estimated. */
  readonly usage?: Usage;
  /** Figures from other sources for the same call, kept beside those that count. */
  readonly otherUsage?: readonly Usage[];
  /** `default`, `flex`, `priority`, `batch`...: as the provider answered it; prices differ by it. */
  readonly serviceTier?: string;
  /** The usage repeats that of child spans (an agent, a chain, `ai.generateText`): totals leave it out. */
  readonly aggregate: boolean;
  /** Cost stated by the sender, in USD. */
  readonly suppliedCostUsd?: number;
  /** What the call cost, and how that is known; absent when it is not known. Set after normalisation, by the price list. */
  readonly cost?: CallCost;
  /** Request parameters by their GenAI name without the prefix: `temperature`, `max_tokens`, `top_p`... */
  readonly parameters?: { readonly [name: string]: AttributeValue };
  readonly inputMessages?: readonly Message[];
  readonly outputMessages?: readonly Message[];
  readonly systemInstructions?: readonly MessagePart[];
  readonly toolDefinitions?: readonly AttributeValue[];
  readonly toolName?: string;
  readonly toolCallId?: string;
  readonly toolCallArguments?: AttributeValue;
  readonly toolCallResult?: AttributeValue;
  readonly agentName?: string;
  readonly workflowName?: string;
  readonly promptName?: string;
  readonly promptVersion?: string;
  /** Dialects that contributed, in order of precedence: `gen_ai`, `openinference`, `openllmetry`, `vercel`... */
  readonly dialects: readonly string[];
}
