import type { SampleHints, SampleRange, SelectLimits, SelectOutcome, SeriesSamples } from '../api/sample-store.js';
import type { ChunkTable } from './chunk-table.js';
import { joinChunks } from './join-chunks.js';
import type { LabelMatcher, Labels } from './labels.js';
import type { SampleHead } from './sample-head.js';

/** Samples and labels of series, from what is in memory and what is stored. */
export class SampleQuestions {
  readonly #head: SampleHead;
  readonly #table: ChunkTable;

  constructor(head: SampleHead, table: ChunkTable) {
    this.#head = head;
    this.#table = table;
  }

  async select(
    matchers: readonly LabelMatcher[],
    { fromMs, toMs }: SampleRange,
    limits: SelectLimits,
    hints?: SampleHints,
  ): Promise<SelectOutcome> {
    const ids = this.#head.index.select(matchers);
    if (ids.length > limits.maxSeries) {
      return {
        kind: 'too_large',
        message: `${ids.length} series match, ${limits.maxSeries} are allowed; ask for fewer`,
      };
    }
    // The head first: a chunk that moves to the table meanwhile is seen in one of the two, or in both.
    const recent = new Map(ids.map((id) => [id, this.#head.chunksOf(id, fromMs, toMs)]));
    const stored = await this.#table.read(ids, fromMs, toMs);
    const series: SeriesSamples[] = [];
    let left = limits.maxSamples;
    for (const id of ids) {
      const labels = this.#head.index.labelsOf(id);
      if (labels === undefined) continue;
      const fresh = recent.get(id)?.map((bytes) => ({ windowMs: 0, bytes })) ?? [];
      const joined = joinChunks([...(stored.get(id) ?? []), ...fresh], fromMs, toMs, left, hints);
      if (joined === undefined) {
        return {
          kind: 'too_large',
          message: `more than ${limits.maxSamples} samples match; ask for less time or fewer series`,
        };
      }
      left -= joined.weight;
      if (joined.weight > 0) series.push({ labels, ...joined.columns });
    }
    return { kind: 'series', series };
  }

  series(matchers: readonly LabelMatcher[], limit: number): readonly Labels[] {
    const { index } = this.#head;
    return index
      .select(matchers)
      .slice(0, limit)
      .flatMap((id) => {
        const labels = index.labelsOf(id);
        return labels === undefined ? [] : [labels];
      });
  }

  async seriesWithin(
    matchers: readonly LabelMatcher[],
    { fromMs, toMs }: SampleRange,
    limit: number,
  ): Promise<readonly Labels[]> {
    const { index } = this.#head;
    const ids = index.select(matchers);
    // The head first, as when samples are read.
    const recent = new Set(ids.filter((id) => this.#head.reaches(id, fromMs, toMs)));
    const stored = recent.size < ids.length ? await this.#table.seriesWithin(fromMs, toMs) : recent;
    const found: Labels[] = [];
    for (const id of ids) {
      if (found.length >= limit) break;
      const labels = recent.has(id) || stored.has(id) ? index.labelsOf(id) : undefined;
      if (labels !== undefined) found.push(labels);
    }
    return found;
  }

  labelNames(matchers: readonly LabelMatcher[]): readonly string[] {
    if (matchers.length === 0) return [...this.#head.index.names()].sort();
    const names = new Set<string>();
    for (const labels of this.series(matchers, Number.POSITIVE_INFINITY)) for (const [name] of labels) names.add(name);
    return [...names].sort();
  }

  labelValues(name: string, matchers: readonly LabelMatcher[]): readonly string[] {
    if (matchers.length === 0) return [...this.#head.index.values(name)].sort();
    const values = new Set<string>();
    for (const labels of this.series(matchers, Number.POSITIVE_INFINITY)) {
      for (const [found, value] of labels) if (found === name) values.add(value);
    }
    return [...values].sort();
  }
}
