import type { AttributeValue, Message, MessagePart } from '@vedetta/model';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, base64Size, keepValue, objectOrNothing } from '../json.js';
import { blobPart, toPart, toParts } from '../parts.js';
import { MAX_MESSAGES } from './messages.js';

/** The input of a responses request: text, or messages mixed with calls, results and reasoning. */
export function toItemMessages(input: unknown): Message[] {
  if (typeof input === 'string')
    return input === '' ? [] : [{ role: 'user', parts: [{ type: 'text', content: input }] }];
  return asList(input)
    .slice(0, MAX_MESSAGES)
    .flatMap((value) => {
      const item = asObject(value);
      if (item === undefined) return [];
      // The short form of a message has no type.
      if (item.type === 'message' || (item.type === undefined && item.content !== undefined)) {
        return [{ role: asName(item.role) ?? 'user', parts: toParts(item.content ?? []) }];
      }
      const part = toItemPart(item);
      if (part === undefined) return [];
      return [{ role: part.type === 'tool_call_response' ? 'tool' : 'assistant', parts: [part] }];
    });
}

/** An item of input or output that is no message. Tools that the provider runs are `server_tool_call`s. */
export function toItemPart(item: Json): MessagePart | undefined {
  const type = asName(item.type) ?? 'unknown';
  // Its encrypted content says nothing to anybody but the provider.
  if (type === 'reasoning') return toPart({ type, summary: item.summary, content: item.content });
  if (type === 'image_generation_call' && typeof item.result === 'string') {
    return blobPart('image', base64Size(item.result));
  }
  if (type !== 'custom_tool_call' && type !== 'function_call' && type.endsWith('_call')) return serverCall(type, item);
  return toPart(item);
}

function serverCall(type: string, item: Json): MessagePart {
  const id = asName(item.id);
  const kept = keepValue({ ...item, type });
  return {
    type: 'server_tool_call',
    name: asText(item.name) ?? type,
    ...(id === undefined ? {} : { id }),
    server_tool_call: objectOrNothing(kept) as { readonly [name: string]: AttributeValue },
  };
}
