import type { GenAiFacts, MessagePart } from '@vedetta/model';

/** Longest text that is counted whole, in characters; of a longer one a sample is counted. */
const MAX_CHARS = 200_000;
const SAMPLES = 16;
/** OpenAI counts 3 tokens around each message, and 1 for a name. */
const TOKENS_A_MESSAGE = 3;
const TOKENS_A_NAME = 1;

/** What is to be counted of one side of a call. */
export interface CountedTexts {
  readonly texts: readonly string[];
  /** Tokens that are not text: what a chat puts around messages. */
  readonly overhead: number;
  /** What the count of the texts is multiplied by, past 1 where only a sample is counted. */
  readonly scale: number;
}

/** The prompt of a call as it is counted; `undefined` when no text of it is known, or part of it is no text. */
export function inputTexts(facts: GenAiFacts): CountedTexts | undefined {
  const { inputMessages = [], systemInstructions = [], toolDefinitions = [] } = facts;
  if (inputMessages.length === 0 && systemInstructions.length === 0) return undefined;
  // Plain texts (embeddings, completions) have nothing around them.
  const chat = facts.operation !== 'embeddings' && facts.operation !== 'text_completion';
  const texts: string[] = [];
  let overhead = 0;
  if (systemInstructions.length > 0) {
    if (chat) texts.push('system');
    overhead += TOKENS_A_MESSAGE;
    if (!addParts(systemInstructions, texts)) return undefined;
  }
  for (const { role, parts, name } of inputMessages) {
    if (chat) texts.push(role);
    overhead += TOKENS_A_MESSAGE;
    if (name !== undefined && chat) {
      texts.push(name);
      overhead += TOKENS_A_NAME;
    }
    if (!addParts(parts, texts)) return undefined;
  }
  for (const tool of toolDefinitions) texts.push(toJson(tool));
  return sample(texts, chat ? overhead : 0);
}

/** The answer of a call as it is counted, also one that was cut short; `undefined` when nothing of it is known. */
export function outputTexts(facts: GenAiFacts): CountedTexts | undefined {
  const texts: string[] = [];
  for (const { parts } of facts.outputMessages ?? []) {
    if (!addParts(parts, texts)) return undefined;
  }
  return texts.length === 0 ? undefined : sample(texts, 0);
}

/** False when a part cannot be counted as text: a picture has tokens too, and a sum without them would be wrong. */
function addParts(parts: readonly MessagePart[], texts: string[]): boolean {
  for (const part of parts) {
    switch (part.type) {
      case 'text':
      case 'reasoning':
        if (typeof part.content !== 'string') return false;
        texts.push(part.content);
        break;
      case 'tool_call':
        texts.push(String(part.name ?? ''), toJson(part.arguments));
        break;
      case 'tool_call_response':
        texts.push(toJson(part.response));
        break;
      default:
        return false;
    }
  }
  return true;
}

function toJson(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string'
    ? value
    : JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
}

/** Sixteen pieces from all over a text that is too long, so that its start alone does not stand for the whole. */
function sample(texts: readonly string[], overhead: number): CountedTexts {
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  if (total <= MAX_CHARS) return { texts, overhead, scale: 1 };
  const share = MAX_CHARS / total;
  const pieces = texts.flatMap((text) => {
    if (text.length < 1000) return [text.slice(0, Math.ceil(text.length * share))];
    const length = Math.ceil((text.length * share) / SAMPLES);
    return Array.from({ length: SAMPLES }, (_, i) => {
      const from = Math.floor((i * text.length) / SAMPLES);
      return text.slice(from, from + length);
    });
  });
  const counted = pieces.reduce((sum, text) => sum + text.length, 0);
  return { texts: pieces, overhead, scale: total / Math.max(1, counted) };
}
