import type { Counter, Histogram } from '@vedetta/metrics';
import { computedGauge, SlidingSums } from '@vedetta/metrics';
import type { MeasureHost } from './measures.js';
import { exemplarOf, toSeconds } from './measures.js';

const WINDOW_MS = 15 * 60_000;
/** Buckets of three seconds. */
const BUCKETS = 300;

/** RAG queries, their stages, and the share that succeeded lately. */
export class RagMeasures {
  readonly #host: MeasureHost;
  readonly #queries: Counter;
  readonly #querySeconds: Histogram;
  readonly #stageSeconds: Histogram;
  readonly #searchSeconds: Histogram;
  readonly #successes = new SlidingSums(WINDOW_MS, BUCKETS);

  constructor(host: MeasureHost) {
    this.#host = host;
    const { registry } = host;
    this.#queries = registry.counter({ name: 'rag_queries_total', help: 'RAG queries.' });
    this.#querySeconds = registry.histogram({ name: 'rag_request_duration_seconds', help: 'Time of a RAG query.' });
    this.#stageSeconds = registry.histogram({
      name: 'rag_stage_duration_seconds',
      help: 'Time of a stage of a RAG query.',
      labels: ['stage'],
    });
    this.#searchSeconds = registry.histogram({
      name: 'vector_search_duration_seconds',
      help: 'Time of a vector search.',
    });
    computedGauge(
      registry,
      { name: 'rag_query_success_rate', help: 'Share of RAG queries of the last 15 minutes that succeeded, 0 to 1.' },
      () => this.#successes.mean(host.now()),
    );
  }

  query(durationMs: number | undefined, success: boolean): void {
    const seconds = toSeconds(durationMs);
    const exemplar = exemplarOf(this.#host, seconds ?? 0);
    this.#queries.add([], 1, exemplar);
    if (seconds !== undefined) this.#querySeconds.observe([], seconds, exemplar);
    this.#successes.add(success ? 1 : 0, this.#host.now());
    this.#host.changed();
  }

  /** A stage; that of the name `retrieval` is a vector search too. */
  stage(name: unknown, durationMs: unknown): void {
    const seconds = toSeconds(durationMs);
    if (seconds === undefined) return;
    this.#stageSeconds.observe([name], seconds, exemplarOf(this.#host, seconds));
    if (name === 'retrieval') this.search(durationMs);
    this.#host.changed();
  }

  search(durationMs: unknown): void {
    const seconds = toSeconds(durationMs);
    if (seconds === undefined) return;
    this.#searchSeconds.observe([], seconds, exemplarOf(this.#host, seconds));
    this.#host.changed();
  }
}
