import type { Attributes, AttributeValue, Message } from '@vedetta/model';
import { foldFinishReason } from '@vedetta/model';
import type { Draft } from './draft.js';
import { toMessages } from './message-list.js';
import { stateParameters } from './parameters.js';
import { toProvider } from './provider.js';
import type { Rule } from './rule.js';
import { unflatten } from './unflatten.js';
import { isTree, toAmount, toCount, toLabel, toList, toText, toTexts, toTree } from './values.js';

// Kinds that have an operation in the GenAI conventions; the others keep their own name in lower case.
const OPERATIONS: { readonly [kind: string]: string | undefined } = {
  __proto__: null as never,
  LLM: 'chat',
  EMBEDDING: 'embeddings',
  RETRIEVER: 'retrieval',
  RERANKER: 'rerank',
  TOOL: 'execute_tool',
  AGENT: 'invoke_agent',
};

/** OpenInference (Arize Phoenix): `openinference.span.kind`, `llm.*`, `input.value`, `output.value`... */
export const openInferenceRule: Rule = {
  name: 'openinference',
  keys: [
    'openinference.',
    'llm.model_name',
    'llm.provider',
    'llm.system',
    'llm.token_count.',
    'llm.input_messages.',
    'llm.output_messages.',
    'llm.invocation_parameters',
    'llm.tools.',
    'llm.cost.',
    'input.value',
    'output.value',
    'embedding.',
    'retrieval.documents.',
    'reranker.',
    'tool.name',
    'agent.name',
  ],
  apply(span, draft) {
    const { attributes } = span;
    const kind = toText(attributes['openinference.span.kind'])?.toUpperCase() ?? '';
    if (kind !== '') draft.set('operation', operation(kind, attributes, span.parentSpanId === ''));
    draft.set('provider', toProvider(toText(attributes['llm.provider']) ?? toText(attributes['llm.system'])));
    const model = ['llm.request.model_name', 'llm.model_name', 'embedding.model_name', 'reranker.model_name'];
    for (const name of model) draft.set('requestModel', toText(attributes[name]));
    draft.set('responseModel', toText(attributes['llm.response.model_name']));
    draft.set('finishReasons', toTexts(attributes['llm.finish_reason'])?.map(foldFinishReason));
    stateUsage(attributes, draft);
    stateParameters(draft, toTree(attributes['llm.invocation_parameters']));
    const isTool = kind === 'TOOL' || draft.get('operation') === 'execute_tool';
    if (isTool) stateTool(attributes, draft);
    else stateConversation(attributes, draft);
    draft.set('toolDefinitions', tools(attributes));
    draft.set('agentName', toText(attributes['agent.name']));
    if (kind === 'AGENT') {
      draft.set('agentName', toText(attributes['graph.node.name']) ?? toText(attributes['graph.node.id']));
    }
    if (draft.get('operation') === 'invoke_workflow') draft.set('workflowName', toText(span.name));
    draft.set('promptName', toText(attributes['prompt.id']));
    draft.set('promptVersion', toLabel(attributes['llm.prompt_template.version']));
    draft.fact('sessionId', toLabel(attributes['session.id']));
    draft.fact('userId', toLabel(attributes['user.id']));
  },
};

function operation(kind: string, attributes: Attributes, isRoot: boolean): string {
  if (kind === 'CHAIN' && isRoot) return 'invoke_workflow';
  if (kind === 'LLM' && (attributes['llm.prompts'] ?? attributes['llm.prompts.0.prompt.text']) !== undefined) {
    return 'text_completion';
  }
  return OPERATIONS[kind] ?? kind.toLowerCase();
}

function stateUsage(attributes: Attributes, draft: Draft): void {
  const count = (name: string) => toCount(attributes[`llm.token_count.${name}`]);
  draft.count('inputTokens', count('prompt'));
  draft.count('outputTokens', count('completion'));
  draft.count('statedTotalTokens', count('total'));
  draft.count('cacheReadTokens', count('prompt_details.cache_read'));
  draft.count('cacheWriteTokens', count('prompt_details.cache_write'));
  draft.count('reasoningTokens', count('completion_details.reasoning'));
  draft.count('audioInputTokens', count('prompt_details.audio'));
  draft.count('audioOutputTokens', count('completion_details.audio'));
  const parts = [attributes['llm.cost.prompt'], attributes['llm.cost.completion']].map(toAmount);
  const sum = parts.every((part) => part === undefined) ? undefined : (parts[0] ?? 0) + (parts[1] ?? 0);
  draft.set('suppliedCostUsd', toAmount(attributes['llm.cost.total']) ?? sum);
}

function stateConversation(attributes: Attributes, draft: Draft): void {
  draft.set('inputMessages', family(attributes, 'llm.input_messages', 'user'));
  draft.set('outputMessages', family(attributes, 'llm.output_messages', 'assistant'));
  draft.set('inputMessages', prompts(attributes));
  draft.set('inputMessages', embeddingTexts(attributes));
  draft.set('inputMessages', toMessages(attributes['input.value'], 'user'));
  if (draft.get('operation') !== 'embeddings') {
    draft.set('outputMessages', toMessages(attributes['output.value'], 'assistant'));
  }
}

function stateTool(attributes: Attributes, draft: Draft): void {
  draft.set('toolName', toText(attributes['tool.name']));
  draft.set('toolCallId', toText(attributes['tool.id']));
  draft.set('toolCallArguments', toTree(attributes['input.value'] ?? attributes['tool.parameters']));
  draft.set('toolCallResult', toTree(attributes['output.value']));
}

function family(attributes: Attributes, prefix: string, role: string): Message[] | undefined {
  return toMessages(unflatten(attributes, prefix) ?? toList(attributes[prefix]), role);
}

function prompts(attributes: Attributes): Message[] | undefined {
  const list = unflatten(attributes, 'llm.prompts');
  if (!Array.isArray(list)) return toMessages(attributes['llm.prompts'], 'user');
  const texts = list.map((item) => (isTree(item) && isTree(item.prompt) ? (item.prompt.text ?? null) : item));
  return toMessages(texts, 'user');
}

function embeddingTexts(attributes: Attributes): Message[] | undefined {
  const texts: AttributeValue[] = [];
  for (let i = 0; ; i++) {
    const text = attributes[`embedding.embeddings.${i}.embedding.text`];
    if (text === undefined) break;
    texts.push(text);
  }
  return texts.length === 0 ? undefined : toMessages(texts, 'user');
}

/** Tool definitions as JSON text under `llm.tools.N.tool.json_schema`. */
function tools(attributes: Attributes): readonly AttributeValue[] | undefined {
  const list = unflatten(attributes, 'llm.tools') ?? toList(attributes['llm.tools']);
  if (!Array.isArray(list)) return undefined;
  return (list as readonly AttributeValue[]).map((item) => {
    const tool = isTree(item) && isTree(item.tool) ? item.tool : item;
    return (isTree(tool) && tool.json_schema !== undefined ? toTree(tool.json_schema) : tool) ?? null;
  });
}
