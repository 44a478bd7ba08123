import type { GenAiFacts, Span, Usage } from '@vedetta/model';
import { isBilledByUnits, LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { Encoding } from './encoding.js';
import { encodingOf, replyTokens } from './encoding.js';
import type { CountedTexts } from './texts.js';
import { inputTexts, outputTexts } from './texts.js';
import type { Tokenizer } from './tokenizer.js';

/** Counted since the start. */
export interface EstimateCounters {
  estimatedCalls: number;
  /** Calls that were stored without usage because the tokeniser was down or too busy. */
  skippedEstimates: number;
}

/** Operations that no provider bills by tokens without saying how many. */
const NOT_BY_TOKENS: ReadonlySet<string> = new Set(['rerank', 'moderation']);

interface Job {
  readonly span: Span;
  readonly input: CountedTexts | undefined;
  readonly output: CountedTexts | undefined;
  readonly reply: number;
}

/**
 * Gives LLM calls whose usage nobody stated, or all, an estimate, in place; beside figures that were stated it does not count: their messages counted by a tokeniser in another thread.
 * `undefined` at once when no span needs one, so that a batch does not wait for nothing. Never rejects; what cannot be counted stays without.
 */
export function estimateUsage(
  spans: readonly Span[],
  tokenizer: Tokenizer,
  counters: EstimateCounters,
  which: 'missing' | 'all' = 'missing',
): Promise<void> | undefined {
  let jobs: Map<Encoding, Job[]> | undefined;
  for (const span of spans) {
    if (!needsEstimate(span, which)) continue;
    const facts = span.genAi as GenAiFacts;
    const [input, output] = [inputTexts(facts), outputTexts(facts)];
    if (input === undefined && output === undefined) continue;
    const model = facts.responseModel ?? facts.requestModel ?? '';
    const reply = facts.operation === 'embeddings' || facts.operation === 'text_completion' ? 0 : replyTokens(model);
    jobs ??= new Map();
    const encoding = encodingOf(model);
    const list = jobs.get(encoding) ?? [];
    list.push({ span, input, output, reply });
    jobs.set(encoding, list);
  }
  return jobs === undefined ? undefined : run(jobs, tokenizer, counters);
}

async function run(jobs: Map<Encoding, Job[]>, tokenizer: Tokenizer, counters: EstimateCounters): Promise<void> {
  await Promise.all(
    [...jobs].map(async ([encoding, list]) => {
      const counts = await tokenizer.count(
        encoding,
        list.flatMap(({ input, output }) => [input?.texts ?? [], output?.texts ?? []]),
      );
      if (counts === undefined) {
        counters.skippedEstimates += list.length;
        return;
      }
      counters.estimatedCalls += list.length;
      for (const [i, job] of list.entries()) setUsage(job, counts[2 * i] ?? 0, counts[2 * i + 1] ?? 0);
    }),
  );
}

function needsEstimate({ genAi, endUnixNano }: Span, which: 'missing' | 'all'): boolean {
  if (genAi === undefined || endUnixNano === 0n || genAi.aggregate || NOT_BY_TOKENS.has(genAi.operation)) return false;
  // Tokens of a text are not what pictures or sound cost.
  if (!LLM_CALL_OPERATIONS.has(genAi.operation) || isBilledByUnits(genAi.usage?.units)) return false;
  return which === 'all' || !isStated(genAi.usage);
}

function isStated(usage: Usage | undefined): boolean {
  return usage?.inputTokens !== undefined || usage?.outputTokens !== undefined;
}

function hasFigures(usage: object): boolean {
  return Object.values(usage).some((value) => typeof value === 'number');
}

function setUsage({ span, input, output, reply }: Job, inputCount: number, outputCount: number): void {
  const facts = span.genAi as GenAiFacts;
  const usage: Usage = {
    ...(input === undefined ? {} : { inputTokens: Math.round(inputCount * input.scale) + input.overhead + reply }),
    ...(output === undefined ? {} : { outputTokens: Math.round(outputCount * output.scale) }),
    ...((input?.scale ?? 1) > 1 || (output?.scale ?? 1) > 1 ? { sampled: true } : {}),
    source: 'estimated',
  };
  if (isStated(facts.usage)) {
    span.genAi = { ...facts, otherUsage: [...(facts.otherUsage ?? []), usage] };
    return;
  }
  // What was stated (a total, say) without input and output is kept beside the figures that count; units are no tokens, and stay.
  const { units, ...stated } = facts.usage ?? {};
  const others = hasFigures(stated) ? [stated as Usage, ...(facts.otherUsage ?? [])] : facts.otherUsage;
  span.genAi = {
    ...facts,
    usage: units === undefined ? usage : { ...usage, units },
    ...(others === undefined ? {} : { otherUsage: others }),
  };
}
