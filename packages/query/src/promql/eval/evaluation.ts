import type { EngineLimits, ResolvedOptions } from '../engine-options.js';
import type { NativeHistogram } from '../histogram/native-histogram.js';
import type { LabelSet } from '../labels/label-set.js';
import type { VectorSelector } from '../syntax/ast.js';
import { PromqlError } from '../syntax/promql-error.js';
import type { Notes } from './notes.js';

// Other work of the process waits no longer than this for a query.
const BREATH_MS = 15;

/** A series as a selector read it, with what is derived from it when it is needed. */
export interface LoadedSeries {
  readonly labels: LabelSet;
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
  readonly histograms: readonly (NativeHistogram | undefined)[] | undefined;
  readonly startTimestampsMs: Float64Array | undefined;
  readonly stale: Uint8Array | undefined;
}

/** What all parts of one evaluation share. */
export class Evaluation {
  readonly options: ResolvedOptions;
  readonly notes: Notes;
  readonly selected: ReadonlyMap<VectorSelector, readonly LoadedSeries[]>;
  /** The whole query, which `start()`, `end()`, `step()` and `range()` refer to. */
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
  readonly #deadline: number;
  readonly #signal: AbortSignal | undefined;
  #breathed: number;
  #points = 0;
  /** Samples that selectors looked at, those of overlapping windows once for each. */
  lookedAt = 0;

  constructor(init: {
    readonly options: ResolvedOptions;
    readonly notes: Notes;
    readonly selected: ReadonlyMap<VectorSelector, readonly LoadedSeries[]>;
    readonly startMs: number;
    readonly endMs: number;
    readonly stepMs: number;
    readonly deadline: number;
    readonly signal: AbortSignal | undefined;
  }) {
    this.options = init.options;
    this.notes = init.notes;
    this.selected = init.selected;
    this.startMs = init.startMs;
    this.endMs = init.endMs;
    this.stepMs = init.stepMs;
    this.#deadline = init.deadline;
    this.#signal = init.signal;
    this.#breathed = performance.now();
  }

  get limits(): EngineLimits {
    return this.options.limits;
  }

  /** Points held so far. */
  get points(): number {
    return this.#points;
  }

  /** Counts points that are about to be held, and refuses too many. */
  reserve(points: number): void {
    this.#points += points;
    if (this.#points > this.limits.maxPoints) {
      throw new PromqlError(
        'too_large',
        `query processing would hold more than ${this.limits.maxPoints} points in memory`,
      );
    }
  }

  /** Whether it is time to let others work: await `breathe` then. */
  get due(): boolean {
    return performance.now() - this.#breathed > BREATH_MS;
  }

  /** Lets other work of the process go first, and ends the query when it was called off or takes too long. */
  async breathe(): Promise<void> {
    checkStopped(this.#signal, this.#deadline, this.limits.timeoutMs);
    await nextTurn();
    checkStopped(this.#signal, this.#deadline, this.limits.timeoutMs);
    this.#breathed = performance.now();
  }
}

/** Throws when a query was called off or has run too long. `deadline` is by `performance.now()`. */
export function checkStopped(signal: AbortSignal | undefined, deadline: number, timeoutMs: number): void {
  if (signal?.aborted) throw new PromqlError('canceled', 'query was canceled');
  if (performance.now() > deadline) throw new PromqlError('timeout', `query timed out after ${timeoutMs} ms`);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    // Where there is setImmediate it is the faster way to the end of the queue.
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}
