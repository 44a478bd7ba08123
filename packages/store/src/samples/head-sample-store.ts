import type {
  DeletedSamples,
  NumberedRows,
  SampleCardinality,
  SampleHints,
  SampleRange,
  SampleRows,
  SampleStore,
  SampleStoreState,
  SampleTier,
  SampleWriteOutcome,
  SelectLimits,
  SelectOutcome,
  SeriesSamples,
  ThinnedCounts,
} from '../api/sample-store.js';
import type { DurableHeadParts } from './durable-head.js';
import { DurableHead } from './durable-head.js';
import type { LabelMatcher, Labels } from './labels.js';
import { SampleIntake } from './sample-intake.js';
import type { ReplayReport } from './sample-log.js';
import { SampleQuestions } from './sample-questions.js';
import type { SeriesLimits } from './series-limits.js';
import { DEFAULT_SERIES_LIMITS } from './series-limits.js';
import { StoredChunks } from './stored-chunks.js';
import { thinOutTiers } from './thin-out-tiers.js';

/** What a sample store is made of. */
export interface HeadSampleStoreOptions extends Omit<DurableHeadParts, 'onStored'> {
  readonly limits?: Partial<SeriesLimits>;
  /** Samples older than this are not taken. */
  readonly retentionMs: number;
  /** None by default. */
  readonly tiers?: readonly SampleTier[];
  /** Stored chunks that are kept in memory for the next question take so many bytes at most. 64 MiB by default. */
  readonly maxKeptChunkBytes?: number;
  /** Called after chunks were deleted: their space can be given back. */
  readonly onDeleted?: () => void;
}

/** A day of some 3,000 series that are scraped every 15 s. */
const MAX_KEPT_CHUNK_BYTES = 64 * 1024 * 1024;

/**
 * A sample store whose recent part is in memory, packed, and in a log; what is complete goes to a table of chunks. Opens by
 * reading the series of the table and the log.
 */
