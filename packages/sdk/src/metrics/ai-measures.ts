import type { Counter, Histogram } from '@vedetta/metrics';
import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { LlmUsage } from '../llm-call.js';
import type { SpanRecord } from '../span-record.js';
import { toText } from '../text.js';
import type { AiRequestFacts } from './facts.js';
import type { CurrentTrace, MeasureHost } from './measures.js';
import { exemplarOf, toAmount, toSeconds } from './measures.js';

/** Kinds of tokens as the label `type`; the last three are part of the first two. */
const TOKENS: readonly (readonly [type: string, of: Exclude<keyof LlmUsage, 'units'>, attribute: string])[] = [
  ['input', 'inputTokens', 'gen_ai.usage.input_tokens'],
  ['output', 'outputTokens', 'gen_ai.usage.output_tokens'],
  ['cache_read', 'cacheReadTokens', 'gen_ai.usage.cache_read.input_tokens'],
  ['cache_write', 'cacheWriteTokens', 'gen_ai.usage.cache_write.input_tokens'],
  ['reasoning', 'reasoningTokens', 'gen_ai.usage.reasoning.output_tokens'],
];

/** Calls of models, their time and tokens. */
export class AiMeasures {
  readonly #host: MeasureHost;
  readonly #requests: Counter;
  readonly #errors: Counter;
  readonly #seconds: Histogram;
  readonly #tokens: Counter;

  constructor(host: MeasureHost) {
    this.#host = host;
    const { registry } = host;
    const labels = ['model', 'type'];
    this.#requests = registry.counter({ name: 'ai_requests_total', help: 'LLM calls.', labels });
    this.#errors = registry.counter({
      name: 'ai_errors_total',
      help: 'LLM calls that failed, by state.',
      labels: ['model', 'type', 'status'],
    });
    this.#seconds = registry.histogram({
      name: 'ai_response_duration_seconds',
      help: 'Time of an LLM call.',
      labels,
    });
    this.#tokens = registry.counter({
      name: 'ai_tokens_used_total',
      help: 'Tokens of LLM calls. Types cache_read and cache_write are part of input, reasoning is part of output.',
      labels,
    });
  }

  record(facts: AiRequestFacts, trace?: CurrentTrace): void {
    const { usage } = facts;
    const isFailed = facts.success === false || (facts.success === undefined && facts.error !== undefined);
    this.#call(
      toText(facts.model, 200) || 'unknown',
      toText(facts.type, 100) || 'chat',
      toSeconds(facts.durationMs),
      isFailed ? 'failed' : undefined,
      (_attribute, of) => usage?.[of],
      trace ?? this.#host.trace(),
    );
  }

  /** A span that ended: counts when it is the call of a model. */
  recordSpan(span: SpanRecord): void {
    if (span.kind !== 'llm' || span.endUnixMs === 0) return;
    const known = new Map<string, unknown>(span.attributes);
    const type = String(known.get('gen_ai.operation.name') ?? 'chat');
    if (!LLM_CALL_OPERATIONS.has(type)) return;
    const model = known.get('gen_ai.response.model') ?? known.get('gen_ai.request.model') ?? 'unknown';
    const state = known.get('vedetta.state');
    this.#call(
      String(model),
      type,
      (span.endUnixMs - span.startUnixMs) / 1000,
      typeof state === 'string' ? state : span.success ? undefined : 'failed',
      (attribute) => known.get(attribute),
      span,
    );
  }

  #call(
    model: string,
    type: string,
    seconds: number | undefined,
    failure: string | undefined,
    tokensOf: (attribute: string, of: Exclude<keyof LlmUsage, 'units'>) => unknown,
    trace: CurrentTrace | undefined,
  ): void {
    const exemplar = exemplarOf(this.#host, seconds ?? 0, trace);
    this.#requests.add([model, type], 1, exemplar);
    if (failure !== undefined) this.#errors.add([model, type, failure], 1, exemplar);
    if (seconds !== undefined) this.#seconds.observe([model, type], Math.max(seconds, 0), exemplar);
    for (const [kind, of, attribute] of TOKENS) {
      const tokens = toAmount(tokensOf(attribute, of));
      if (tokens !== undefined) this.#tokens.add([model, kind], tokens);
    }
    this.#host.changed();
  }
}
