import type { AttributeValue, BilledUnits, Message, MessagePart, Usage } from '@vedetta/model';

/**
 * What a provider's API means: which of its routes call a model, and what their JSON says. Pure: it reads parsed documents
 * and never touches the network, so that the gateway (which sees bytes) and the SDK's wrappers (which see objects) agree.
 */
export interface Provider {
  /** `gen_ai.provider.name` of the GenAI conventions: `openai`, `azure.ai.openai`, `anthropic`, `ollama`, `gcp.gemini`... */
  readonly name: string;
  /**
   * The endpoint behind a method and a path (without query, relative to the provider's base URL, with its leading slash);
   * `undefined` for routes that call no model: those pass through and are not recorded as LLM calls.
   */
  match(method: string, path: string): Endpoint | undefined;
}

/** One route that calls a model. */
export interface Endpoint {
  /** Operation of the GenAI conventions: `chat`, `text_completion`, `generate_content`, `embeddings`, `rerank`, or the provider's own word. */
  readonly operation: string;
  /** `text`, `image`, `audio`, `embedding`... */
  readonly modality: string;
  /** Model named by the path: an Azure deployment, a Gemini model. */
  readonly pathModel?: string;
  /**
   * How a stream of this endpoint is framed when its content type does not say. `aws` is AWS's binary event stream: `event` is
   * given the JSON of a frame, decoded from `bytes` where that is its member, and the frame's `:event-type`.
   */
  readonly streamFraming: 'sse' | 'ndjson' | 'json_array' | 'aws';
  /** The stream is on unless the body says otherwise (Ollama), or is decided by the path (Gemini). */
  readonly streamsByDefault?: boolean;
  /** Reads a request's JSON body; any JSON value may come, and nothing may be thrown. */
  readRequest(body: unknown): RequestFacts;
  /** A reader for one response. */
  readResponse(): ResponseReader;
  /**
   * The member to add to a streaming request's JSON so that the provider reports usage, `undefined` when the body asks for
   * it already, does not stream, or the provider always reports it.
   */
  usageOption?(body: unknown): UsageOption | undefined;
}

/** How to obtain usage that a provider sends only on request, and how to know the event that was sent because of it. */
export interface UsageOption {
  /** Members to merge into the request's top level: `{ stream_options: { include_usage: true } }`. */
  readonly members: { readonly [name: string]: AttributeValue };
  /** A member that the option adds to every other event, with the value null: the client must not see that either. Absent when none is known of. */
  readonly nullMember?: string;
  /** True for the event that exists only because of the option: the client did not ask for it and must not see it. */
  isExtraEvent(data: unknown): boolean;
}

/** What a request's body says. Absent means that it does not say. */
export interface RequestFacts {
  readonly model?: string;
  readonly stream?: boolean;
  /** By their GenAI name without the prefix: `temperature`, `max_tokens`, `top_p`, `seed`... */
  readonly parameters?: { readonly [name: string]: AttributeValue };
  readonly inputMessages?: readonly Message[];
  readonly systemInstructions?: readonly MessagePart[];
  readonly toolDefinitions?: readonly AttributeValue[];
  /** Number of inputs of an embeddings call. */
  readonly inputCount?: number;
  /** What the call will be billed for beside tokens, as far as its request alone tells: it holds where the answer does not say otherwise. */
  readonly units?: BilledUnits;
  readonly userId?: string;
  readonly sessionId?: string;
}

/** What a piece of a stream carries, for the time to the first token: framing and role-only chunks are `none`. */
export type ContentKind = 'none' | 'reasoning' | 'visible' | 'tool_call';

/** Reads one response, whole or event by event. Never throws, whatever it is given. */
export interface ResponseReader {
  /** The parsed body of a response that is no stream, or of an error. */
  document(body: unknown): void;
  /**
   * One parsed event of a stream; `eventName` is the SSE event's, `''` when it has none. Data that is no JSON is passed as the
   * string it is: `[DONE]` ends a stream.
   */
  event(data: unknown, eventName: string): ContentKind;
  /** What is known so far; may be asked again later. Of a stream cut short: what had come until then. */
  facts(): ResponseFacts;
}

/** What a response says. Absent means that it does not say. */
export interface ResponseFacts {
  readonly model?: string;
  readonly id?: string;
  /** Folded: `stop`, `length`, `content_filter`, `tool_call`, `error`, else the provider's own word; in the order of the choices. */
  readonly finishReasons?: readonly string[];
  /** Tokens and units as the provider reported them, with totals inclusive of their parts; absent when it reported none. */
  readonly usage?: Usage;
  readonly outputMessages?: readonly Message[];
  readonly serviceTier?: string;
  /** Cost of the call in USD, where the provider states it (OpenRouter). */
  readonly suppliedCostUsd?: number;
  /** An error in the body, also one that came inside a stream after status 200. */
  readonly error?: ProviderError;
  /** Times that the provider itself measured (Ollama, llama.cpp), in nanoseconds, in the order they happened. */
  readonly timings?: readonly ProviderTiming[];
  /** The stream came to its own end: `[DONE]`, `message_stop`, `done: true`, a terminal event. */
  readonly ended: boolean;
}

/** An error as the provider words it. */
export interface ProviderError {
  /** The provider's type, else its code, else `error`. */
  readonly type: string;
  readonly message: string;
  readonly code?: string;
}

/** A phase inside the provider: `model_load`, `prompt_evaluation`, `token_generation`. */
export interface ProviderTiming {
  readonly phase: 'model_load' | 'prompt_evaluation' | 'token_generation';
  readonly durationNano: number;
}
