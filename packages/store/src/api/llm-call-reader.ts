import type { LlmCallRow, TimeRange } from '@vedetta/model';
import type { DurationStats, RequestScope } from './request-reader.js';

/**
 * Answers about LLM calls: finished spans that called a model. One call that several instrumentations report, one around the
 * other, is one; operations that only repeat the usage of others (agents, chains) are none.
 */
export interface LlmCallReader {
  /**
   * By provider and model, most calls first. The range is over the start of the call's request, as in {@link RequestScope}, so
   * that sums agree with those of requests; a call without a request counts by its own start, and only without a filter.
   */
  modelStats(scope: RequestScope): Promise<readonly ModelStats[]>;
  /** Newest start first, ties by trace and span id; paging by cursor is stable while new calls arrive. */
  list(query: LlmCallQuery): Promise<LlmCallPage>;
  /** Models whose calls state usage and have no cost, by calls descending; the range is over the call's start. */
  unpriced(range: TimeRange): Promise<readonly UnpricedModel[]>;
  /**
   * Averages of the scores that were given in the range, whenever their request was; with a filter, of requests that match it.
   * A score of a request with several models counts for each of them, and once overall.
   */
  scoreStats(scope: RequestScope): Promise<ScoreStats>;
}

/** What calls of one model did. Sums are 0 where nobody stated a figure, unless said otherwise. */
export interface ModelStats {
  /** `''` when unknown. */
  readonly provider: string;
  /** Model that answered, else the one asked for; `''` when unknown. */
  readonly model: string;
  readonly calls: number;
  readonly completed: number;
  readonly failed: number;
  readonly timeout: number;
  readonly cancelled: number;
  /** completed / (completed + failed + timeout), 0 to 1; `undefined` when there is none of them. */
  readonly successRate: number | undefined;
  readonly duration: DurationStats;
  readonly timeToFirstToken: DurationStats;
  /**
   * Output tokens of completed calls by the time they took to generate: for streams from the first token on where that is known,
   * else the whole duration. Tokens of all calls over the time of all calls, so that short ones do not outweigh long ones.
   */
  readonly tokensPerSecond: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** `undefined` when no call has a cost; a partial sum when {@link unpricedCalls} is not 0. */
  readonly costUsd: number | undefined;
  /** Calls that state usage and have no cost. */
  readonly unpricedCalls: number;
  /** Calls whose tokens were estimated. */
  readonly estimatedCalls: number;
  /** Of local models: what the same tokens would cost elsewhere. `undefined` when no call has it. */
  readonly elsewhereUsd: number | undefined;
  /** Starts of the first and last call. */
  readonly firstUsedUnixMs: number;
  readonly lastUsedUnixMs: number;
  /** Of the requests of these calls, whenever they were scored; by name. */
  readonly scores: readonly ScoreAverage[];
}

/** Scores of one name that have a number. A thumb up is 1 and down is 0, so that its mean is the share of thumbs up. */
export interface ScoreAverage {
  readonly name: string;
  readonly count: number;
  readonly mean: number;
  /** The smallest and the largest value given. */
  readonly min: number;
  readonly max: number;
}

export interface ScoreStats {
  /** Of all requests, scores of unknown ones too unless there is a filter; by name. */
  readonly overall: readonly ScoreAverage[];
  /** By provider and model. */
  readonly byModel: readonly {
    readonly provider: string;
    readonly model: string;
    readonly scores: readonly ScoreAverage[];
  }[];
}

/** Which calls to list; all that is given is applied. */
export interface LlmCallQuery {
  /** Over the call's start. */
  readonly range: TimeRange;
  /** Exactly; `''` finds calls whose model is unknown. */
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly status?: LlmCallRow['status'] | undefined;
  /** Of one request. */
  readonly requestId?: string | undefined;
  /** 1 to 1000. */
  readonly limit: number;
  /** As returned with the page before; opaque. A malformed one throws RangeError. */
  readonly cursor: string | undefined;
}

export interface LlmCallPage {
  readonly calls: readonly LlmCallRow[];
  /** `undefined` on the last page. */
  readonly nextCursor: string | undefined;
}

/** A model that a price is wanted for. */
export interface UnpricedModel {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly lastUsedUnixMs: number;
}
