import type { Message, Usage } from '@vedetta/model';
import type { ContentKind, ResponseFacts, ResponseReader } from '@vedetta/providers';
import { givenUnits } from '../billed-units.js';
import type { LlmUsage } from '../llm-call.js';
import { toMessages } from '../llm-call.js';
import type { CallAnswer, CallPiece } from './call-mapping.js';
import { KeptAnswer } from './kept-answer.js';

/** How a function of the user's own is read. */
export interface Mapping {
  readonly answer: ((result: never) => CallAnswer) | undefined;
  readonly piece: ((piece: never) => CallPiece) | undefined;
}

/** Reads the results of a function by the user's mapping. Throws what the mapping throws. */
export class MappedReader implements ResponseReader {
  readonly #mapping: Mapping;
  readonly #kept = new KeptAnswer();
  #output: unknown;
  #usage: LlmUsage | undefined;
  #model: string | undefined;
  #finishReason: string | undefined;

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  document(body: unknown): void {
    const { answer } = this.#mapping;
    if (answer === undefined) this.#output = typeof body === 'string' ? body : undefined;
    else this.#take(answer(body as never));
  }

  event(data: unknown): ContentKind {
    const { piece } = this.#mapping;
    const read: CallPiece = piece?.(data as never) ?? (typeof data === 'string' ? { text: data } : {});
    this.#take(read);
    if (isText(read.text)) {
      this.#kept.addText(read.text);
      return 'visible';
    }
    if (isText(read.reasoning)) {
      this.#kept.addReasoning(read.reasoning);
      return 'reasoning';
    }
    // Without a mapping nothing tells content from framing.
    return piece === undefined && typeof data !== 'string' ? 'visible' : 'none';
  }

  facts(): ResponseFacts {
    const usage = suppliedUsage(this.#usage);
    const output = this.#output === undefined ? this.#kept.messages() : toMessages(this.#output, 'assistant');
    return {
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#finishReason === undefined ? {} : { finishReasons: [this.#finishReason] }),
      ...(usage === undefined ? {} : { usage }),
      outputMessages: output as readonly Message[],
      ended: false,
    };
  }

  #take({ output, usage, model, finishReason }: CallAnswer): void {
    if (output !== undefined) this.#output = output;
    if (usage !== undefined) this.#usage = usage;
    if (typeof model === 'string' && model !== '') this.#model = model;
    if (typeof finishReason === 'string' && finishReason !== '') this.#finishReason = finishReason;
  }
}

/** The user's own figures, marked as such. */
function suppliedUsage(usage: LlmUsage | undefined): Usage | undefined {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const counts: { -readonly [K in (typeof COUNTS)[number]]?: number } = {};
  for (const name of COUNTS) {
    const value = usage[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) counts[name] = value;
  }
  const units = givenUnits(usage.units, 'supplied');
  if (Object.keys(counts).length === 0 && units === undefined) return undefined;
  return { ...counts, ...(units === undefined ? {} : { units }), source: 'supplied' };
}

const COUNTS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'reasoningTokens'] as const;

function isText(text: unknown): text is string {
  return typeof text === 'string' && text !== '';
}
