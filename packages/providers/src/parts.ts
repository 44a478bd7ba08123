import type { AttributeValue, MessagePart } from '@vedetta/model';
import type { Json } from './json.js';
import { asList, asName, asObject, asText, base64Size, keepValue, objectOrNothing } from './json.js';
import { parseArguments } from './kept-text.js';

// `data:image/png;base64,....`: only what kind of data it is and how much of it is kept.
const DATA_URL = /^data:([a-z]+\/[\w.+-]{1,100})?(?:;[\w=.+-]{1,100}){0,8};base64,/i;
const ADDRESS = /^[a-z][\w+.-]{0,20}:\/\//i;
const MAX_PARTS = 1000;

/** Parts of a message's content: text, or a list of parts of OpenAI's, Anthropic's or Gemini's shapes. */
export function toParts(content: unknown): MessagePart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', content }];
  const list = Array.isArray(content) ? content.slice(0, MAX_PARTS) : [content];
  return list.flatMap((item) => toPart(item) ?? []);
}

/** One part in the words of the GenAI message schema; unknown shapes are kept as they came, without their data. */
export function toPart(value: unknown): MessagePart | undefined {
  if (typeof value === 'string') return value === '' ? undefined : { type: 'text', content: value };
  const part = asObject(value);
  if (part === undefined) return undefined;
  const type = asName(part.type);
  const read = type === undefined ? undefined : READERS[type];
  return (
    read?.(part) ?? {
      ...(keepValue(part) as { readonly [name: string]: AttributeValue }),
      type: type ?? 'unknown',
    }
  );
}

/** A tool call of OpenAI's or Anthropic's shape; `undefined` without a name. */
export function toToolCall(call: Json): MessagePart | undefined {
  const target = asObject(call.function) ?? asObject(call.custom) ?? call;
  const name = asName(target.name);
  if (name === undefined) return undefined;
  return toolCallPart(name, asName(call.call_id) ?? asName(call.id), target.arguments ?? target.input);
}

/** A tool call from its pieces; arguments come as JSON text or as the value itself. */
export function toolCallPart(name: string, id: string | undefined, given: unknown): MessagePart {
  const parsed = typeof given === 'string' ? (given === '' ? undefined : parseArguments(given)) : given;
  return {
    type: 'tool_call',
    name,
    ...(id === undefined ? {} : { id }),
    ...(parsed === undefined || parsed === null ? {} : { arguments: keepValue(parsed) }),
  };
}

/** A tool's answer. */
export function toolResponsePart(response: unknown, id: string | undefined): MessagePart {
  return { type: 'tool_call_response', response: keepValue(response), ...(id === undefined ? {} : { id }) };
}

/** An image, sound or file at an address; data are replaced by their size in bytes. */
export function mediaPart(modality: string, address: string, mimeType?: string): MessagePart {
  const match = DATA_URL.exec(address.slice(0, 1000));
  if (match !== null) return dataPart(modality, address.length - match[0].length, match[1] ?? mimeType);
  if (!ADDRESS.test(address)) return blobPart(modality, base64Size(address), mimeType);
  return { type: 'uri', modality, uri: address, ...(mimeType === undefined ? {} : { mime_type: mimeType }) };
}

/** Data of which only the size is kept. */
export function blobPart(modality: string, sizeBytes: number, mimeType?: string): MessagePart {
  return {
    type: 'blob',
    modality,
    content: '',
    size_bytes: sizeBytes,
    ...(mimeType === undefined ? {} : { mime_type: mimeType }),
  };
}

/** Modality of a MIME type: `image`, `audio`, `video`, else `document`. */
export function modalityOf(mimeType: string | undefined): string {
  const kind = mimeType?.split('/', 1)[0];
  return kind === 'image' || kind === 'audio' || kind === 'video' ? kind : 'document';
}

function dataPart(modality: string, characters: number, mimeType: string | undefined): MessagePart {
  return blobPart(modality, Math.floor((characters * 3) / 4), mimeType);
}

type PartReader = (part: Json) => MessagePart | undefined;

const readText: PartReader = (part) => {
  const content = part.text ?? part.content ?? part.refusal;
  return typeof content === 'string' ? { type: 'text', content } : undefined;
};

