import type { LlmUsage } from '../llm-call.js';

/** An HTTP request that was answered. */
export interface HttpRequestFacts {
  /** `POST`. What is no method of HTTP counts as `_OTHER`. */
  readonly method: string;
  /** Pattern of the route, `/orders/:id`: never the path itself, of which there is no end. Default `unknown`. */
  readonly endpoint?: string;
  /** Status of the answer, or `error` where none was given. */
  readonly status: number | 'error';
  readonly durationMs: number;
  readonly requestSizeBytes?: number;
  readonly responseSizeBytes?: number;
}

/** A call of a model that was made. */
export interface AiRequestFacts {
  readonly model: string;
  /** `chat` (default), `embeddings`, `text_completion`...: the operation of the GenAI conventions. */
  readonly type?: string;
  readonly usage?: LlmUsage;
  readonly durationMs?: number;
  /** Default true. */
  readonly success?: boolean;
  /** What was thrown: the call failed, unless `success` says otherwise. */
  readonly error?: unknown;
}

/** A RAG query that was answered. */
export interface RagQueryFacts {
  readonly durationMs?: number;
  /** Milliseconds by stage: `retrieval`, `grading`, `generation`, or your own. */
  readonly stages?: { readonly [stage: string]: number };
  /** Default true. */
  readonly success?: boolean;
}

/** How an indexing job is: the last three are ends. */
export type IndexingStatus = 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';

/** An operation on a database. */
export interface DatabaseOperationFacts {
  /** `find`, `insert`, `SELECT`... */
  readonly operation: string;
  /** Collection or table. Default `unknown`. */
  readonly collection?: string;
}
