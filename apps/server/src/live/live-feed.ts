import type { CustomEventRow, RequestRow, Span } from '@vedetta/model';
import type { Commit } from '@vedetta/store';
import { CallProgress } from './call-progress.js';

// Requirement C7: at most a thousand recent requests in memory; the rest is in the store.
const MAX_REQUESTS = 1000;
const MAX_EVENTS = 1000;

/** What changed after a point of the feed; the newest `limit` of each. */
export interface LiveChanges {
  /** Position to ask from the next time. */
  readonly position: number;
  /** Newest version of each changed request, latest change last. */
  readonly requests: readonly RequestRow[];
  /** Changed requests that are left out; at least that many. */
  readonly more: number;
  readonly events: readonly CustomEventRow[];
}

/**
 * The most recent requests and events in memory, in the order of their last change. Each reader remembers a position and asks
 * for what came after it: a slow reader costs no memory and gets the newest versions when it is ready again.
 */
export class LiveFeed {
  #position = 0;
  /** Insertion order is the order of change: a changed request is taken out and put back at the end. */
  readonly #requests = new Map<string, { readonly row: RequestRow; readonly position: number }>();
  readonly #events: { readonly row: CustomEventRow; readonly position: number }[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #progress = new CallProgress();

  get position(): number {
    return this.#position;
  }

  /** Takes over a commit. Called by the store's writer, so it does nothing but keep. */
  apply(commit: Commit): void {
    for (const span of commit.spans) if (span.endUnixNano !== 0n) this.#progress.forget(span);
    for (const row of commit.requests) this.#put(row);
    for (const row of commit.customEvents) {
      this.#position += 1;
      this.#events.push({ row, position: this.#position });
    }
    this.#trim();
    for (const listener of this.#listeners) listener();
  }

  /** Takes over what an announcement tells of tokens so far; the store keeps nothing of it. */
  running(span: Span): void {
    if (!this.#progress.note(span)) return;
    let changed = false;
    for (const { row } of [...this.#requests.values()]) {
      if (row.traceId !== span.traceId || row.status !== 'running') continue;
      this.#put(row);
      changed = true;
    }
    if (changed) for (const listener of this.#listeners) listener();
  }

  /** A running request with the tokens that its calls have had so far. */
  withProgress(row: RequestRow): RequestRow {
    return this.#progress.addTo(row);
  }

  /** Calls back after each commit; answers the way to stop it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changesSince(position: number, limit: number): LiveChanges {
    const changed = [...this.#requests.values()].filter((entry) => entry.position > position);
    const events = this.#events.filter((entry) => entry.position > position);
    return {
      position: this.#position,
      requests: changed.slice(-limit).map((entry) => this.withProgress(entry.row)),
      more: Math.max(0, changed.length - limit),
      events: events.slice(-limit).map((entry) => entry.row),
    };
  }

  /** The newest version of a request, when it changed recently enough to be in memory. */
  find(requestId: string): RequestRow | undefined {
    return this.#requests.get(requestId)?.row;
  }

  /** Latest changed first, for reads from code in the server's process. */
  recent(limit: number): readonly RequestRow[] {
    return [...this.#requests.values()]
      .slice(-limit)
      .reverse()
      .map((entry) => entry.row);
  }

  #put(row: RequestRow): void {
    this.#position += 1;
    this.#requests.delete(row.requestId);
    this.#requests.set(row.requestId, { row, position: this.#position });
  }

  #trim(): void {
    for (const requestId of this.#requests.keys()) {
      if (this.#requests.size <= MAX_REQUESTS) break;
      this.#requests.delete(requestId);
    }
    if (this.#events.length > MAX_EVENTS) this.#events.splice(0, this.#events.length - MAX_EVENTS);
  }
}
