/** A model that a provider says it has. */
export interface ServedModel {
  /** As the provider names it: `gpt-4o`, `llama3.2:3b`. */
  readonly model: string;
  /** Ollama: whether it is in memory now. Absent where a provider does not say. */
  readonly loaded?: boolean;
  /** Bytes of graphics memory it takes while it is loaded. */
  readonly vramBytes?: number;
  /** Bytes on disk. */
  readonly sizeBytes?: number;
  /** When it leaves memory unless it is used again. */
  readonly unloadsAtUnixMs?: number;
  /** Tokens. */
  readonly contextLength?: number;
  /** `7.6B`. */
  readonly parameterSize?: string;
  /** `Q4_K_M`. */
  readonly quantization?: string;
}

/** What a provider's own metrics say of its load; absent where it does not say. */
export interface EngineLoad {
  readonly runningRequests?: number;
  readonly waitingRequests?: number;
  /** Of the key-value cache, 0 to 1. */
  readonly cacheUsage?: number;
  /** Since the engine started. */
  readonly promptTokensTotal?: number;
  readonly generatedTokensTotal?: number;
}

/** An address where models are served. */
export interface Upstream {
  /** As in the gateway's path: `openai`, `ollama`, `my-vllm`. */
  readonly name: string;
  /** How it is asked: a name of {@link MODEL_LISTINGS}; `openai-compatible` for others. */
  readonly provider: string;
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** Sent to this upstream only, to be allowed to list its models. */
  readonly apiKey?: string;
  /** Nobody asked for it: it counts as a service of the user's once it was reachable. */
  readonly optional?: boolean;
  /** Why it is not asked, for users; absent when it is. */
  readonly uncheckedReason?: string;
}

/** What the latest check of an upstream found. */
export type UpstreamState =
  | { readonly kind: 'unchecked' }
  | {
      readonly kind: 'reachable';
      readonly checkedUnixMs: number;
      readonly responseMs: number;
      /** `undefined` when it answers but does not list its models, mostly for want of a key. */
      readonly models: readonly ServedModel[] | undefined;
      /** Why the models are not listed; `''` when they are. */
      readonly reason: string;
      readonly load: EngineLoad | undefined;
    }
  | {
      readonly kind: 'unreachable';
      readonly checkedUnixMs: number;
      readonly responseMs: number;
      readonly reason: string;
    };
