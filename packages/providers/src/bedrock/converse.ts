import type { AttributeValue, Message, MessagePart, Usage } from '@vedetta/model';
import { requestFacts } from '../facts.js';
import type { Json } from '../json.js';
import { asCount, asList, asName, asObject, asText, base64Size, keepValue, objectOrNothing } from '../json.js';
import { MAX_MESSAGES, MAX_TOOLS } from '../openai/messages.js';
import { readParameters } from '../parameters.js';
import { blobPart, toolCallPart, toolResponsePart } from '../parts.js';
import type { RequestFacts } from '../provider.js';
import { reportedUsage, sumOf } from '../usage-counts.js';

const MAX_PARTS = 1000;

/** A request of Bedrock's converse API; Nova's own body has the same shape. */
export function readConverseRequest(value: unknown): RequestFacts {
  const body = objectOrNothing(value);
  return requestFacts({
    parameters: readParameters(asObject(body.inferenceConfig)),
    inputMessages: toConverseMessages(body.messages),
    systemInstructions: toConverseParts(body.system),
    toolDefinitions: toTools(objectOrNothing(body.toolConfig).tools),
  });
}

/** Parts of converse's content: each has one member that tells what it is. */
export function toConverseParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return [{ type: 'text', content }];
  return asList(content)
    .slice(0, MAX_PARTS)
    .flatMap((item) => toConversePart(objectOrNothing(item)) ?? []);
}

/**
 * Converse's usage. Cached tokens stand beside the input where the total includes them as well, which is what AWS documents;
 * a total that is input and output alone shows that they are part of the input.
 */
export function converseUsage(value: unknown): Usage | undefined {
  const usage = objectOrNothing(value);
  const input = asCount(usage.inputTokens);
  const output = asCount(usage.outputTokens);
  const read = asCount(usage.cacheReadInputTokens) ?? asCount(usage.cacheReadInputTokenCount);
  const write = asCount(usage.cacheWriteInputTokens) ?? asCount(usage.cacheWriteInputTokenCount);
  const total = asCount(usage.totalTokens);
  const cached = (read ?? 0) + (write ?? 0);
  const added = cached > 0 && input !== undefined && total !== input + (output ?? 0);
  return reportedUsage(
    {
      inputTokens: added ? sumOf(input, cached) : input,
      outputTokens: output,
      cacheReadTokens: read,
      cacheWriteTokens: write,
      statedTotalTokens: total,
    },
    added,
  );
}

function toConverseMessages(messages: unknown): Message[] {
  return asList(messages)
    .slice(0, MAX_MESSAGES)
    .flatMap((item) => {
      const message = asObject(item);
      if (message === undefined) return [];
      return [{ role: asName(message.role) ?? 'user', parts: toConverseParts(message.content) }];
    });
}

function toConversePart(part: Json): MessagePart | undefined {
  if (typeof part.text === 'string') return { type: 'text', content: part.text };
  const guarded = asText(objectOrNothing(objectOrNothing(part.guardContent).text).text);
  if (guarded !== undefined) return { type: 'text', content: guarded };
  const thought = asText(objectOrNothing(objectOrNothing(part.reasoningContent).reasoningText).text);
  if (thought !== undefined) return { type: 'reasoning', content: thought };
  const call = asObject(part.toolUse);
  if (call !== undefined) return toolCallPart(asName(call.name) ?? 'unknown', asName(call.toolUseId), call.input ?? {});
  const result = asObject(part.toolResult);
  if (result !== undefined) return toolResponsePart(result.content ?? null, asName(result.toolUseId));
  for (const modality of ['image', 'video', 'document'] as const) {
    const media = asObject(part[modality]);
    if (media === undefined) continue;
    const format = asName(media.format);
    const data = asText(objectOrNothing(media.source).bytes) ?? '';
    return blobPart(modality, base64Size(data), format === undefined ? undefined : `${modality}/${format}`);
  }
  const [name] = Object.keys(part);
  if (name === undefined) return undefined;
  return { ...(keepValue(part) as { readonly [name: string]: AttributeValue }), type: name.slice(0, 100) };
}

function toTools(tools: unknown): AttributeValue[] {
  return asList(tools)
    .slice(0, MAX_TOOLS)
    .flatMap((item) => {
      const tool = asObject(objectOrNothing(item).toolSpec);
      if (tool === undefined) return [];
      const description = asText(tool.description);
      return [
        {
          type: 'function',
          name: asName(tool.name) ?? 'unknown',
          ...(description === undefined ? {} : { description }),
          parameters: keepValue(objectOrNothing(tool.inputSchema).json),
        },
      ];
    });
}
