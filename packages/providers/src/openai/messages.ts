import type { AttributeValue, Message, MessagePart } from '@vedetta/model';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, keepValue } from '../json.js';
import { toolResponsePart, toParts, toToolCall } from '../parts.js';

/** Messages of one request that are kept; real conversations are far shorter. */
export const MAX_MESSAGES = 5000;
export const MAX_TOOLS = 512;

/** The conversation of a chat request. */
export function toChatMessages(messages: unknown): Message[] {
  return asList(messages)
    .slice(0, MAX_MESSAGES)
    .flatMap((item) => {
      const message = asObject(item);
      return message === undefined ? [] : [toChatMessage(message)];
    });
}

/** One message of a chat request or answer: reasoning, content and calls in this order. */
export function toChatMessage(message: Json): Message {
  const role = asName(message.role) ?? 'user';
  const name = asName(message.name);
  const id = asName(message.tool_call_id);
  const parts: MessagePart[] = [];
  const reasoning = asText(message.reasoning_content) ?? asText(message.reasoning) ?? asText(message.thinking);
  if (reasoning !== undefined) parts.push({ type: 'reasoning', content: reasoning });
  if (role === 'tool' || role === 'function') parts.push(toolResponsePart(message.content ?? null, id));
  else if (message.content !== undefined && message.content !== null) parts.push(...toParts(message.content));
  if (typeof message.refusal === 'string') parts.push({ type: 'text', content: message.refusal });
  for (const call of callsOf(message)) parts.push(toToolCall(call) ?? { type: 'tool_call', name: 'unknown' });
  return { role: role === 'function' ? 'tool' : role, parts, ...(name === undefined ? {} : { name }) };
}

/** Tool definitions of any shape as `{type, name, description, parameters}`. */
export function toToolDefinitions(tools: unknown): AttributeValue[] {
  return asList(tools)
    .slice(0, MAX_TOOLS)
    .flatMap((item) => {
      const tool = asObject(item);
      if (tool === undefined) return [];
      const target = asObject(tool.function) ?? asObject(tool.custom) ?? tool;
      const name = asName(target.name);
      if (name === undefined) return [keepValue(tool)];
      const description = asText(target.description);
      const parameters = target.parameters ?? target.input_schema ?? target.parametersJsonSchema;
      return [
        {
          type: asName(tool.type) ?? 'function',
          name,
          ...(description === undefined ? {} : { description }),
          ...(parameters === undefined ? {} : { parameters: keepValue(parameters) }),
        },
      ];
    });
}

function callsOf(message: Json): Json[] {
  const calls = asList(message.tool_calls).slice(0, MAX_TOOLS);
  return [...calls, message.function_call].flatMap((call): Json[] => {
    const known = asObject(call);
    return known === undefined ? [] : [known];
  });
}
