import type { AttributeValue, Message, SpanEvent } from '@vedetta/model';
import { toMessage, toMessages } from './message-list.js';
import type { Tree } from './values.js';
import { isTree, toText, toTree } from './values.js';

const INPUT_ROLES: { readonly [event: string]: string | undefined } = {
  __proto__: null as never,
  'gen_ai.system.message': 'system',
  'gen_ai.user.message': 'user',
  'gen_ai.assistant.message': 'assistant',
  'gen_ai.tool.message': 'tool',
};

/** The conversation that G0 put into span events: one event a message, or the two `gen_ai.content.*` events. */
export function messagesOfEvents(events: readonly SpanEvent[]): {
  input: Message[] | undefined;
  output: Message[] | undefined;
} {
  const input: Message[] = [];
  const output: Message[] = [];
  for (const { name, attributes } of events) {
    const role = INPUT_ROLES[name];
    if (role !== undefined) input.push(toEventMessage(attributes, role));
    else if (name === 'gen_ai.choice') output.push(toEventMessage(attributes, 'assistant'));
    else if (name === 'gen_ai.content.prompt') input.push(...(toMessages(attributes['gen_ai.prompt'], 'user') ?? []));
    else if (name === 'gen_ai.content.completion') {
      output.push(...(toMessages(attributes['gen_ai.completion'], 'assistant') ?? []));
    } else if (name === 'gen_ai.client.inference.operation.details') {
      input.push(...(toMessages(attributes['gen_ai.input.messages'], 'user') ?? []));
      output.push(...(toMessages(attributes['gen_ai.output.messages'], 'assistant') ?? []));
    }
  }
  return { input: input.length === 0 ? undefined : input, output: output.length === 0 ? undefined : output };
}

/** A conversation in a list of G0 events that a sender (Logfire, Pydantic AI) put into one attribute. */
export function messagesOfEventList(list: readonly AttributeValue[]): { input: Message[]; output: Message[] } {
  const input: Message[] = [];
  const output: Message[] = [];
  for (const item of list) {
    if (!isTree(item)) continue;
    const name = toText(item['event.name']) ?? '';
    if (name === 'gen_ai.choice') output.push(toEventMessage(item, 'assistant'));
    else input.push(toEventMessage(item, INPUT_ROLES[name] ?? 'user'));
  }
  return { input, output };
}

/** Members may be JSON text, and a choice keeps its message one level down. */
function toEventMessage(attributes: Tree, role: string): Message {
  const body = toTree(attributes['gen_ai.event.content'] ?? attributes.body);
  const source: Tree = isTree(body) ? { ...attributes, ...body } : attributes;
  const message = toTree(source.message);
  const finish = source.finish_reason;
  const content = toTree(source.content);
  return toMessage(
    {
      role,
      ...(isTree(message)
        ? message
        : { ...source, content: Array.isArray(content) ? content : (source.content ?? null) }),
      ...(typeof message === 'string' ? { content: message } : {}),
      ...(typeof finish === 'string' ? { finish_reason: finish } : {}),
    },
    role,
  );
}
