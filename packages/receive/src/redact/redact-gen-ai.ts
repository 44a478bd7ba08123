import type { AttributeValue, GenAiFacts, Message, MessagePart } from '@vedetta/model';
import type { ValueRedactor } from './value-redactor.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Applies the policy to what the normalisation found; the given facts are not touched. */
export function redactGenAi(genAi: GenAiFacts, redactor: ValueRedactor): GenAiFacts {
  const result: Mutable<GenAiFacts> = { ...genAi };
  const text = (value: string) => redactor.text.redact(value);
  for (const name of NAMES) {
    const value = genAi[name];
    if (value !== undefined) result[name] = text(value);
  }
  if (genAi.finishReasons !== undefined) result.finishReasons = genAi.finishReasons.map(text);
  if (genAi.parameters !== undefined) result.parameters = parameters(genAi.parameters, redactor);
  if (!redactor.keepsContent) {
    for (const name of CONTENT) {
      if (result[name] === undefined) continue;
      delete result[name];
      redactor.dropped++;
    }
    return result;
  }
  if (genAi.inputMessages !== undefined) result.inputMessages = messages(genAi.inputMessages, redactor);
  if (genAi.outputMessages !== undefined) result.outputMessages = messages(genAi.outputMessages, redactor);
  if (genAi.systemInstructions !== undefined) {
    result.systemInstructions = genAi.systemInstructions.map((part) => redactPart(part, redactor));
  }
  if (genAi.toolDefinitions !== undefined) {
    result.toolDefinitions = genAi.toolDefinitions.map((tool) => definition(tool, redactor));
  }
  if (genAi.toolCallArguments !== undefined) result.toolCallArguments = redactor.contentTree(genAi.toolCallArguments);
  if (genAi.toolCallResult !== undefined) result.toolCallResult = redactor.contentTree(genAi.toolCallResult);
  return result;
}

const NAMES = [
  'operation',
  'provider',
  'requestModel',
  'responseModel',
  'responseId',
  'toolName',
  'toolCallId',
  'agentName',
  'workflowName',
  'promptName',
  'promptVersion',
] as const;

const CONTENT = [
  'inputMessages',
  'outputMessages',
  'systemInstructions',
  'toolDefinitions',
  'toolCallArguments',
  'toolCallResult',
] as const;

function messages(list: readonly Message[], redactor: ValueRedactor): Message[] {
  return list.map((message) => ({
    ...message,
    role: redactor.text.redact(message.role),
    parts: message.parts.map((part) => redactPart(part, redactor)),
    ...(message.name === undefined ? {} : { name: redactor.text.redact(message.name) }),
  }));
}

function redactPart(part: MessagePart, redactor: ValueRedactor): MessagePart {
  const members: { [name: string]: AttributeValue } = { ...part };
  for (const name of Object.keys(members)) {
    const value = members[name] ?? null;
    // Names and ids are short and tie the parts of a conversation together: masked, never cut.
    if (STRUCTURE.has(name)) members[name] = redactor.plain(value);
    else if (part.type === 'blob' && name === 'content') members[name] = redactor.mode === 'full' ? value : '';
    else members[name] = redactor.contentTree(value);
  }
  return members as MessagePart;
}

const STRUCTURE: ReadonlySet<string> = new Set(['type', 'id', 'name', 'modality', 'mime_type', 'file_id', 'uri']);

/** In a preview a tool keeps its name and the beginning of its description; its schema is content. */
function definition(tool: AttributeValue, redactor: ValueRedactor): AttributeValue {
  if (redactor.mode === 'full' || typeof tool !== 'object' || tool === null || Array.isArray(tool)) {
    return redactor.contentTree(tool);
  }
  const source = tool as { readonly [name: string]: AttributeValue };
  const inner = source.function;
  const target =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as typeof source) : source;
  const kept: { [name: string]: AttributeValue } = { type: redactor.plain(source.type ?? 'function') };
  if (target.name !== undefined) kept.name = redactor.plain(target.name);
  if (target.description !== undefined) kept.description = redactor.contentTree(target.description);
  return kept;
}

function parameters(given: { readonly [name: string]: AttributeValue }, redactor: ValueRedactor) {
  const result: { [name: string]: AttributeValue } = {};
  for (const [name, value] of Object.entries(given)) {
    if (redactor.mode === 'numbers' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    if (name === 'stop_sequences' && !redactor.keepsContent) continue;
    result[name] = redactor.plain(value);
  }
  return result;
}
