import type { KnownSpan } from '../../derive/known-span.js';

/** Spans kept in memory, of the traces written last: about 1 KB each. */
const MAX_SPANS = 40_000;
/** Traces untouched for so long leave at the next commit: spans of a trace come together or within seconds. */
export const CACHE_AGE_MS = 60_000;

/** What is known of one trace. */
export interface TraceState {
  readonly spans: Map<string, KnownSpan>;
  /** Rows derived from it are stored: they are deleted before new ones are written. */
  stored: boolean;
  touchedUnixMs: number;
}

/** Traces written lately, so that a late span does not send the writer to the store. Least recently touched leave first. */
export class TraceCache {
  readonly #traces = new Map<string, TraceState>();
  #spans = 0;

  get(traceId: string): TraceState | undefined {
    return this.#traces.get(traceId);
  }

  /** Keeps a trace, as it is now, as the most recent. */
  keep(traceId: string, state: TraceState): void {
    this.delete(traceId);
    this.#traces.set(traceId, state);
    this.#spans += state.spans.size;
  }

  /** Takes a trace out, to be changed: its size must not change while it is kept. */
  delete(traceId: string): void {
    const state = this.#traces.get(traceId);
    if (state === undefined) return;
    this.#traces.delete(traceId);
    this.#spans -= state.spans.size;
  }

  /** Lets go what is too much or too old. */
  evict(nowUnixMs: number): void {
    for (const [traceId, state] of this.#traces) {
      if (this.#spans <= MAX_SPANS && nowUnixMs - state.touchedUnixMs < CACHE_AGE_MS) return;
      this.delete(traceId);
    }
  }

  clear(): void {
    this.#traces.clear();
    this.#spans = 0;
  }
}
