import type { Message } from '@vedetta/model';
import { toMessages } from './message-list.js';
import type { Rule } from './rule.js';
import { unflatten } from './unflatten.js';

/**
 * BeeAI's instrumentation writes a streamed answer as one output message a chunk, under the running number of the chunk. It
 * is one answer, so its pieces are joined; all else BeeAI writes is OpenInference.
 */
export const beeAiRule: Rule = {
  name: 'beeai',
  keys: ['beeai.'],
  scopes: ['openinference.instrumentation.beeai'],
  apply(span, draft) {
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
