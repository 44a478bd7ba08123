import type { AttributeValue } from './attributes.js';

/** One piece of a message, as the OpenTelemetry GenAI message schema names them. Unknown types are kept as they came. */
export type MessagePart =
  | { readonly type: 'text'; readonly content: string }
  | { readonly type: 'reasoning'; readonly content: string }
  | { readonly type: 'tool_call'; readonly name: string; readonly id?: string; readonly arguments?: AttributeValue }
  | { readonly type: 'tool_call_response'; readonly response: AttributeValue; readonly id?: string }
  | { readonly type: 'blob'; readonly modality: string; readonly content: string; readonly mime_type?: string }
  | { readonly type: 'file'; readonly modality: string; readonly file_id: string; readonly mime_type?: string }
  | { readonly type: 'uri'; readonly modality: string; readonly uri: string; readonly mime_type?: string }
  | GenericPart;

/** A part whose type Vedetta does not know; nothing in it is dropped. */
export interface GenericPart {
  readonly type: string;
  readonly [member: string]: AttributeValue;
}

/** One message of a conversation. `role` is `system`, `user`, `assistant`, `tool` or the sender's own word. */
export interface Message {
  readonly role: string;
  readonly parts: readonly MessagePart[];
  readonly name?: string;
  readonly finish_reason?: string;
}
