import type { AttributeValue, Message, MessagePart } from '@vedetta/model';
import { foldFinishReason } from '@vedetta/model';
import { toPart, toToolCalls, toToolResponse } from './message-part.js';
import type { Tree } from './values.js';
import { isTree, toList, toText, toTree } from './values.js';

// Envelopes hold envelopes (`{input: {messages: [...]}}`); no real one is deeper.
const MAX_DEPTH = 5;

// Roles by the names that LangChain, Gemini and older OpenAI gave them.
const ROLES: { readonly [role: string]: string | undefined } = {
  __proto__: null as never,
  human: 'user',
  ai: 'assistant',
  model: 'assistant',
  function: 'tool',
  HumanMessage: 'user',
  HumanMessageChunk: 'user',
  AIMessage: 'assistant',
  AIMessageChunk: 'assistant',
  SystemMessage: 'system',
  ToolMessage: 'tool',
  FunctionMessage: 'tool',
};

// LangChain writes the role as `type`; other uses of `type` are parts or items.
const MESSAGE_TYPES = new Set([
  'human',
  'ai',
  'system',
  'tool',
  'function',
  'AIMessageChunk',
  'HumanMessage',
  'AIMessage',
]);

// Members under which envelopes keep what a person asked or was answered, tried in this order.
const TEXT_MEMBERS = [
  'text',
  'input',
  'args',
  'inputs',
  'outputs',
  'query',
  'question',
  'prompt',
  'answer',
  'response',
  'result',
  'raw',
  'output',
];

/**
 * The conversation in a value of any dialect: GenAI, OpenAI chat or responses, Anthropic, Gemini, Vercel, LangChain,
 * Ollama; JSON text or structure; a list, one message, or an envelope around them; plain text is one message of `role`.
 * `undefined` when there is no message in it.
 */
export function toMessages(value: AttributeValue | undefined, role: string, depth = 0): Message[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const tree = toTree(value);
  if (typeof tree === 'string') return tree === '' ? undefined : [{ role, parts: [{ type: 'text', content: tree }] }];
  if (Array.isArray(tree)) return fromList(tree as readonly AttributeValue[], role, depth);
  return isTree(tree) ? fromTree(tree, role, depth) : undefined;
}

/** One message of any shape. */
export function toMessage(value: Tree, defaultRole: string): Message {
  const source = unwrap(value);
  const given =
    toText(source.role) ?? constructorName(value) ?? (isMessageType(source.type) ? toText(source.type) : undefined);
  const calls = toolCalls(source);
  let role = given === undefined ? defaultRole : (ROLES[given] ?? given);
  const parts = [...reasoning(source), ...contentParts(source, role)];
  // Koog writes a model's tool calls as text under the role of the tool.
  if (calls.length === 0 && parts.length === 1 && isToolCallText(source.content)) {
    parts.splice(0, 1, ...(toToolCalls(source.content) ?? []));
    role = 'assistant';
  }
  // The Vercel SDK and Anthropic name a call both among the parts and beside them.
  const known = new Set(parts.map(callId));
  parts.push(...calls.filter((call) => callId(call) === undefined || !known.has(callId(call))));
  const name = toText(source.name);
  const finish = toText(source.finish_reason) ?? toText(source.finishReason) ?? toText(source.stop_reason);
  return {
    role,
    parts,
    ...(name === undefined ? {} : { name }),
    ...(finish === undefined ? {} : { finish_reason: foldFinishReason(finish) }),
  };
}

function fromList(list: readonly AttributeValue[], role: string, depth: number): Message[] | undefined {
  const first = list[0];
  if (first === undefined) return undefined;
  // LangChain sends a batch of conversations; the first is the one that was traced.
  if (Array.isArray(first)) return toMessages(first, role, depth + 1);
  if (list.every((item) => typeof item === 'string')) {
    return list.flatMap((item) => toMessages(item, role, depth + 1) ?? []);
  }
  if (list.some((item) => isTree(item) && isMessage(item))) {
    return list.flatMap((item) => (isTree(item) ? [fromItem(item, role)] : (toMessages(item, role, depth + 1) ?? [])));
  }
  if (list.every((item) => isTree(item) && (item.toolName !== undefined || isTree(item.function)))) {
    const calls = toToolCalls(list);
    if (calls !== undefined) return [{ role: 'assistant', parts: calls }];
  }
  if (list.every((item) => isTree(item) && (typeof item.type === 'string' || typeof item.text === 'string'))) {
    return [{ role, parts: list.flatMap((item) => toPart(item) ?? []) }];
  }
  return undefined;
}

/** An item of a list of messages; OpenAI's responses API mixes messages with bare calls, results and reasoning. */
function fromItem(item: Tree, role: string): Message {
  if (isMessage(item)) return toMessage(item, role);
  const part = toPart(item);
  return { role: part?.type === 'tool_call_response' ? 'tool' : 'assistant', parts: part === undefined ? [] : [part] };
}