/** Reasoning: Anthropic's `thinking`, Mistral's list of texts, the summaries of OpenAI's responses. */
const readReasoning: PartReader = (part) => {
  const given = part.thinking ?? part.text ?? part.reasoning;
  const content = typeof given === 'string' ? given : [given, part.summary, part.content].map(joinTexts).join('');
  return { type: 'reasoning', content };
};

const readMedia =
  (modality: string): PartReader =>
  (part) => {
    const nested = part[`${modality}_url`] ?? part[`input_${modality}`] ?? part[modality] ?? part.source ?? part;
    if (typeof nested === 'string') return mediaPart(modality, nested);
    const source = objectOrNothing(nested);
    const format = asName(source.format);
    const mime = asName(source.media_type) ?? (format === undefined ? undefined : `${modality}/${format}`);
    const id = asName(source.file_id) ?? asName(part.file_id);
    if (id !== undefined) return { type: 'file', modality, file_id: id };
    const address = asText(source.url) ?? asText(source.data);
    return address === undefined ? undefined : mediaPart(modality, address, mime);
  };

const readFile: PartReader = (part) => {
  const file = asObject(part.file) ?? asObject(part.source) ?? part;
  const mime = asName(file.media_type);
  const id = asName(file.file_id);
  if (id !== undefined) return { type: 'file', modality: modalityOf(mime), file_id: id };
  if (file.type === 'text' && typeof file.data === 'string') return { type: 'text', content: file.data };
  const data = asText(file.file_data) ?? asText(file.data) ?? asText(file.file_url) ?? asText(file.url);
  return data === undefined ? undefined : mediaPart(modalityOf(mime), data, mime);
};

const readToolResult: PartReader = (part) =>
  toolResponsePart(part.output ?? part.content ?? null, asName(part.tool_use_id) ?? asName(part.call_id));

/** Tools that the provider runs itself: the call and its result stand in the answer. */
const readServerCall: PartReader = (part) => {
  const name = asName(part.name) ?? 'unknown';
  const id = asName(part.id);
  return {
    type: 'server_tool_call',
    name,
    ...(id === undefined ? {} : { id }),
    server_tool_call: { type: name, input: keepValue(part.input) },
  };
};

const readServerResult: PartReader = (part) => {
  const id = asName(part.tool_use_id);
  return {
    type: 'server_tool_call_response',
    ...(id === undefined ? {} : { id }),
    server_tool_call_response: { type: asName(part.type) ?? 'unknown', content: keepValue(part.content) },
  };
};

// By the part's `type`: OpenAI chat and responses, Anthropic, Mistral, Cohere.
const READERS: { readonly [type: string]: PartReader | undefined } = {
  __proto__: null as never,
  text: readText,
  input_text: readText,
  output_text: readText,
  refusal: readText,
  reasoning: readReasoning,
  thinking: readReasoning,
  summary_text: readText,
  function_call: toToolCall,
  custom_tool_call: toToolCall,
  tool_use: toToolCall,
  function_call_output: readToolResult,
  custom_tool_call_output: readToolResult,
  tool_result: readToolResult,
  server_tool_use: readServerCall,
  web_search_tool_result: readServerResult,
  web_fetch_tool_result: readServerResult,
  code_execution_tool_result: readServerResult,
  bash_code_execution_tool_result: readServerResult,
  text_editor_code_execution_tool_result: readServerResult,
  tool_search_tool_result: readServerResult,
  image: readMedia('image'),
  image_url: readMedia('image'),
  input_image: readMedia('image'),
  audio: readMedia('audio'),
  audio_url: readMedia('audio'),
  input_audio: readMedia('audio'),
  video_url: readMedia('video'),
  file: readFile,
  input_file: readFile,
  document: readFile,
};

/** The texts of a list of strings or of parts with a `text`, in a row. */
export function joinTexts(value: unknown): string {
  if (typeof value === 'string') return value;
  return asList(value)
    .map((item) => (typeof item === 'string' ? item : (asText(objectOrNothing(item).text) ?? '')))
    .join('');
}
