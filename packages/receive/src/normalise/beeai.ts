import type { Message } from '@vedetta/model';
import { toMessages } from './message-list.js';
import type { Rule } from './rule.js';
import { unflatten } from './unflatten.js';

// The framework's events that follow the start of a model call, as the instrumentation names their spans.
const LATER_EVENT = /\.chat\.(?:success|error|finish|new_?token)-\d+$/i;
const USAGE = ['llm.token_count.prompt', 'llm.token_count.completion', 'llm.token_count.total'] as const;

/**
 * All that BeeAI's instrumentation writes is OpenInference, with two habits of its own:
 *
 * - A streamed answer is one output message a chunk, under the running number of the chunk. It is one answer: its pieces are joined.
 * - Each event of a model call is a span that says it is one: `...chat.start-7`, `success-7`, `finish-7`. Only the start is
 *   always there, so it stands for the call and the others are marked `aggregate`, but for one that states the tokens.
 */
export const beeAiRule: Rule = {
  name: 'beeai',
  keys: ['beeai.'],
  scopes: ['openinference.instrumentation.beeai'],
  apply(span, draft) {
    if (LATER_EVENT.test(span.name) && USAGE.every((key) => span.attributes[key] === undefined)) draft.aggregate = true;
    const chunks = toMessages(unflatten(span.attributes, 'llm.output_messages'), 'assistant');
    if (chunks === undefined || chunks.length < 2) return;
    const text = joined(chunks);
    if (text !== undefined)
      draft.set('outputMessages', [{ role: 'assistant', parts: [{ type: 'text', content: text }] }]);
  },
};

function joined(chunks: readonly Message[]): string | undefined {
  let text = '';
  for (const { role, parts } of chunks) {
    if (role !== 'assistant') return undefined;
    for (const part of parts) {
      if (part.type !== 'text' || typeof part.content !== 'string') return undefined;
      text += part.content;
    }
  }
  return text;
}