export class HeadSampleStore implements SampleStore {
  readonly #options: HeadSampleStoreOptions;
  readonly #durable: DurableHead;
  readonly #intake: SampleIntake;
  readonly #stored: StoredChunks;
  readonly #questions: SampleQuestions;
  #upkeeping: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(options: HeadSampleStoreOptions, durable: DurableHead, stored: StoredChunks) {
    const { retentionMs, clock } = options;
    this.#options = options;
    this.#durable = durable;
    this.#stored = stored;
    const limits = { ...DEFAULT_SERIES_LIMITS, ...definedOf(options.limits) };
    this.#intake = new SampleIntake(durable, { limits, retentionMs, clock });
    this.#questions = new SampleQuestions(durable.head, options.table, stored);
  }

  /** Opens the store of a folder; `report` says what the log held, and whether something of it was lost. */
  static async open(options: HeadSampleStoreOptions): Promise<{ store: HeadSampleStore; report: ReplayReport }> {
    const stored = new StoredChunks(options.table, options.maxKeptChunkBytes ?? MAX_KEPT_CHUNK_BYTES);
    const { durable, report } = await DurableHead.open({ ...options, onStored: (chunks) => stored.add(chunks) });
    return { store: new HeadSampleStore(options, durable, stored), report };
  }

  write(samples: readonly SeriesSamples[]): Promise<SampleWriteOutcome> {
    if (this.#closed) return Promise.resolve(CLOSED);
    return this.#intake.write((turn) => {
      for (const columns of samples) {
        const rows = columns.timestampsMs.length;
        const id = turn.idOf(columns.labels, rows);
        if (id !== undefined) turn.take(id, columns, wordsOf(columns.values), 0, rows);
      }
    });
  }

  writeRows(rows: SampleRows): Promise<SampleWriteOutcome> {
    if (this.#closed) return Promise.resolve(CLOSED);
    return this.#intake.write((turn) => {
      const { series, ends } = rows;
      const words = wordsOf(rows.values);
      for (let i = 0, from = 0; i < series.length; i += 1) {
        const end = ends[i] as number;
        const id = turn.idOf(series[i] as Labels, end - from);
        if (id !== undefined) turn.take(id, rows, words, from, end);
        from = end;
      }
    });
  }

  writeNumbered(rows: NumberedRows, from = 0, to = rows.series.length): Promise<SampleWriteOutcome> {
    if (this.#closed) return Promise.resolve(CLOSED);
    return this.#intake.write((turn) => {
      const { series, ends, known } = rows;
      const words = wordsOf(rows.values);
      let start = from === 0 ? 0 : (ends[from - 1] as number);
      for (let i = from; i < to; i += 1) {
        const end = ends[i] as number;
        const id = turn.numberedId(known, series[i] as number, end - start);
        if (id !== undefined) turn.take(id, rows, words, start, end);
        start = end;
      }
    });
  }

  select(
    matchers: readonly LabelMatcher[],
    range: SampleRange,
    limits: SelectLimits,
    hints?: SampleHints,
  ): Promise<SelectOutcome> {
    return this.#questions.select(matchers, range, limits, hints);
  }

  series(matchers: readonly LabelMatcher[], limit: number): readonly Labels[] {
    return this.#questions.series(matchers, limit);
  }

  seriesWithin(matchers: readonly LabelMatcher[], range: SampleRange, limit: number): Promise<readonly Labels[]> {
    return this.#questions.seriesWithin(matchers, range, limit);
  }

  labelNames(matchers: readonly LabelMatcher[]): readonly string[] {
    return this.#questions.labelNames(matchers);
  }

  labelValues(name: string, matchers: readonly LabelMatcher[]): readonly string[] {
    return this.#questions.labelValues(name, matchers);
  }

  cardinality(limit: number): SampleCardinality {
    const { head } = this.#durable;
    return { ...head.index.cardinality(limit), head: head.memory() };
  }

  state(): SampleStoreState {
    const { head, logBytes, problem, fatalError } = this.#durable;
    return {
      series: head.index.size,
      ...this.#intake.totals,
      logBytes,
      headBytes: head.sizeBytes,
      problem,
      fatalError,
    };
  }

  async thinOut(signal?: AbortSignal): Promise<ThinnedCounts> {
    const { tiers = [], clock, table, onDeleted } = this.#options;
    const { index } = this.#durable.head;
    const counts = await this.#upkeep(() =>
      thinOutTiers({
        table,
        tiers,
        nowMs: clock(),
        labelsOf: (id) => index.labelsOf(id) ?? [],
        isStopped: () => this.#closed || signal?.aborted === true,
      }),
    ).catch((error: unknown) => {
      // Some of it may have been done.
      this.#stored.forget();
      throw error;
    });
    if (counts.samplesBefore > 0) this.#stored.forget();
    if (counts.samplesBefore > counts.samplesAfter) onDeleted?.();
    return counts;
  }

  deleteBefore(unixMs: number): Promise<DeletedSamples> {
    return this.#upkeep(() => this.#deleteBefore(unixMs));
  }

  checkpoint(): Promise<void> {
    return this.#durable.checkpoint();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#durable.stop();
    await this.#upkeeping;
    await this.#durable.close();
  }

  async #deleteBefore(unixMs: number): Promise<DeletedSamples> {
    const durable = this.#durable;
    const { head } = durable;
    await durable.storeClosed();
    const { table, onDeleted } = this.#options;
    const alive = await table.seriesWithin(unixMs, Number.POSITIVE_INFINITY);
    const dead = head.index
      .select([])
      .filter((id) => !alive.has(id) && (head.lastMsOf(id) ?? Number.NEGATIVE_INFINITY) < unixMs);
    // A sample that comes while the table works begins a new series under another id.
    const open = head.remove(new Set(dead));
    durable.dropRemovedSeries();
    const { chunks, samples } = await table.delete(unixMs, dead).finally(() => this.#stored.forget());
    // The log holds what was open of the series that are gone: a start must not find them there again.
    if (dead.length > 0) await durable.checkpoint();
    if (chunks > 0) onDeleted?.();
    return { chunks, samples: samples + open, series: dead.length };
  }

  /** One at a time: what one deletes another must not put back. */
  #upkeep<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#upkeeping.then(work);
    this.#upkeeping = result.catch(() => undefined);
    return result;
  }
}

function wordsOf({ buffer, byteOffset, length }: Float64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, length * 2);
}

const CLOSED: SampleWriteOutcome = { kind: 'failed', message: 'the store is closed' };

/** Without members that are there and `undefined`, which would hide defaults. */
function definedOf<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}
