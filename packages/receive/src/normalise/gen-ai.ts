import type { Attributes, AttributeValue, MessagePart, RawSpan } from '@vedetta/model';
import { foldFinishReason, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import type { Draft } from './draft.js';
import { messagesOfEvents } from './gen-ai-events.js';
import { toMessages } from './message-list.js';
import { toPart } from './message-part.js';
import { stateParameter } from './parameters.js';
import { toProvider } from './provider.js';
import type { Rule } from './rule.js';
import { unflatten } from './unflatten.js';
import { toAmount, toCount, toFlag, toList, toText, toTexts, toTree } from './values.js';

const REQUEST = 'gen_ai.request.';

/**
 * The OpenTelemetry GenAI conventions in their three generations: the newest name that is present wins. G2 is the new
 * repository, G1 v1.37 to v1.41, G0 up to v1.36 with its per-message events and flattened `gen_ai.prompt.N.*`.
 */
export const genAiRule: Rule = {
  name: 'gen_ai',
  keys: ['gen_ai.', 'llm.is_streaming'],
  events: ['gen_ai.'],
  apply(span, draft) {
    const { attributes } = span;
    const first = (...names: string[]) => firstOf(attributes, names);
    draft.set('operation', toText(attributes['gen_ai.operation.name']));
    draft.set('provider', toProvider(toText(first('gen_ai.provider.name', 'gen_ai.system'))));
    draft.set('requestModel', toText(attributes['gen_ai.request.model']));
    draft.set('responseModel', toText(attributes['gen_ai.response.model']));
    draft.set('responseId', toText(attributes['gen_ai.response.id']));
    draft.set('finishReasons', toTexts(attributes['gen_ai.response.finish_reasons'])?.map(foldFinishReason));
    if (toFlag(first('gen_ai.request.stream', 'gen_ai.is_streaming', 'llm.is_streaming')) === true)
      draft.set('stream', true);
    const firstChunk = toAmount(first('gen_ai.response.time_to_first_chunk', 'gen_ai.server.time_to_first_token'));
    if (firstChunk !== undefined) draft.set('timeToFirstTokenMs', firstChunk * 1000);
    draft.set('serviceTier', toText(first('openai.response.service_tier', 'gen_ai.openai.response.service_tier')));
    stateUsage(attributes, draft);
    for (const key in attributes) {
      if (key.startsWith(REQUEST)) stateParameter(draft, key.slice(REQUEST.length), attributes[key]);
    }
    stateParameter(draft, 'seed', attributes['gen_ai.openai.request.seed']);
    stateConversation(span, draft);
    stateTool(attributes, draft);
    draft.set('agentName', toText(attributes['gen_ai.agent.name']));
    draft.set('workflowName', toText(attributes['gen_ai.workflow.name']));
    draft.set('promptName', toText(attributes['gen_ai.prompt.name']));
    draft.set('promptVersion', toText(attributes['gen_ai.prompt.version']));
    draft.fact('sessionId', toText(attributes['gen_ai.conversation.id']));
    draft.set(
      'suppliedCostUsd',
      toAmount(first('gen_ai.usage.cost', 'gen_ai.usage.total_cost', 'gen_ai.cost.total_cost')),
    );
    const output = attributes['gen_ai.output.type'];
    if (output === 'image') draft.fact('modality', 'image');
    else if (output === 'speech') draft.fact('modality', 'audio');
  },
};

function stateUsage(attributes: Attributes, draft: Draft): void {
  const count = (...names: string[]) => toCount(firstOf(attributes, names));
  draft.count('inputTokens', count('gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens'));
  draft.count('outputTokens', count('gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens'));
  draft.count(
    'cacheReadTokens',
    count('gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.details.cache_read_tokens'),
  );
  draft.count(
    'cacheWriteTokens',
    count(
      'gen_ai.usage.cache_write.input_tokens',
      'gen_ai.usage.cache_creation.input_tokens',
      'gen_ai.usage.details.cache_write_tokens',
    ),
  );
  draft.count(
    'reasoningTokens',
    count('gen_ai.usage.reasoning.output_tokens', 'gen_ai.usage.details.reasoning_tokens'),
  );
  draft.count('audioInputTokens', count('gen_ai.usage.audio.input_tokens', 'gen_ai.usage.details.input_audio_tokens'));
  draft.count(
    'audioOutputTokens',
    count('gen_ai.usage.audio.output_tokens', 'gen_ai.usage.details.output_audio_tokens'),
  );
  draft.count('imageInputTokens', count('gen_ai.usage.image.input_tokens'));
  draft.count('imageOutputTokens', count('gen_ai.usage.image.output_tokens'));
  draft.count('cacheWrite1hTokens', toCount(attributes[VEDETTA_ATTRIBUTES.cacheWrite1hTokens]));
  draft.count('statedTotalTokens', count('gen_ai.usage.total_tokens'));
}

function stateConversation(span: RawSpan, draft: Draft): void {
  const { attributes } = span;
  draft.set('inputMessages', toMessages(attributes['gen_ai.input.messages'], 'user'));
  draft.set('outputMessages', toMessages(attributes['gen_ai.output.messages'], 'assistant'));
  draft.set('systemInstructions', toParts(attributes['gen_ai.system_instructions']));
  if (span.events.length > 0) {
    const { input, output } = messagesOfEvents(span.events);
    draft.set('inputMessages', input);
    draft.set('outputMessages', output);
  }
  draft.set('inputMessages', legacyMessages(attributes, 'gen_ai.prompt', 'user'));
  draft.set('outputMessages', legacyMessages(attributes, 'gen_ai.completion', 'assistant'));
  draft.set('toolDefinitions', toList(attributes['gen_ai.tool.definitions']));
}

function stateTool(attributes: Attributes, draft: Draft): void {
  draft.set('toolName', toText(attributes['gen_ai.tool.name']));
  draft.set('toolCallId', toText(attributes['gen_ai.tool.call.id']));
  draft.set('toolCallArguments', toTree(attributes['gen_ai.tool.call.arguments']));
  draft.set('toolCallResult', toTree(attributes['gen_ai.tool.call.result']));
}

/** G0: the whole as one text, or flattened to `.N.role`, `.N.content`, `.N.tool_calls.M.name`. */
function legacyMessages(attributes: Attributes, key: string, role: string) {
  const whole = attributes[key];
  if (whole !== undefined) return toMessages(whole, role);
  // Cheap test before all keys are looked through; some writers start at 1 or leave the first role out.
  for (const name in attributes) {
    if (name.startsWith(key) && name.charCodeAt(key.length) === 46 && isDigit(name.charCodeAt(key.length + 1))) {
      return toMessages(onlyNumbered(unflatten(attributes, key)), role);
    }
  }
  return undefined;
}

/** `gen_ai.prompt.name` and the like share the prefix with the messages and are none. */
function onlyNumbered(tree: AttributeValue | undefined): AttributeValue | undefined {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree;
  const numbered = Object.entries(tree).filter(([name]) => /^\d+$/.test(name));
  return numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

function toParts(value: AttributeValue | undefined): MessagePart[] | undefined {
  const tree = toTree(value);
  if (typeof tree === 'string') return tree === '' ? undefined : [{ type: 'text', content: tree }];
  if (!Array.isArray(tree)) return undefined;
  const parts = (tree as readonly AttributeValue[]).flatMap((part) => toPart(part) ?? []);
  return parts.length === 0 ? undefined : parts;
}

function firstOf(attributes: Attributes, names: readonly string[]): AttributeValue | undefined {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
