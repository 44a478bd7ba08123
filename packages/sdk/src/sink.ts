import type { SpanRecord } from './span-record.js';

/** What became of the spans that a sink was given: `offered = delivered + dropped + queued`, always. */
export interface SinkStats {
  readonly offered: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly queued: number;
}

/** What a sink learns from the monitor it serves. */
export interface SinkContext {
  readonly serviceName: string;
  /** Reports trouble in a sentence: written at most once a minute, together with everything else the SDK has to say. */
  notice(message: () => string): void;
}

/**
 * Where recorded spans go. Write one of your own as a plain object: only `name` and `write` are needed.
 *
 * `write` is called in the application's own call stack: return at once, keep what you need, do the work later. What it
 * throws is counted and reported, and never reaches the application.
 */
export interface Sink {
  readonly name: string;
  /** Ask for requests that still run, as spans whose `endUnixMs` is 0; they come again with their end. Default: no. */
  readonly announcements?: boolean;
  /** Called once, before the first write. */
  open?(context: SinkContext): void;
  /** Takes the spans of one request, or of a part of it, or one event or score. */
  write(spans: readonly SpanRecord[]): void;
  /** Resolves when everything written so far is delivered or dropped, at the latest after `timeoutMs`. */
  flush?(timeoutMs: number): Promise<void>;
  /** The process ends: deliver what is left before returning, taking no longer than `timeoutMs`. */
  flushSync?(timeoutMs: number): void;
  /** Called once, after the last flush. */
  close?(): Promise<void>;
  stats?(): SinkStats;
}
