import type {
  DeletedSamples,
  SampleCardinality,
  SampleHints,
  SampleRange,
  SampleRejection,
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
import { SAMPLE_REJECTIONS } from '../api/sample-store.js';
import type { ChunkTable } from './chunk-table.js';
import { joinChunks } from './join-chunks.js';
import type { LabelMatcher, Labels } from './labels.js';
import { LogQueue } from './log-queue.js';
import type { LoggedSeries } from './log-record.js';
import { RejectionTally } from './rejection-tally.js';
import { refuseForeign, replayRecord } from './replay-record.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
import { SampleHead } from './sample-head.js';
import type { ReplayReport } from './sample-log.js';
import { SampleLog } from './sample-log.js';
import type { SeriesLimits } from './series-limits.js';
import { DEFAULT_SERIES_LIMITS, nameOf, refuseSeries } from './series-limits.js';
import { thinOutTiers } from './thin-out-tiers.js';

/** As Prometheus: what is further ahead of the clock is a mistake of the sender. */
const MAX_AHEAD_MS = 10 * 60_000;
/** A log longer than this is begun anew, unless most of it is what would be written again. */
const CHECKPOINT_LOG_BYTES = 64 * 1024 * 1024;
/** Closed chunks are stored when there are so many, so that they take some MiB of memory at most. */
const STORE_CHUNKS = 10_000;
/** Written in one transaction: some ten milliseconds, so that other writes do not wait long. */
const CHUNKS_A_STEP = 10_000;
const SERIES_A_STEP = 5000;
/** After a failure to store chunks they wait so long; and so much may wait before writes are refused. */
const STORE_RETRY_MS = 10_000;
const MAX_CLOSED_CHUNKS = 500_000;
/** Series whose open chunks are written to a new log at once: a few milliseconds. */
const SERIES_A_SLICE = 4096;
const BUSY_RETRY_MS = 1000;
/** A series of which nothing came for so long has its chunk closed, so that its memory is freed. */
const IDLE_MS = 60 * 60_000;

/** What a sample store is made of. */
export interface HeadSampleStoreOptions {
  readonly table: ChunkTable;
  /** Folder of the log. */
  readonly logDir: string;
  readonly limits?: Partial<SeriesLimits>;
  /** Samples older than this are not taken. */
  readonly retentionMs: number;
  /** None by default. */
  readonly tiers?: readonly SampleTier[];
  /** Called after chunks were deleted: their space can be given back. */
  readonly onDeleted?: () => void;
  /** Whether an error of the table means that only a new process can use it. */
  readonly isFatal?: (error: unknown) => boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * A sample store whose recent part is in memory, packed, and in a log; what is complete goes to a table of chunks. Opens by
 * reading the series of the table and the log.
 */
export class HeadSampleStore implements SampleStore {
  readonly #options: HeadSampleStoreOptions;
  readonly #limits: SeriesLimits;
  readonly #head = new SampleHead();
  #log!: SampleLog;
  #queue!: LogQueue;
  /** Ids of label objects that were seen, so that senders which keep theirs are served quickly. */
  readonly #known = new WeakMap<Labels, number>();
  /** In the log, not yet in the table. */
  #newSeries: LoggedSeries[] = [];
  #snapshotBytes = 0;
  #upkeeping: Promise<unknown> = Promise.resolve();
  #storing: Promise<void> | undefined;
  #checkpointing: Promise<void> | undefined;
  /** The table did not take chunks: when it is tried again. */
  #storeAgainMs = 0;
  #storeError: string | undefined;
  #fatalError: string | undefined;
  /** What failed writes left in memory only is being written. */
  #recovering = false;
  #closed = false;
  #samplesTotal = 0;
  #duplicatesTotal = 0;
  readonly #rejectedTotal = Object.fromEntries(SAMPLE_REJECTIONS.map((reason) => [reason, 0])) as Record<
    SampleRejection,
    number
  >;

  private constructor(options: HeadSampleStoreOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_SERIES_LIMITS, ...definedOf(options.limits) };
  }

  /** Opens the store of a folder; `report` says what the log held, and whether something of it was lost. */
  static async open(options: HeadSampleStoreOptions): Promise<{ store: HeadSampleStore; report: ReplayReport }> {
    const store = new HeadSampleStore(options);
    await options.table.load((id, labels, lastMs) => {
      store.#head.index.restore(id, labels);
      if (lastMs > Number.NEGATIVE_INFINITY) store.#head.setStoredUpTo(id, lastMs);
    });
    let hasStrangers = false;
    const { log, report } = await SampleLog.open({
      dir: options.logDir,
      storeId: await options.table.id(),
      refuse: (series) => refuseForeign(store.#head.index, series),
      replay: (record) => {
        if (!replayRecord(store.#head, record, (series) => store.#newSeries.push(series))) hasStrangers = true;
      },
    });
    store.#log = log;
    store.#queue = new LogQueue(log);
    // A log that names series which are not here must go before their ids are given to others. Any other is read again if need be.
    if (hasStrangers || report.damaged.length + report.foreign.length > 0) await store.checkpoint();
    return { store, report };
  }

  write(samples: readonly SeriesSamples[]): Promise<SampleWriteOutcome> {
    return this.#write((take) => {
      for (const { labels, timestampsMs, values } of samples) {
        take(labels, timestampsMs, values, 0, timestampsMs.length);
      }
    });
  }

  writeRows({ series, ends, timestampsMs, values }: SampleRows): Promise<SampleWriteOutcome> {
    return this.#write((take) => {
      for (let i = 0, from = 0; i < series.length; i += 1) {
        const end = ends[i] as number;
        take(series[i] as Labels, timestampsMs, values, from, end);
        from = end;
      }
    });
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
    const stored = await this.#options.table.read(ids, fromMs, toMs);
    const series: SeriesSamples[] = [];
    let samples = 0;
    for (const id of ids) {
      const labels = this.#head.index.labelsOf(id);
      if (labels === undefined) continue;
      const fresh = recent.get(id)?.map((bytes) => ({ windowMs: 0, bytes })) ?? [];
      const columns = joinChunks([...(stored.get(id) ?? []), ...fresh], fromMs, toMs, hints);
      if (columns.timestampsMs.length === 0) continue;
      samples += columns.timestampsMs.length;
      if (samples > limits.maxSamples) {
        return {
          kind: 'too_large',
          message: `more than ${limits.maxSamples} samples match; ask for less time or fewer series`,
        };
      }
      series.push({ labels, ...columns });
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
    const stored = recent.size < ids.length ? await this.#options.table.seriesWithin(fromMs, toMs) : recent;
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

  cardinality(limit: number): SampleCardinality {
    return { ...this.#head.index.cardinality(limit), head: this.#head.memory() };
  }

  state(): SampleStoreState {
    return {
      series: this.#head.index.size,
      samplesTotal: this.#samplesTotal,
      duplicatesTotal: this.#duplicatesTotal,
      rejectedTotal: { ...this.#rejectedTotal },
      logBytes: this.#log.totalBytes,
      headBytes: this.#head.sizeBytes,
      problem: this.#storeError ?? (this.#queue.failure && logProblem(this.#queue.failure)),
      fatalError: this.#fatalError,
    };
  }

  async thinOut(signal?: AbortSignal): Promise<ThinnedCounts> {
    const { tiers = [], clock, table, onDeleted } = this.#options;
    const { index } = this.#head;
    const counts = await this.#upkeep(() =>
      thinOutTiers({
        table,
        tiers,
        nowMs: clock(),
        labelsOf: (id) => index.labelsOf(id) ?? [],
        isStopped: () => this.#closed || signal?.aborted === true,
      }),
    );
    if (counts.samplesBefore > counts.samplesAfter) onDeleted?.();
    return counts;
  }

  deleteBefore(unixMs: number): Promise<DeletedSamples> {
    return this.#upkeep(() => this.#deleteBefore(unixMs));
  }

  async #deleteBefore(unixMs: number): Promise<DeletedSamples> {
    await this.#storeClosed();
    const { table } = this.#options;
    const alive = await table.seriesWithin(unixMs, Number.POSITIVE_INFINITY);
    const dead = this.#head.index
      .select([])
      .filter((id) => !alive.has(id) && (this.#head.lastMsOf(id) ?? Number.NEGATIVE_INFINITY) < unixMs);
    // A sample that comes while the table works begins a new series under another id.
    const open = this.#head.remove(new Set(dead));
    this.#newSeries = this.#newSeries.filter(({ id }) => this.#head.index.labelsOf(id) !== undefined);
    const { chunks, samples } = await table.delete(unixMs, dead);
    // The log holds what was open of the series that are gone: a start must not find them there again.
    if (dead.length > 0) await this.checkpoint();
    if (chunks > 0) this.#options.onDeleted?.();
    return { chunks, samples: samples + open, series: dead.length };
  }

  /** One at a time: what one deletes another must not put back. */
  #upkeep<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#upkeeping.then(work);
    this.#upkeeping = result.catch(() => undefined);
    return result;
  }

  checkpoint(): Promise<void> {
    this.#checkpointing ??= this.#renewLog().finally(() => {
      this.#checkpointing = undefined;
    });
    return this.#checkpointing;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#checkpointing?.catch(() => undefined);
    await this.#storing?.catch(() => undefined);
    await this.#upkeeping;
    await this.#queue.flush().catch(() => undefined);
    await this.#queue.idle();
    await this.#log.close();
  }

  #write(hand: (take: TakeSamples) => void): Promise<SampleWriteOutcome> {
    const refused = this.#refusal();
    if (refused !== undefined) return Promise.resolve(refused);
    const tally = new RejectionTally();
    const created: LoggedSeries[] = [];
    const counts = { stored: 0, duplicate: 0, outOfOrder: 0 };
    const now = this.#options.clock();
    const earliestMs = now - this.#options.retentionMs;
    const latestMs = now + MAX_AHEAD_MS;
    const { rows } = this.#queue;
    const head = this.#head;
    hand((labels, timestampsMs, values, from, end) => {
      if (from === end) return;
      const id = this.#idOf(labels, end - from, created, tally);
      if (id === undefined) return;
      const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
      for (let i = from; i < end; i += 1) {
        const timestampMs = timestampsMs[i] as number;
        if (timestampMs > latestMs) {
          tally.reject(
            'too_far_ahead',
            1,
            () => `a sample of ${nameOf(labels)} is more than ten minutes ahead of the clock`,
          );
          continue;
        }
        if (!(timestampMs >= earliestMs)) {
          tally.reject('too_old', 1, () => `a sample of ${nameOf(labels)} is older than what is kept`);
          continue;
        }
        const high = words[i * 2 + HIGH_WORD] as number;
        const low = words[i * 2 + LOW_WORD] as number;
        const appended = head.append(id, timestampMs, high, low);
        if (appended === 'stored') {
          rows.push(id, timestampMs, high, low);
          counts.stored += 1;
        } else if (appended === 'duplicate') counts.duplicate += 1;
        else {
          tally.reject(
            'out_of_order',
            1,
            () =>
              `a sample of ${nameOf(labels)} is not later than the last of its series, or has another value at its time`,
          );
        }
      }
    });
    this.#samplesTotal += counts.stored;
    this.#duplicatesTotal += counts.duplicate;
    for (const reason of SAMPLE_REJECTIONS) this.#rejectedTotal[reason] += tally.rejected[reason] ?? 0;
    if (created.length > 0) {
      for (const series of created) this.#newSeries.push(series);
      this.#queue.push({ kind: 'series', series: created });
    }
    const outcome: SampleWriteOutcome = {
      kind: 'stored',
      stored: counts.stored,
      duplicate: counts.duplicate,
      rejected: tally.rejected,
      message: tally.message,
    };
    // A duplicate may be of a batch that waits for the disk still: it is acknowledged with it.
    return this.#queue.flush().then(
      () => {
        this.#tidy();
        return outcome;
      },
      (error: unknown) => ({ kind: 'failed', message: this.#logFailed(error) }),
    );
  }

  #refusal(): SampleWriteOutcome | undefined {
    if (this.#closed) return { kind: 'failed', message: 'the store is closed' };
    if (this.#fatalError !== undefined) return { kind: 'failed', message: this.#fatalError };
    if (this.#queue.failure !== undefined) {
      this.#tidy();
      return { kind: 'failed', message: logProblem(this.#queue.failure) };
    }
    if (this.#recovering) return { kind: 'busy', retryAfterMs: BUSY_RETRY_MS };
    const isBusy = this.#queue.isFull || this.#head.closedChunks > MAX_CLOSED_CHUNKS;
    return isBusy ? { kind: 'busy', retryAfterMs: BUSY_RETRY_MS } : undefined;
  }

  #idOf(labels: Labels, samples: number, created: LoggedSeries[], tally: RejectionTally): number | undefined {
    const { index } = this.#head;
    const known = this.#known.get(labels);
    if (known !== undefined && index.labelsOf(known) !== undefined) return known;
    let id = index.idOf(labels);
    if (id === undefined) {
      const refused = refuseSeries(labels, index, this.#limits);
      if (refused !== undefined) {
        tally.reject(refused.reason, samples, () => refused.message);
        return undefined;
      }
      id = index.add(labels);
      created.push({ id, labels });
    }
    this.#known.set(labels, id);
    return id;
  }

  /** A full disk is waited for; after any other failure only a new start can say what is on the disk. */
  #logFailed(error: unknown): string {
    const message = logProblem(error);
    if (!isDiskFull(error)) this.#fatalError ??= message;
    else this.#storeAgainMs = this.#options.clock() + BUSY_RETRY_MS;
    return message;
  }

  /** What is due after a write: chunks are stored, a long log is begun anew. */
  #tidy(): void {
    if (this.#closed || this.#fatalError !== undefined || this.#options.clock() < this.#storeAgainMs) return;
    const hasFailed = this.#queue.failure !== undefined;
    const isLong = this.#log.totalBytes > Math.max(CHECKPOINT_LOG_BYTES, 3 * this.#snapshotBytes);
    if (hasFailed || (isLong && this.#checkpointing === undefined)) this.checkpoint().catch(() => undefined);
    else if (this.#head.closedChunks >= STORE_CHUNKS) this.#storeClosed().catch(() => undefined);
  }

  /** Stores what is complete. */
  #storeClosed(): Promise<void> {
    this.#storing ??= this.#store().finally(() => {
      this.#storing = undefined;
    });
    return this.#storing;
  }

  async #store(): Promise<void> {
    const chunks = this.#head.closed();
    const series = this.#newSeries;
    let storedSeries = 0;
    if (chunks.length === 0 && series.length === 0) return;
    this.#newSeries = [];
    const { table } = this.#options;
    try {
      // In slices, series first: a chunk without its series would never be found.
      while (storedSeries < series.length) {
        await table.write(series.slice(storedSeries, storedSeries + SERIES_A_STEP), []);
        storedSeries = Math.min(series.length, storedSeries + SERIES_A_STEP);
      }
      for (let from = 0; from < chunks.length; from += CHUNKS_A_STEP) {
        await table.write([], chunks.slice(from, from + CHUNKS_A_STEP));
      }
      this.#storeError = undefined;
    } catch (error) {
      // The log has all of it, and what is there twice is told apart by its time.
      this.#newSeries = [...series.slice(storedSeries), ...this.#newSeries];
      const message = `samples could not be stored: ${error instanceof Error ? error.message : String(error)}`;
      if (this.#options.isFatal?.(error) === true) this.#fatalError ??= message;
      this.#storeError = message;
      this.#storeAgainMs = this.#options.clock() + STORE_RETRY_MS;
      throw error;
    }
    this.#head.forget(chunks);
  }

  /**
   * Stores what is closed, begins a new log, writes everything into it that is not stored, a slice at a time while samples go
   * on, then drops the old one. A crash in between repeats what the logs say; what is there already is known by its time.
   */
  async #renewLog(): Promise<void> {
    this.#head.closeIdle(this.#options.clock() - IDLE_MS);
    await this.#storeClosed();
    const queue = this.#queue;
    const segment = await queue.rotate(() =>
      this.#newSeries.length === 0 ? [] : [{ kind: 'series', series: [...this.#newSeries] }],
    );
    // After a failure writes are refused until all of this is written: a sample that was not is taken for a duplicate.
    this.#recovering = queue.failure !== undefined;
    queue.recover();
    const before = this.#log.sizeBytes;
    for (let from = 0; from < this.#head.endOfIds; from += SERIES_A_SLICE) {
      const { closed, open } = this.#head.unstored(from, from + SERIES_A_SLICE);
      for (const { seriesId, bytes } of closed) queue.push({ kind: 'chunk', seriesId, chunk: bytes });
      if (open.length > 0) queue.push({ kind: 'open', chunks: open });
      if (closed.length + open.length > 0) await queue.flush().catch((error: unknown) => this.#failed(error));
    }
    this.#recovering = false;
    this.#snapshotBytes = this.#log.sizeBytes - before;
    await this.#log.deleteBefore(segment);
  }

  #failed(error: unknown): never {
    this.#logFailed(error);
    throw error;
  }
}

/** Samples of one series: rows `from` to before `end` of the columns. */
type TakeSamples = (
  labels: Labels,
  timestampsMs: Float64Array,
  values: Float64Array,
  from: number,
  end: number,
) => void;

function logProblem(error: unknown): string {
  return `the log of samples could not be written: ${error instanceof Error ? error.message : String(error)}`;
}

function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Without members that are there and `undefined`, which would hide defaults. */
function definedOf<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}
