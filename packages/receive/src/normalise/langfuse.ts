import type { Attributes, AttributeValue, RawSpan } from '@vedetta/model';
import { msToUnixNano } from '@vedetta/model';
import type { Draft } from './draft.js';
import { toMessages } from './message-list.js';
import { stateParameters } from './parameters.js';
import type { Rule } from './rule.js';
import { isTree, toAmount, toCount, toLabel, toObject, toText, toTexts, toTree, unquote } from './values.js';

const OPERATIONS: { readonly [type: string]: string | undefined } = {
  __proto__: null as never,
  generation: 'chat',
  embedding: 'embeddings',
  tool: 'execute_tool',
  agent: 'invoke_agent',
  retriever: 'retrieval',
};

// A chain, span or event says nothing about what it does; it becomes a GenAI span only by what else it holds.
const GENERIC: ReadonlySet<string> = new Set(['span', 'event']);

/** Langfuse's SDKs: `langfuse.observation.*`, `langfuse.trace.*`. */
export const langfuseRule: Rule = {
  name: 'langfuse',
  keys: ['langfuse.'],
  apply(span, draft) {
    const { attributes } = span;
    const own = (name: string) => attributes[`langfuse.observation.${name}`];
    const type = toText(own('type'))?.toLowerCase() ?? '';
    if (type !== '' && !GENERIC.has(type)) {
      const root = type === 'chain' && span.parentSpanId === '';
      draft.set('operation', root ? 'invoke_workflow' : (OPERATIONS[type] ?? type));
    }
    draft.set('requestModel', toText(own('model.name') ?? own('model')));
    stateParameters(draft, toTree(own('model.parameters')));
    stateUsage(toObject(own('usage_details')), draft);
    draft.set('suppliedCostUsd', cost(toObject(own('cost_details'))));
    draft.set('timeToFirstTokenMs', firstTokenMs(span, toText(own('completion_start_time'))));
    draft.set('promptName', toText(own('prompt.name')));
    draft.set('promptVersion', toLabel(own('prompt.version')));
    stateContent(span, type, draft);
    if (type === 'agent') draft.set('agentName', toText(span.name));
    stateTrace(attributes, draft);
    if (toText(own('level')) === 'ERROR') {
      draft.fact('errorType', '_OTHER');
      draft.fact('errorMessage', toText(own('status_message')));
    }
  },
};

/**
 * Langfuse's buckets exclude each other: `input` leaves out what `input_cached_tokens` counts, `output` what
 * `output_reasoning_tokens` does. A total in GenAI is the sum of all buckets of its side.
 */
function stateUsage(details: { readonly [key: string]: AttributeValue } | undefined, draft: Draft): void {
  if (details === undefined || draft.usage.inputTokens !== undefined || draft.usage.outputTokens !== undefined) return;
  const count = (...names: string[]) => {
    const known = names.map((name) => toCount(details[name])).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
  };
  const side = (name: string) => {
    const buckets = Object.keys(details).filter((key) => key === name || key.startsWith(`${name}_`));
    return count(...buckets);
  };
  draft.count('inputTokens', side('input') ?? count('prompt_tokens', 'promptTokens'));
  draft.count('outputTokens', side('output') ?? count('completion_tokens', 'completionTokens'));
  draft.count('statedTotalTokens', count('total'));
  draft.count('cacheReadTokens', count('input_cached_tokens') ?? count('input_cache_read', 'cache_read_input_tokens'));
  const written = count('input_cache_creation_5m', 'input_cache_creation_1h');
  draft.count('cacheWriteTokens', count('input_cache_creation', 'cache_creation_input_tokens') ?? written);
  draft.count('reasoningTokens', count('output_reasoning_tokens') ?? count('output_reasoning'));
  draft.count('audioInputTokens', count('input_audio_tokens') ?? count('input_audio'));
  draft.count('audioOutputTokens', count('output_audio_tokens') ?? count('output_audio'));
  if (!draft.hasUsage) return;
  draft.cacheSettled = true;
  const { inputTokens } = draft.usage;
  if (inputTokens !== undefined && inputTokens !== count('input')) draft.recount('inputTokens', inputTokens, true);
}

function cost(details: { readonly [key: string]: AttributeValue } | undefined): number | undefined {
  if (details === undefined) return undefined;
  const total = toAmount(details.total);
  if (total !== undefined) return total;
  const parts = Object.values(details)
    .map(toAmount)
    .filter((value) => value !== undefined);
  return parts.length === 0 ? undefined : parts.reduce((sum, value) => sum + value, 0);
}

function firstTokenMs(span: RawSpan, startTime: string | undefined): number | undefined {
  const at = Date.parse(startTime?.replace(/^"|"$/g, '') ?? '');
  if (Number.isNaN(at)) return undefined;
  const ms = Number(msToUnixNano(at) - span.startUnixNano) / 1e6;
  return ms >= 0 ? ms : undefined;
}

function stateContent(span: RawSpan, type: string, draft: Draft): void {
  const { attributes } = span;
  const root = span.parentSpanId === '';
  const input = attributes['langfuse.observation.input'] ?? (root ? attributes['langfuse.trace.input'] : undefined);
  const output = attributes['langfuse.observation.output'] ?? (root ? attributes['langfuse.trace.output'] : undefined);
  if (type === 'tool') {
    draft.set('toolName', toText(span.name));
    draft.set('toolCallArguments', unquote(toTree(input)));
    draft.set('toolCallResult', unquote(toTree(output)));
    return;
  }
  const { messages, tools } = takeTools(unquote(toTree(input)));
  draft.set('toolDefinitions', tools);
  draft.set('inputMessages', toMessages(messages, 'user'));
  if (type !== 'embedding') draft.set('outputMessages', toMessages(unquote(output), 'assistant'));
}

/** The LangChain handler appends tool definitions to the messages, as if a tool had said them. */
function takeTools(input: AttributeValue | undefined): {
  messages: AttributeValue | undefined;
  tools: AttributeValue[] | undefined;
} {
  if (!Array.isArray(input)) return { messages: input, tools: undefined };
  const tools: AttributeValue[] = [];
  const messages = (input as readonly AttributeValue[]).filter((item) => {
    const content = isTree(item) && item.role === 'tool' ? item.content : undefined;
    if (!isTree(content) || content.type !== 'function' || !isTree(content.function)) return true;
    tools.push(content);
    return false;
  });
  return { messages, tools: tools.length === 0 ? undefined : tools };
}

function stateTrace(attributes: Attributes, draft: Draft): void {
  draft.fact('sessionId', toLabel(attributes['session.id'] ?? attributes['langfuse.session.id']));
  draft.fact('userId', toLabel(attributes['user.id'] ?? attributes['langfuse.user.id']));
  draft.fact('tags', toTexts(attributes['langfuse.trace.tags']));
  draft.fact('sessionId', toLabel(attributes['langfuse.observation.metadata.thread_id']));
}
