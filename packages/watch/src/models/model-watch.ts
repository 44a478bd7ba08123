import type { CheckOptions } from './check-upstream.js';
import { checkUpstream } from './check-upstream.js';
import type { Upstream, UpstreamState } from './served-model.js';

/** An upstream with what its latest check found. */
export interface WatchedUpstream extends Upstream {
  readonly state: UpstreamState;
  /** It is a service that the user counts on: configured, or seen reachable since the start. */
  readonly isService: boolean;
}

/** How models are watched. */
export interface ModelWatchOptions extends Omit<CheckOptions, 'signal'> {
  readonly upstreams: readonly Upstream[];
  readonly intervalMs: number;
  /** Called when an upstream becomes reachable or stops being so, also at its first check. */
  readonly onChange?: (upstream: WatchedUpstream) => void;
}

/**
 * Asks each upstream for its models at once and then at an interval. An upstream that hangs delays no other, and is not
 * asked again before it answered or its time-out passed.
 */
export class ModelWatch {
  readonly #options: ModelWatchOptions;
  readonly #states = new Map<string, UpstreamState>();
  readonly #reached = new Set<string>();
  readonly #stopping = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(options: ModelWatchOptions) {
    this.#options = options;
  }

  start(): void {
    for (const upstream of this.#options.upstreams)
      if (upstream.uncheckedReason === undefined) void this.#run(upstream);
  }

  /** Ends checks that run and starts no more. */
  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** All upstreams with their states, in the order they were given. */
  upstreams(): readonly WatchedUpstream[] {
    return this.#options.upstreams.map((upstream) =>
      this.#watched(upstream, this.#states.get(upstream.name) ?? { kind: 'unchecked' }),
    );
  }

  #watched(upstream: Upstream, state: UpstreamState): WatchedUpstream {
    return { ...upstream, state, isService: upstream.optional !== true || this.#reached.has(upstream.name) };
  }

  async #run(upstream: Upstream): Promise<void> {
    const startMs = performance.now();
    const state = await checkUpstream(upstream, { ...this.#options, signal: this.#stopping.signal });
    if (this.#stopping.signal.aborted) return;
    const before = this.#states.get(upstream.name);
    this.#states.set(upstream.name, state);
    if (state.kind === 'reachable') this.#reached.add(upstream.name);
    if (before?.kind !== state.kind) this.#options.onChange?.(this.#watched(upstream, state));
    const waitMs = Math.max(0, this.#options.intervalMs - (performance.now() - startMs));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#run(upstream);
    }, waitMs);
    // The watch keeps no process alive.
    timer.unref();
    this.#timers.add(timer);
  }
}