function fromTree(tree: Tree, role: string, depth: number): Message[] | undefined {
  const next = (value: AttributeValue | undefined) =>
    value === undefined || value === null ? undefined : toMessages(value, role, depth + 1);
  if (Array.isArray(tree.messages)) return withSystem(tree.system, next(tree.messages));
  if (Array.isArray(tree.choices))
    return tree.choices.flatMap((choice) => (isTree(choice) ? [fromChoice(choice)] : []));
  if (Array.isArray(tree.candidates))
    return tree.candidates.flatMap((item) => (isTree(item) ? (fromTree(item, 'assistant', depth + 1) ?? []) : []));
  if (tree.contents !== undefined) return next(tree.contents);
  if (isTree(tree.new_message)) return [toMessage(tree.new_message, role)];
  // Gemini's candidate: `{content: {role, parts}, finish_reason}`.
  if (isTree(tree.content) && Array.isArray(tree.content.parts))
    return [toMessage({ ...tree.content, ...finishOf(tree) }, role)];
  if (isMessage(tree)) return [toMessage(tree, role)];
  if (Array.isArray(tree.generations)) return fromGenerations(tree.generations, role, depth);
  if (Array.isArray(tree.output)) return next(tree.output);
  if (typeof tree.prompt === 'string' || Array.isArray(tree.prompt)) return withSystem(tree.system, next(tree.prompt));
  if (typeof tree.content === 'string') return [{ role, parts: [{ type: 'text', content: tree.content }] }];
  for (const member of TEXT_MEMBERS) {
    const text = tree[member];
    if (typeof text === 'string' && text !== '') return [{ role, parts: [{ type: 'text', content: text }] }];
    if (isTree(text) || Array.isArray(text)) {
      const found = next(text);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function fromChoice(choice: Tree): Message {
  const message = isTree(choice.message)
    ? choice.message
    : isTree(choice.delta)
      ? choice.delta
      : { content: choice.text ?? null };
  return toMessage({ ...message, ...finishOf(choice) }, 'assistant');
}

function fromGenerations(generations: readonly AttributeValue[], role: string, depth: number): Message[] | undefined {
  const flat = generations.flatMap((item) => (Array.isArray(item) ? (item as AttributeValue[]) : [item]));
  const messages = flat.flatMap((item) => {
    if (!isTree(item)) return [];
    if (isTree(item.message)) return [toMessage(item.message, role)];
    return toMessages(item.text, role, depth + 1) ?? [];
  });
  return messages.length === 0 ? undefined : messages;
}

function withSystem(system: AttributeValue | undefined, messages: Message[] | undefined): Message[] | undefined {
  const text = toText(system);
  if (text === undefined) return messages;
  return [{ role: 'system', parts: [{ type: 'text', content: text }] }, ...(messages ?? [])];
}

function finishOf(tree: Tree): Tree {
  const reason = tree.finish_reason ?? tree.finishReason;
  return typeof reason === 'string' ? { finish_reason: reason } : {};
}

/** A message, not an envelope: it has a role, LangChain's type, or parts. */
function isMessage(tree: Tree): boolean {
  if (typeof tree.role === 'string')
    return tree.content !== undefined || tree.parts !== undefined || hasMessageMembers(tree);
  if (constructorName(tree) !== undefined || isTree(tree.message)) return true;
  return isMessageType(tree.type) ? tree.content !== undefined : Array.isArray(tree.parts);
}

function hasMessageMembers(tree: Tree): boolean {
  return (
    tree.tool_calls !== undefined ||
    tree.text !== undefined ||
    tree.contents !== undefined ||
    Object.keys(tree).length <= 2
  );
}

function isMessageType(type: AttributeValue | undefined): boolean {
  return typeof type === 'string' && MESSAGE_TYPES.has(type);
}

/** LangChain's serialised objects: `{lc: 1, type: 'constructor', id: [..., 'HumanMessage'], kwargs}`. */
function constructorName(tree: Tree): string | undefined {
  if (tree.lc === undefined || !Array.isArray(tree.id)) return undefined;
  const name = tree.id[tree.id.length - 1];
  return typeof name === 'string' && name.includes('Message') ? name : undefined;
}

function unwrap(tree: Tree): Tree {
  if (tree.lc !== undefined && isTree(tree.kwargs)) return tree.kwargs;
  // OpenInference puts each message under `message`, and OpenAI each choice's.
  if (isTree(tree.message) && tree.content === undefined) return { ...tree.message, ...finishOf(tree) };
  return tree;
}

function reasoning(source: Tree): MessagePart[] {
  const content = toText(source.reasoning_content) ?? toText(source.reasoning) ?? toText(source.thinking);
  return content === undefined ? [] : [{ type: 'reasoning', content }];
}

function contentParts(source: Tree, role: string): MessagePart[] {
  const content = source.parts ?? source.contents ?? source.content ?? source.text;
  const id = toText(source.tool_call_id) ?? (role === 'tool' ? toText(source.id) : undefined);
  if (content === undefined || content === null || content === '') return [];
  if (role === 'tool' && !Array.isArray(content)) return [toToolResponse(content, id)];
  if (Array.isArray(content)) return (content as readonly AttributeValue[]).flatMap((part) => toPart(part) ?? []);
  const part = toPart(content);
  return part === undefined ? [] : [part];
}

function toolCalls(source: Tree): MessagePart[] {
  const extra = isTree(source.additional_kwargs) ? source.additional_kwargs.tool_calls : undefined;
  for (const list of [source.tool_calls, source.toolCalls, extra]) {
    const calls = toToolCalls(list);
    if (calls !== undefined) return calls;
  }
  const single = isTree(source.function_call) ? toToolCalls([source.function_call]) : undefined;
  return single ?? [];
}

function callId(part: MessagePart): string | undefined {
  return part.type === 'tool_call' && 'id' in part ? toText(part.id) : undefined;
}

function isToolCallText(content: AttributeValue | undefined): boolean {
  if (typeof content !== 'string' || !content.startsWith('[{')) return false;
  const list = toList(content);
  return (
    list?.every((item) => isTree(item) && isTree(item.function) && typeof item.function.name === 'string') ?? false
  );
}
