import type { Counter, Histogram } from '@vedetta/metrics';
import type { DatabaseOperationFacts } from './facts.js';
import type { MeasureHost } from './measures.js';
import { exemplarOf, toSeconds } from './measures.js';

/** Operations on databases and their time. */
export class DatabaseMeasures {
  readonly #host: MeasureHost;
  readonly #operations: Counter;
  readonly #seconds: Histogram;

  constructor(host: MeasureHost) {
    this.#host = host;
    const labels = ['operation', 'collection'];
    this.#operations = host.registry.counter({
      name: 'database_operations_total',
      help: 'Operations on databases.',
      labels,
    });
    this.#seconds = host.registry.histogram({
      name: 'database_duration_seconds',
      help: 'Time of an operation on a database.',
      labels,
    });
  }

  record({ operation, collection = 'unknown' }: DatabaseOperationFacts, durationMs: unknown): void {
    const labels = [operation, collection];
    const seconds = toSeconds(durationMs);
    const exemplar = exemplarOf(this.#host, seconds ?? 0);
    this.#operations.add(labels, 1, exemplar);
    if (seconds !== undefined) this.#seconds.observe(labels, seconds, exemplar);
    this.#host.changed();
  }
}
