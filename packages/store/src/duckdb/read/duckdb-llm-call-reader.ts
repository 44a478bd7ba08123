import type { TimeRange } from '@vedetta/model';
import type {
  LlmCallPage,
  LlmCallQuery,
  LlmCallReader,
  ModelStats,
  ScoreStats,
  UnpricedModel,
} from '../../api/llm-call-reader.js';
import type { RequestScope } from '../../api/request-reader.js';
import { listLlmCalls } from './llm-call-list.js';
import { modelStats, scoreStats, unpricedModels } from './llm-call-stats.js';
import type { ReaderPool } from './reader-pool.js';

/** Answers from `data.llm_calls`. */
export class DuckDbLlmCallReader implements LlmCallReader {
  readonly #pool: ReaderPool;

  constructor(pool: ReaderPool) {
    this.#pool = pool;
  }

  modelStats(scope: RequestScope): Promise<readonly ModelStats[]> {
    return modelStats(this.#pool, scope);
  }

  list(query: LlmCallQuery): Promise<LlmCallPage> {
    return listLlmCalls(this.#pool, query);
  }

  unpriced(range: TimeRange): Promise<readonly UnpricedModel[]> {
    return unpricedModels(this.#pool, range);
  }

  scoreStats(scope: RequestScope): Promise<ScoreStats> {
    return scoreStats(this.#pool, scope);
  }
}
