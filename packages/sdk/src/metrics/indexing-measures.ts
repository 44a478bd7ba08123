import type { Counter, Gauge, Histogram } from '@vedetta/metrics';
import type { IndexingStatus } from './facts.js';
import type { MeasureHost } from './measures.js';
import { exemplarOf, toSeconds } from './measures.js';

const STATUSES: readonly IndexingStatus[] = ['queued', 'running', 'completed', 'failed', 'cancelled'];

/** Indexing jobs and the files that they process. */
export class IndexingMeasures {
  readonly #host: MeasureHost;
  readonly #jobs: Counter;
  readonly #byStatus: Gauge;
  readonly #files: Counter;
  readonly #seconds: Histogram;

  constructor(host: MeasureHost) {
    this.#host = host;
    const { registry } = host;
    this.#jobs = registry.counter({
      name: 'indexing_jobs_total',
      help: 'Indexing jobs that ended, by how they did.',
      labels: ['status'],
    });
    this.#byStatus = registry.gauge({
      name: 'indexing_jobs_by_status',
      help: 'Indexing jobs that are queued or running now, and those that ended since the process started.',
      labels: ['status'],
    });
    this.#files = registry.counter({
      name: 'indexing_files_processed_total',
      help: 'Files that indexing jobs processed.',
      labels: ['format', 'status'],
    });
    this.#seconds = registry.histogram({ name: 'indexing_duration_seconds', help: 'Time of an indexing job.' });
    // From the start, so that the first failure is an increase and not a new series.
    for (const status of STATUSES) this.#byStatus.set([status], 0);
    for (const status of ['completed', 'failed']) this.#jobs.add([status], 0);
  }

  /** A job goes from one status to another; `undefined` is before the first. */
  moved(from: IndexingStatus | undefined, to: IndexingStatus, durationMs?: number): void {
    if (from !== undefined) this.#byStatus.add([from], -1);
    this.#byStatus.add([to], 1);
    if (to !== 'queued' && to !== 'running') {
      const seconds = toSeconds(durationMs);
      const exemplar = exemplarOf(this.#host, seconds ?? 0);
      this.#jobs.add([to], 1, exemplar);
      if (seconds !== undefined) this.#seconds.observe([], seconds, exemplar);
    }
    this.#host.changed();
  }

  file(format: unknown, success: boolean): void {
    this.#files.add([format, success ? 'completed' : 'failed'], 1);
    this.#host.changed();
  }
}
