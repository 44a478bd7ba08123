/** How much one query may do. */
export interface EngineLimits {
  readonly timeoutMs: number;
  /** Series that one selector may read. */
  readonly maxSeries: number;
  /** Samples that all selectors of a query may read together. */
  readonly maxSamples: number;
  /** Points of intermediate results, all together; a point takes about ten bytes. */
  readonly maxPoints: number;
  /** Steps of a range query, Prometheus' limit of points of one series. */
  readonly maxSteps: number;
}

export interface EngineOptions {
  readonly limits?: Partial<EngineLimits>;
  /** How long a sample stands for its series. Default 5 minutes. */
  readonly lookbackMs?: number;
  /** The step of a subquery that names none. Default 1 minute. */
  readonly subqueryStepMs?: number;
  /** Takes what Prometheus hides behind flags. Default `false`. */
  readonly experimental?: boolean;
  /**
   * Which Prometheus to follow where they differ. 2 includes the left end of ranges and of the look
   * back and knows only names of letters, digits and underscores; 3 leaves that end out and takes any text as a name.
   * Default 3.
   */
  readonly dialect?: 2 | 3;
  /** Takes the name of a metric off when the query is answered rather than at each function (Prometheus' flag `promql-delayed-name-removal`). Default `false`. */
  readonly delayedNameRemoval?: boolean;
}

/** All options with a value. */
export interface ResolvedOptions {
  readonly limits: EngineLimits;
  readonly lookbackMs: number;
  readonly subqueryStepMs: number;
  readonly experimental: boolean;
  readonly leftOpen: boolean;
  /** Names of labels may be any text, not letters, digits and underscores alone. */
  readonly utf8Names: boolean;
  readonly delayedNameRemoval: boolean;
}

export const DEFAULT_LIMITS: EngineLimits = {
  timeoutMs: 120_000,
  maxSeries: 100_000,
  maxSamples: 50_000_000,
  maxPoints: 50_000_000,
  maxSteps: 11_000,
};

export function resolveOptions(options: EngineOptions): ResolvedOptions {
  return {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    lookbackMs: options.lookbackMs ?? 300_000,
    subqueryStepMs: options.subqueryStepMs ?? 60_000,
    experimental: options.experimental ?? false,
    leftOpen: (options.dialect ?? 3) === 3,
    utf8Names: (options.dialect ?? 3) === 3,
    delayedNameRemoval: options.delayedNameRemoval ?? false,
  };
}
