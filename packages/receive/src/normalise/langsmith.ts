import { stateParameter } from './parameters.js';
import { toProvider } from './provider.js';
import type { Rule } from './rule.js';
import { toCount, toLabel, toNumber, toObject, toText, toTree } from './values.js';

const OPERATIONS: { readonly [type: string]: string | undefined } = {
  __proto__: null as never,
  llm: 'chat',
  chat_model: 'chat',
  tool: 'execute_tool',
  retriever: 'retrieval',
  embedding: 'embeddings',
};

/** LangSmith's and LangChain's OpenTelemetry export: run types, `metadata.ls_*`, LangGraph's thread. */
export const langsmithRule: Rule = {
  name: 'langsmith',
  keys: [
    'langsmith.',
    'ls_provider',
    'ls_model_name',
    'metadata.ls_',
    'metadata.thread_id',
    'metadata.user_id',
    'gen_ai.usage.input_token_details',
    'gen_ai.usage.output_token_details',
  ],
  events: ['new_token'],
  apply(span, draft) {
    const { attributes } = span;
    const metadata = (name: string) =>
      attributes[`langsmith.metadata.${name}`] ?? attributes[`metadata.${name}`] ?? attributes[name];
    const type = toText(attributes['langsmith.span.kind'])?.toLowerCase();
    if (type !== undefined) draft.set('operation', OPERATIONS[type] ?? type);
    draft.set('provider', toProvider(toText(metadata('ls_provider'))));
    draft.set('requestModel', toText(metadata('ls_model_name')));
    stateParameter(draft, 'temperature', metadata('ls_temperature'));
    stateParameter(draft, 'max_tokens', metadata('ls_max_tokens'));
    const input = toObject(attributes['gen_ai.usage.input_token_details']);
    const output = toObject(attributes['gen_ai.usage.output_token_details']);
    draft.count('cacheReadTokens', toCount(input?.cache_read));
    draft.count('cacheWriteTokens', toCount(input?.cache_creation));
    draft.count('audioInputTokens', toCount(input?.audio));
    draft.count('reasoningTokens', toCount(output?.reasoning));
    draft.count('audioOutputTokens', toCount(output?.audio));
    const usage = toObject(attributes['langsmith.usage_metadata']);
    draft.set('suppliedCostUsd', toNumber(usage?.total_cost));
    if (type === 'tool') {
      draft.set('toolName', toText(attributes['langsmith.trace.name']) ?? toText(span.name));
      draft.set('toolCallArguments', toTree(attributes['gen_ai.prompt']));
      draft.set('toolCallResult', toTree(attributes['gen_ai.completion']));
    }
    if (span.parentSpanId === '') draft.set('workflowName', toText(attributes['langsmith.trace.name']));
    draft.set('agentName', type === 'chain' ? toText(metadata('langgraph_node')) : undefined);
    const first = span.events.find((event) => event.name === 'new_token');
    if (first !== undefined) draft.set('timeToFirstTokenMs', Number(first.timeUnixNano - span.startUnixNano) / 1e6);
    for (const name of ['thread_id', 'session_id', 'conversation_id']) draft.fact('sessionId', toLabel(metadata(name)));
    draft.fact('userId', toLabel(metadata('user_id')));
    const tags = toText(attributes['langsmith.span.tags']);
    if (tags !== undefined)
      draft.fact(
        'tags',
        tags
          .split(',')
          .map((tag) => tag.trim())
          .filter((tag) => tag !== ''),
      );
  },
};
