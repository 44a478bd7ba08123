import type { RequestSummary } from './summary.js';

/** How a model did over the recent requests. */
export interface ModelPerformance {
  readonly model: string;
  readonly requests: number;
  readonly averageMs: number;
  /** 0 to 1. */
  readonly successRate: number;
}

/** The requests that ended last, in a ring that never grows past its limit, and totals over all of them. */
export class RecentRequests {
  total = 0;
  failed = 0;
  #totalMs = 0;
  readonly #limit: number;
  readonly #ring: RequestSummary[] = [];
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get averageMs(): number {
    return this.total === 0 ? 0 : this.#totalMs / this.total;
  }

  add(summary: RequestSummary): void {
    this.total += 1;
    this.#totalMs += summary.totalMs;
    if (summary.status !== 'completed') this.failed += 1;
    if (this.#limit === 0) return;
    this.#ring[this.#next] = summary;
    this.#next = (this.#next + 1) % this.#limit;
  }

  /** Newest first. */
  list(limit: number = this.#limit): RequestSummary[] {
    const newestFirst: RequestSummary[] = [];
    for (let i = 1; i <= this.#ring.length && newestFirst.length < limit; i += 1) {
      const request = this.#ring[(this.#next - i + this.#limit) % this.#limit];
      if (request !== undefined) newestFirst.push(request);
    }
    return newestFirst;
  }

  /** Most requests first; requests without a model are left out. */
  models(): ModelPerformance[] {
    const byModel = new Map<string, { requests: number; totalMs: number; succeeded: number }>();
    for (const { model, totalMs, success } of this.#ring) {
      if (model === '') continue;
      const figures = byModel.get(model) ?? { requests: 0, totalMs: 0, succeeded: 0 };
      figures.requests += 1;
      figures.totalMs += totalMs;
      if (success) figures.succeeded += 1;
      byModel.set(model, figures);
    }
    return Array.from(byModel, ([model, { requests, totalMs, succeeded }]) => ({
      model,
      requests,
      averageMs: totalMs / requests,
      successRate: succeeded / requests,
    })).sort((a, b) => b.requests - a.requests);
  }
}
