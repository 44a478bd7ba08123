import type { SampleHints, SampleRange, SelectLimits, SelectOutcome, SeriesSamples } from '../api/sample-store.js';
import type { ChunkTable } from './chunk-table.js';
import type { JoinableChunk } from './join-chunks.js';
import { joinChunks } from './join-chunks.js';
import type { LabelMatcher, Labels } from './labels.js';
import type { SampleHead } from './sample-head.js';
import type { StoredChunks } from './stored-chunks.js';

/** Other work of the process waits no longer than this while samples are unpacked. */
const BREATH_MS = 15;
const SERIES_A_LOOK = 32;
const NEVER = Number.NEGATIVE_INFINITY;

/** Samples and labels of series, from what is in memory and what is stored. */
export class SampleQuestions {
  readonly #head: SampleHead;
  readonly #table: ChunkTable;
  readonly #stored: StoredChunks;

  constructor(head: SampleHead, table: ChunkTable, stored: StoredChunks) {
    this.#head = head;
    this.#table = table;
    this.#stored = stored;
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
    const head = this.#head;
    // The head first: a chunk that moves to the table meanwhile is seen in one of the two, or in both.
    const recent = ids.map((id) => head.chunksOf(id, fromMs, toMs));
    const asked = ids.map((id) => ({
      id,
      memoryFromMs: head.firstMsOf(id),
      lastMs: head.lastMsOf(id) ?? NEVER,
    }));
    const stored = await this.#stored.read(asked, fromMs, toMs);
    const series: SeriesSamples[] = [];
    let left = limits.maxSamples;
    let breathedMs = performance.now();
    for (const [i, id] of ids.entries()) {
      if (i % SERIES_A_LOOK === 0 && performance.now() - breathedMs > BREATH_MS) {
        await new Promise(setImmediate);
        breathedMs = performance.now();
      }
      const labels = head.index.labelsOf(id);
      if (labels === undefined) continue;
      const chunks: JoinableChunk[] = [...(stored.get(id) ?? [])];
      for (const bytes of recent[i] ?? []) chunks.push({ windowMs: 0, bytes });
      const joined = joinChunks(chunks, fromMs, toMs, left, hints);
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
    const head = this.#head;
    const ids = head.index.select(matchers);
    // The head first, as when samples are read. Of series that ended before nothing is stored that is later.
    const isRecent = ids.map((id) => head.reaches(id, fromMs, toMs));
    const mayBeStored = ids.some((id, i) => isRecent[i] !== true && (head.lastMsOf(id) ?? NEVER) >= fromMs);
    const stored = mayBeStored ? await this.#table.seriesWithin(fromMs, toMs) : undefined;
    const found: Labels[] = [];
    for (const [i, id] of ids.entries()) {
      if (found.length >= limit) break;
      const labels = isRecent[i] === true || stored?.has(id) === true ? head.index.labelsOf(id) : undefined;
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
