import type { AttributeValue, MessagePart } from '@vedetta/model';
import type { Tree } from './values.js';
import { isTree, toList, toText, toTree } from './values.js';

// `data:image/png;base64,....`: the GenAI schema wants such data in a blob, not in a uri.
const DATA_URL = /^data:([a-z]+\/[\w.+-]+)?(?:;[\w=.+-]+)*;base64,/i;

/** A part of a message in any provider's shape, in the words of the GenAI schema; unknown shapes are kept as they came. */
export function toPart(value: AttributeValue): MessagePart | undefined {
  if (typeof value === 'string') return value === '' ? undefined : { type: 'text', content: value };
  if (!isTree(value)) return undefined;
  const part = isTree(value.message_content) ? value.message_content : value;
  const read = typeof part.type === 'string' ? READERS[part.type] : undefined;
  return read?.(part) ?? byMember(part) ?? { ...part, type: toText(part.type) ?? 'unknown' };
}

/** A tool call in the shape of OpenAI, Anthropic, LangChain, Vercel or OpenInference; `undefined` without a name. */
function toToolCall(value: AttributeValue): MessagePart | undefined {
  if (!isTree(value)) return undefined;
  const call = isTree(value.tool_call) ? value.tool_call : value;
  const target = isTree(call.function) ? call.function : call;
  const name = toText(target.name) ?? toText(call.toolName) ?? toText(call.tool_name);
  if (name === undefined) return undefined;
  const id = toText(call.id) ?? toText(call.toolCallId) ?? toText(call.call_id) ?? toText(call.tool_call_id);
  const given = target.arguments ?? target.args ?? target.input ?? call.arguments;
  return {
    type: 'tool_call',
    name,
    ...(id === undefined ? {} : { id }),
    ...(given === undefined || given === null ? {} : { arguments: toTree(given) ?? null }),
  };
}

/** The tool calls of a list, or of JSON text that is one; `undefined` unless every member is a call. */
export function toToolCalls(value: AttributeValue | undefined): MessagePart[] | undefined {
  const list = toList(value);
  if (list === undefined || list.length === 0) return undefined;
  const calls = list.map(toToolCall);
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

/** A tool's answer. */
export function toToolResponse(response: AttributeValue, id: string | undefined): MessagePart {
  return { type: 'tool_call_response', response, ...(id === undefined ? {} : { id }) };
}

/** An image, sound or file behind an address, or inside one. */
export function toMedia(modality: string, address: string, mimeType?: string): MessagePart {
  const match = DATA_URL.exec(address);
  const mime = match?.[1] ?? mimeType;
  const withMime = mime === undefined ? {} : { mime_type: mime };
  if (match !== null) return { type: 'blob', modality, content: address.slice(match[0].length), ...withMime };
  if (/^[a-z][\w+.-]*:\/\//i.test(address)) return { type: 'uri', modality, uri: address, ...withMime };
  return { type: 'blob', modality, content: address, ...withMime };
}

/** Modality of a MIME type: `image`, `audio`, `video`, else `document`. */
export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split('/')[0] ?? '';
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}

type PartReader = (part: Tree) => MessagePart | undefined;

const readText: PartReader = (part) => {
  const content = part.content ?? part.text;
  return typeof content === 'string' ? { type: 'text', content } : undefined;
};

const readReasoning: PartReader = (part) => {
  const content = toText(part.content) ?? toText(part.text) ?? toText(part.thinking) ?? toText(part.reasoning);
  return content === undefined ? undefined : { type: 'reasoning', content };
};

const readToolResult: PartReader = (part) => {
  const output = part.response ?? part.result ?? part.output ?? part.content ?? null;
  const id =
    toText(part.id) ??
    toText(part.toolCallId) ??
    toText(part.tool_use_id) ??
    toText(part.call_id) ??
    toText(part.tool_call_id);
  // The Vercel SDK wraps the output once more: `{type: 'json', value}`.
  const wrapped = isTree(output) && typeof output.type === 'string' && output.value !== undefined;
  return toToolResponse(wrapped ? (output.value ?? null) : output, id);
};

const readImage: PartReader = (part) => {
  const nested = part.image_url ?? part.image ?? part.source;
  if (typeof nested === 'string') return toMedia('image', nested, mimeOf(part));
  if (!isTree(nested)) return undefined;
  const inner = isTree(nested.image) ? nested.image : nested;
  const address = toText(inner.url) ?? toText(inner.data);
  return address === undefined ? undefined : toMedia('image', address, mimeOf(inner));
};

const readAudio: PartReader = (part) => {
  const audio = isTree(part.input_audio) ? part.input_audio : isTree(part.audio) ? part.audio : part;
  const data = toText(audio.data) ?? toText(audio.url);
  const format = toText(audio.format);
  if (data === undefined) return undefined;
  return toMedia('audio', data, mimeOf(audio) ?? (format === undefined ? undefined : `audio/${format}`));
};

const readFile: PartReader = (part) => {
  if (typeof part.modality === 'string') return undefined;
  const file = isTree(part.file) ? part.file : isTree(part.source) ? part.source : part;
  const mime = mimeOf(part) ?? mimeOf(file);
  const id = toText(file.file_id);
  if (id !== undefined) return { type: 'file', modality: modalityOf(mime), file_id: id };
  const data = toText(file.data) ?? toText(file.file_data) ?? toText(file.url);
  return data === undefined ? undefined : toMedia(modalityOf(mime), data, mime);
};

// By the part's `type`: GenAI, OpenAI chat and responses, Anthropic, Vercel, LangChain. A part that already has the GenAI
// shape and needs no change (`blob`, `uri`, `file` with a modality) is kept by the caller.
const READERS: { readonly [type: string]: PartReader | undefined } = {
  __proto__: null as never,
  text: readText,
  input_text: readText,
  output_text: readText,
  reasoning: readReasoning,
  thinking: readReasoning,
  tool_call: toToolCall,
  'tool-call': toToolCall,
  tool_use: toToolCall,
  function_call: toToolCall,
  tool_call_response: readToolResult,
  'tool-result': readToolResult,
  tool_result: readToolResult,
  function_call_output: readToolResult,
  image: readImage,
  image_url: readImage,
  input_image: readImage,
  input_audio: readAudio,
  audio: readAudio,
  file: readFile,
  input_file: readFile,
  document: readFile,
};

/** Gemini's parts have no `type`: their one member tells. */
function byMember(part: Tree): MessagePart | undefined {
  if (part.type !== undefined) return undefined;
  if (typeof part.text === 'string') {
    return part.thought === true ? { type: 'reasoning', content: part.text } : { type: 'text', content: part.text };
  }
  const call = part.function_call ?? part.functionCall;
  if (isTree(call)) return toToolCall(call);
  const response = part.function_response ?? part.functionResponse;
  if (isTree(response)) return toToolResponse(response.response ?? null, toText(response.id));
  const inline = part.inline_data ?? part.inlineData;
  if (isTree(inline) && typeof inline.data === 'string')
    return toMedia(modalityOf(mimeOf(inline)), inline.data, mimeOf(inline));
  const file = part.file_data ?? part.fileData;
  const uri = isTree(file) ? (toText(file.file_uri) ?? toText(file.fileUri)) : undefined;
  if (isTree(file) && uri !== undefined) return toMedia(modalityOf(mimeOf(file)), uri, mimeOf(file));
  return typeof part.content === 'string' ? { type: 'text', content: part.content } : undefined;
}

function mimeOf(part: Tree): string | undefined {
  return toText(part.mime_type) ?? toText(part.mimeType) ?? toText(part.mediaType) ?? toText(part.media_type);
}
