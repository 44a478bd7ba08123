import type { AttributeValue } from '@vedetta/model';
import { foldFinishReason } from '@vedetta/model';
import { toMessages } from './message-list.js';
import { stateParameter } from './parameters.js';
import type { Rule } from './rule.js';
import { unflatten } from './unflatten.js';
import { isTree, toCount, toLabel, toText, toTexts, toTree } from './values.js';

const ASSOCIATION = 'traceloop.association.properties.';

const REQUEST_TYPES: { readonly [type: string]: string | undefined } = {
  __proto__: null as never,
  chat: 'chat',
  completion: 'text_completion',
  embedding: 'embeddings',
  rerank: 'rerank',
};

const KINDS: { readonly [kind: string]: string | undefined } = {
  __proto__: null as never,
  workflow: 'invoke_workflow',
  agent: 'invoke_agent',
  tool: 'execute_tool',
};

/** OpenLLMetry (Traceloop): its own keys beside the G0 ones, which the `gen_ai` rule has read already. */
export const openLlmetryRule: Rule = {
  name: 'openllmetry',
  keys: [
    'traceloop.',
    'llm.request.',
    'llm.response.',
    'llm.usage.',
    'llm.top_k',
    'llm.frequency_penalty',
    'llm.presence_penalty',
    'llm.chat.',
    'gen_ai.usage.',
    'gen_ai.completion.',
  ],
  apply(span, draft) {
    const { attributes } = span;
    const kind = toText(attributes['traceloop.span.kind']);
    draft.set('operation', REQUEST_TYPES[toText(attributes['llm.request.type']) ?? '']);
    if (kind !== undefined) draft.set('operation', KINDS[kind] ?? kind);
    draft.set('requestModel', toText(attributes['llm.request.model']));
    draft.set('responseModel', toText(attributes['llm.response.model']));
    draft.set('finishReasons', finishReasons(attributes));
    draft.count('cacheReadTokens', toCount(attributes['gen_ai.usage.cache_read_input_tokens']));
    draft.count('cacheWriteTokens', toCount(attributes['gen_ai.usage.cache_creation_input_tokens']));
    draft.count('reasoningTokens', toCount(attributes['gen_ai.usage.reasoning_tokens']));
    draft.count('statedTotalTokens', toCount(attributes['llm.usage.total_tokens']));
    draft.count('inputTokens', toCount(attributes['llm.usage.prompt_tokens']));
    draft.count('outputTokens', toCount(attributes['llm.usage.completion_tokens']));
    stateParameter(draft, 'top_k', attributes['llm.top_k']);
    stateParameter(draft, 'frequency_penalty', attributes['llm.frequency_penalty']);
    stateParameter(draft, 'presence_penalty', attributes['llm.presence_penalty']);
    stateParameter(draft, 'stop_sequences', attributes['llm.chat.stop_sequences']);
    const functions = unflatten(attributes, 'llm.request.functions');
    if (Array.isArray(functions)) draft.set('toolDefinitions', functions.map(toDefinition));
    const name = toText(attributes['traceloop.entity.name']);
    const input = attributes['traceloop.entity.input'];
    const output = attributes['traceloop.entity.output'];
    if (kind === 'tool') {
      draft.set('toolName', name);
      draft.set('toolCallArguments', toTree(input));
      draft.set('toolCallResult', toTree(output));
    } else if (kind !== undefined) {
      draft.set('inputMessages', toMessages(entityValue(input, 'inputs'), 'user'));
      draft.set('outputMessages', toMessages(entityValue(output, 'outputs'), 'assistant'));
    }
    if (kind === 'agent') draft.set('agentName', name);
    draft.set('workflowName', toText(attributes['traceloop.workflow.name']));
    draft.set('promptName', toText(attributes['traceloop.prompt.key']));
    draft.set('promptVersion', toLabel(attributes['traceloop.prompt.version']));
    for (const key of ['session_id', 'thread_id', 'conversation_id', 'chat_id']) {
      draft.fact('sessionId', toLabel(attributes[ASSOCIATION + key]));
    }
    draft.fact('userId', toLabel(attributes[`${ASSOCIATION}user_id`]));
  },
};

function finishReasons(attributes: { readonly [key: string]: AttributeValue }): string[] | undefined {
  const reasons: string[] = [];
  for (let i = 0; ; i++) {
    const reason = toText(attributes[`gen_ai.completion.${i}.finish_reason`]);
    if (reason === undefined) break;
    reasons.push(foldFinishReason(reason));
  }
  if (reasons.length > 0) return reasons;
  return toTexts(attributes['llm.response.finish_reason'])?.map(foldFinishReason);
}

/** Functions are flattened with their parameters as JSON text. */
function toDefinition(item: AttributeValue): AttributeValue {
  if (!isTree(item)) return item;
  const parameters = toTree(item.parameters);
  return { type: 'function', ...item, ...(parameters === undefined ? {} : { parameters }) };
}

/** Entities keep what they were called with one or two levels down: `{"args": [...], "inputs": {...}}`. */
function entityValue(value: AttributeValue | undefined, member: string): AttributeValue | undefined {
  const tree = toTree(value);
  return isTree(tree) && tree[member] !== undefined ? tree[member] : tree;
}
