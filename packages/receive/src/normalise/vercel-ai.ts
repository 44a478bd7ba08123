import type { Attributes, AttributeValue, Message, MessagePart, RawSpan } from '@vedetta/model';
import { foldFinishReason } from '@vedetta/model';
import type { Draft } from './draft.js';
import { toMessages } from './message-list.js';
import { modalityOf, toMedia, toToolCalls } from './message-part.js';
import { stateParameter } from './parameters.js';
import { toProvider } from './provider.js';
import type { Rule } from './rule.js';
import { isTree, toAmount, toCount, toLabel, toList, toText, toTexts, toTree, unquote } from './values.js';

// Spans that call a model. Their parents (`ai.generateText`, `ai.embed`...) repeat the usage of the calls inside.
const CALLS: { readonly [operation: string]: string | undefined } = {
  __proto__: null as never,
  'ai.generateText.doGenerate': 'chat',
  'ai.generateObject.doGenerate': 'chat',
  'ai.streamText.doStream': 'chat',
  'ai.streamObject.doStream': 'chat',
  'ai.embed.doEmbed': 'embeddings',
  'ai.embedMany.doEmbed': 'embeddings',
  'ai.toolCall': 'execute_tool',
  'ai.rerank.doRerank': 'rerank',
};

const PARENTS: { readonly [operation: string]: string | undefined } = {
  __proto__: null as never,
  'ai.generateText': 'invoke_agent',
  'ai.generateObject': 'invoke_agent',
  'ai.streamText': 'invoke_agent',
  'ai.streamObject': 'invoke_agent',
  'ai.embed': 'embeddings',
  'ai.embedMany': 'embeddings',
  'ai.rerank': 'rerank',
};

const MODALITIES: { readonly [operation: string]: string | undefined } = {
  __proto__: null as never,
  'ai.generateImage': 'image',
  'ai.generateSpeech': 'audio',
  'ai.transcribe': 'audio',
};

/** The Vercel AI SDK's own attributes, `ai.*`, as its telemetry writes them from version 3 to 6. */
export const vercelAiRule: Rule = {
  name: 'vercel',
  keys: ['ai.'],
  events: ['ai.'],
  apply(span, draft) {
    const { attributes } = span;
    const id = toText(attributes['ai.operationId']) ?? toText(attributes['operation.name'])?.split(' ')[0] ?? '';
    if (PARENTS[id] !== undefined) draft.aggregate = true;
    draft.set('operation', CALLS[id] ?? PARENTS[id] ?? (MODALITIES[id] === undefined ? undefined : id.slice(3)));
    draft.fact('modality', MODALITIES[id]);
    draft.set('provider', toProvider(toText(attributes['ai.model.provider'])));
    draft.set('requestModel', toText(attributes['ai.model.id']));
    draft.set('responseModel', toText(attributes['ai.response.model']));
    draft.set('responseId', toText(attributes['ai.response.id']));
    const finish = toText(attributes['ai.response.finishReason'] ?? attributes['ai.finishReason']);
    draft.set('finishReasons', finish === undefined ? undefined : [foldFinishReason(finish)]);
    if (id.includes('stream')) draft.set('stream', true);
    draft.set('timeToFirstTokenMs', firstChunkMs(span));
    stateUsage(attributes, draft);
    stateSettings(attributes, draft);
    draft.set('inputMessages', toMessages(attributes['ai.prompt.messages'] ?? attributes['ai.prompt'], 'user'));
    draft.set('inputMessages', embedded(attributes));
    draft.set('outputMessages', answer(attributes));
    draft.set(
      'toolDefinitions',
      toList(attributes['ai.prompt.tools'])?.map((tool) => toTree(tool) ?? null),
    );
    stateTool(attributes, draft);
    // A function's id names the caller's use of the SDK; on the span around it that is the agent.
    if (PARENTS[id] === 'invoke_agent') draft.set('agentName', toText(attributes['ai.telemetry.functionId']));
    draft.fact('sessionId', toLabel(attributes['ai.telemetry.metadata.sessionId']));
    draft.fact('userId', toLabel(attributes['ai.telemetry.metadata.userId']));
    draft.fact('tags', toTexts(attributes['ai.telemetry.metadata.tags']));
  },
};

function stateUsage(attributes: Attributes, draft: Draft): void {
  const count = (...names: string[]) => {
    for (const name of names) {
      const value = toCount(attributes[`ai.usage.${name}`]);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  draft.count('inputTokens', count('inputTokens', 'promptTokens', 'tokens'));
  draft.count('outputTokens', count('outputTokens', 'completionTokens'));
  draft.count('cacheReadTokens', count('inputTokenDetails.cacheReadTokens', 'cachedInputTokens'));
  draft.count('cacheWriteTokens', count('inputTokenDetails.cacheWriteTokens'));
  draft.count('reasoningTokens', count('outputTokenDetails.reasoningTokens', 'reasoningTokens'));
  draft.count('statedTotalTokens', count('totalTokens'));
}

function stateSettings(attributes: Attributes, draft: Draft): void {
  const start = 'ai.settings.';
  for (const key in attributes) {
    if (key.startsWith(start)) stateParameter(draft, key.slice(start.length), attributes[key]);
  }
}

function stateTool(attributes: Attributes, draft: Draft): void {
  draft.set('toolName', toText(attributes['ai.toolCall.name']));
  draft.set('toolCallId', toText(attributes['ai.toolCall.id']));
  draft.set('toolCallArguments', toTree(attributes['ai.toolCall.args']));
  draft.set('toolCallResult', toTree(attributes['ai.toolCall.result']));
}

/** Milliseconds, on the span or on the event of the first chunk. */
function firstChunkMs({ attributes, events }: RawSpan): number | undefined {
  const onSpan = toAmount(attributes['ai.response.msToFirstChunk']);
  if (onSpan !== undefined) return onSpan;
  for (const event of events) {
    if (event.name === 'ai.stream.firstChunk') {
      return toAmount(event.attributes['ai.response.msToFirstChunk'] ?? event.attributes['ai.stream.msToFirstChunk']);
    }
  }
  return undefined;
}

/** The answer is spread over attributes: reasoning, text, tool calls, an object, files. */
function answer(attributes: Attributes): Message[] | undefined {
  const member = (name: string) => attributes[`ai.response.${name}`] ?? attributes[`ai.result.${name}`];
  const parts: MessagePart[] = [];
  const reasoning = toText(member('reasoning'));
  if (reasoning !== undefined) parts.push({ type: 'reasoning', content: reasoning });
  const text = toText(member('text')) ?? toText(member('object'));
  if (text !== undefined) parts.push({ type: 'text', content: text });
  parts.push(...(toToolCalls(member('toolCalls')) ?? []), ...files(member('files')));
  return parts.length === 0 ? undefined : [{ role: 'assistant', parts }];
}

/** Texts to embed, each written as a JSON string. */
function embedded(attributes: Attributes): Message[] | undefined {
  const texts =
    toList(attributes['ai.values']) ?? (attributes['ai.value'] === undefined ? [] : [attributes['ai.value']]);
  return toMessages(
    texts.map((text) => unquote(text) ?? null),
    'user',
  );
}

function files(value: AttributeValue | undefined): MessagePart[] {
  return (toList(value) ?? []).flatMap((file) => {
    if (!isTree(file)) return [];
    const mime = toText(file.mediaType) ?? toText(file.mimeType);
    const data = toText(file.data) ?? toText(file.base64);
    return data === undefined ? [] : [toMedia(modalityOf(mime), data, mime)];
  });
}
