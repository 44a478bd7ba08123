import type { AttributeValue, Message, MessagePart } from '@vedetta/model';
import type { Json } from '../json.js';
import { asList, asName, asObject, asText, base64Size, keepValue, objectOrNothing } from '../json.js';
import { blobPart, modalityOf, toolCallPart, toolResponsePart } from '../parts.js';

const MAX_CONTENTS = 5000;
const MAX_PARTS = 1000;

/** Gemini's contents: one, or a list; text alone is the user's. */
export function toGeminiMessages(contents: unknown): Message[] {
  const list = Array.isArray(contents) ? contents.slice(0, MAX_CONTENTS) : [contents];
  return list.flatMap((item) => {
    if (typeof item === 'string') return [{ role: 'user', parts: [{ type: 'text' as const, content: item }] }];
    const content = asObject(item);
    if (content === undefined) return [];
    const parts = toGeminiParts(content.parts);
    const role = asName(content.role) ?? 'user';
    const answers = parts.length > 0 && parts.every(({ type }) => type === 'tool_call_response');
    return [{ role: role === 'model' ? 'assistant' : answers ? 'tool' : role, parts }];
  });
}

/** The parts of one content. */
export function toGeminiParts(parts: unknown): MessagePart[] {
  const list = Array.isArray(parts) ? parts.slice(0, MAX_PARTS) : [parts];
  return list.flatMap((item) => {
    const part = asObject(item);
    return part === undefined ? [] : (toGeminiPart(part) ?? []);
  });
}

/** One part; its only member tells what it is. The client's names in snake case are read as well. */
export function toGeminiPart(part: Json): MessagePart | undefined {
  if (typeof part.text === 'string') {
    return { type: part.thought === true ? 'reasoning' : 'text', content: part.text };
  }
  const call = asObject(part.functionCall ?? part.function_call);
  if (call !== undefined) return toolCallPart(asName(call.name) ?? 'unknown', asName(call.id), call.args ?? {});
  const response = asObject(part.functionResponse ?? part.function_response);
  if (response !== undefined)
    return toolResponsePart(response.response ?? null, asName(response.id) ?? asName(response.name));
  const inline = asObject(part.inlineData ?? part.inline_data);
  if (inline !== undefined) {
    const mime = asName(inline.mimeType ?? inline.mime_type);
    return blobPart(modalityOf(mime), base64Size(asText(inline.data) ?? ''), mime);
  }
  const file = asObject(part.fileData ?? part.file_data);
  const uri = file === undefined ? undefined : asText(file.fileUri ?? file.file_uri);
  if (file !== undefined && uri !== undefined) {
    const mime = asName(file.mimeType ?? file.mime_type);
    return { type: 'uri', modality: modalityOf(mime), uri, ...(mime === undefined ? {} : { mime_type: mime }) };
  }
  // A signature alone is bookkeeping.
  const { thoughtSignature: _, ...rest } = part;
  const [name] = Object.keys(rest);
  if (name === undefined) return undefined;
  return { ...(keepValue(rest) as { readonly [name: string]: AttributeValue }), type: name.slice(0, 100) };
}

/** Function declarations, and the names of the tools that Google runs. */
export function toGeminiTools(tools: unknown): AttributeValue[] {
  return asList(tools)
    .slice(0, 100)
    .flatMap((item) => {
      const tool = objectOrNothing(item);
      const declared = asList(tool.functionDeclarations ?? tool.function_declarations).slice(0, 512);
      if (declared.length === 0)
        return Object.keys(tool)
          .slice(0, 20)
          .map((name) => ({ type: name.slice(0, 100), name: name.slice(0, 100) }));
      return declared.map((value) => {
        const source = objectOrNothing(value);
        const description = asText(source.description);
        const parameters = source.parameters ?? source.parametersJsonSchema;
        return {
          type: 'function',
          name: asName(source.name) ?? 'unknown',
          ...(description === undefined ? {} : { description }),
          ...(parameters === undefined ? {} : { parameters: keepValue(parameters) }),
        };
      });
    });
}
