import type {
  DeletedSamples,
  SampleRange,
  SampleRejection,
  SampleStore,
  SampleStoreState,
  SampleWriteOutcome,
  SelectLimits,
  SelectOutcome,
  SeriesSamples,
} from '../api/sample-store.js';
import { SAMPLE_REJECTIONS } from '../api/sample-store.js';
import type { ChunkTable } from './chunk-table.js';
import type { LabelMatcher, Labels } from './labels.js';
import type { LoggedSeries, LogRecord, SampleBatch } from './log-record.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
import { joinChunks, SampleHead } from './sample-head.js';
import type { ReplayReport } from './sample-log.js';
import { SampleLog } from './sample-log.js';
import type { SeriesIndex } from './series-index.js';
import type { SeriesLimits } from './series-limits.js';
import { DEFAULT_SERIES_LIMITS, nameOf, refuseSeries } from './series-limits.js';

/** As Prometheus: what is further ahead of the clock is a mistake of the sender. */
const MAX_AHEAD_MS = 10 * 60_000;
/** A log longer than this is begun anew, unless most of it is what would be written again. */
const CHECKPOINT_LOG_BYTES = 64 * 1024 * 1024;
/** Bytes that may wait for the disk. */
const MAX_WAITING_BYTES = 128 * 1024 * 1024;
const BUSY_RETRY_MS = 1000;
const SAMPLE_LOG_BYTES = 20;
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
  /** Called after chunks were deleted: their space can be given back. */
  readonly onDeleted?: () => void;
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
  /** Ids of label objects that were seen, so that senders which keep theirs are served quickly. */
  readonly #known = new WeakMap<Labels, number>();
  /** In the log, not yet in the table. */
  #newSeries: LoggedSeries[] = [];
  /** Records that wait for the disk, and the write that takes them. */
  #waiting: LogRecord[] = [];
  #waitingBytes = 0;
  #flushing: Promise<void> | undefined;
  #snapshotBytes = 0;
  #checkpointing: Promise<void> | undefined;
  #fatalError: string | undefined;
  #closed = false;
  #samplesTotal = 0;
  #duplicatesTotal = 0;
  readonly #rejectedTotal = Object.fromEntries(SAMPLE_REJECTIONS.map((reason) => [reason, 0])) as Record<
    SampleRejection,
    number
  >;

  private constructor(options: HeadSampleStoreOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_SERIES_LIMITS, ...options.limits };
  }

  /** Opens the store of a folder; `report` says what the log held, and whether something of it was lost. */
  static async open(options: HeadSampleStoreOptions): Promise<{ store: HeadSampleStore; report: ReplayReport }> {
    const store = new HeadSampleStore(options);
    for (const { id, labels, lastMs } of await options.table.load()) {
      store.#head.index.restore(id, labels);
      store.#head.setStoredUpTo(id, lastMs);
    }
    const { log, report } = await SampleLog.open(options.logDir, (record) => store.#replay(record));
    store.#log = log;
    await store.checkpoint();
    return { store, report };
  }

  write(samples: readonly SeriesSamples[]): Promise<SampleWriteOutcome> {
    if (this.#closed) return Promise.resolve({ kind: 'failed', message: 'the store is closed' });
    if (this.#fatalError !== undefined) return Promise.resolve({ kind: 'failed', message: this.#fatalError });
    if (this.#waitingBytes > MAX_WAITING_BYTES) return Promise.resolve({ kind: 'busy', retryAfterMs: BUSY_RETRY_MS });
    const tally = new Tally();
    const created: LoggedSeries[] = [];
    const batch = this.#toBatch(samples, created, tally);
    const counts = { stored: 0, duplicate: 0, outOfOrder: 0 };
    const taken = this.#head.append(batch, counts);
    if (counts.outOfOrder > 0) {
      tally.reject(
        'out_of_order',
        counts.outOfOrder,
        () => 'a sample is not later than the last of its series, or has another value at its time',
      );
    }
    this.#samplesTotal += counts.stored;
    this.#duplicatesTotal += counts.duplicate;
    for (const reason of SAMPLE_REJECTIONS) this.#rejectedTotal[reason] += tally.rejected[reason] ?? 0;
    const outcome: SampleWriteOutcome = {
      kind: 'stored',
      stored: counts.stored,
      duplicate: counts.duplicate,
      rejected: tally.rejected,
      message: tally.message,
    };
    if (created.length > 0) this.#enqueue({ kind: 'series', series: created });
    if (taken.seriesIds.length > 0) this.#enqueue({ kind: 'samples', ...taken });
    // A duplicate may be of a batch that waits for the disk still: it is acknowledged with it.
    return this.#flush().then(
      () => outcome,
      () => ({ kind: 'failed', message: this.#fatalError ?? 'the log could not be written' }),
    );
  }

  async select(
    matchers: readonly LabelMatcher[],
    { fromMs, toMs }: SampleRange,
    limits: SelectLimits,
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
      const columns = joinChunks([...(stored.get(id) ?? []), ...(recent.get(id) ?? [])], fromMs, toMs);
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

  state(): SampleStoreState {
    return {
      series: this.#head.index.size,
      samplesTotal: this.#samplesTotal,
      duplicatesTotal: this.#duplicatesTotal,
      rejectedTotal: { ...this.#rejectedTotal },
      logBytes: this.#log.sizeBytes,
      headBytes: this.#head.sizeBytes,
      fatalError: this.#fatalError,
    };
  }

  async deleteBefore(unixMs: number): Promise<DeletedSamples> {
    await this.checkpoint();
    const { table } = this.#options;
    const alive = await table.seriesSince(unixMs);
    const dead = this.#head.index
      .select([])
      .filter((id) => !alive.has(id) && (this.#head.lastMsOf(id) ?? Number.NEGATIVE_INFINITY) < unixMs);
    // A sample that comes while the table works begins a new series under another id.
    this.#head.remove(new Set(dead));
    const deleted = await table.delete(unixMs, dead);
    // The log holds what was open of the series that are gone: a start must not find them there again.
    if (dead.length > 0) await this.checkpoint();
    if (deleted.chunks > 0) this.#options.onDeleted?.();
    return { ...deleted, series: dead.length };
  }

  checkpoint(): Promise<void> {
    this.#checkpointing ??= this.#storeChunks().finally(() => {
      this.#checkpointing = undefined;
    });
    return this.#checkpointing;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#checkpointing?.catch(() => {});
    await this.#flushing?.catch(() => {});
    await this.#log.close();
  }

  /** Rows of ids, with what may never be taken left out and counted. */
  #toBatch(samples: readonly SeriesSamples[], created: LoggedSeries[], tally: Tally): SampleBatch {
    const rows = samples.reduce((sum, { timestampsMs }) => sum + timestampsMs.length, 0);
    const batch = {
      seriesIds: new Uint32Array(rows),
      timestampsMs: new Float64Array(rows),
      values: new Float64Array(rows),
    };
    const to = new Uint32Array(batch.values.buffer);
    const now = this.#options.clock();
    const earliestMs = now - this.#options.retentionMs;
    const latestMs = now + MAX_AHEAD_MS;
    let row = 0;
    for (const { labels, timestampsMs, values } of samples) {
      const id = this.#idOf(labels, timestampsMs.length, created, tally);
      if (id === undefined) continue;
      const from = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
      for (let i = 0; i < timestampsMs.length; i += 1) {
        const timestampMs = timestampsMs[i] as number;
        if (timestampMs > latestMs) {
          tally.reject(
            'too_far_ahead',
            1,
            () => `a sample of ${nameOf(labels)} is more than ten minutes ahead of the clock`,
          );
        } else if (!(timestampMs >= earliestMs)) {
          tally.reject('too_old', 1, () => `a sample of ${nameOf(labels)} is older than what is kept`);
        } else {
          batch.seriesIds[row] = id;
          batch.timestampsMs[row] = timestampMs;
          to[row * 2 + HIGH_WORD] = from[i * 2 + HIGH_WORD] as number;
          to[row * 2 + LOW_WORD] = from[i * 2 + LOW_WORD] as number;
          row += 1;
        }
      }
    }
    return {
      seriesIds: batch.seriesIds.subarray(0, row),
      timestampsMs: batch.timestampsMs.subarray(0, row),
      values: batch.values.subarray(0, row),
    };
  }

  #idOf(labels: Labels, samples: number, created: LoggedSeries[], tally: Tally): number | undefined {
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

  #enqueue(record: LogRecord): void {
    this.#waiting.push(record);
    if (record.kind === 'samples') this.#waitingBytes += record.seriesIds.length * SAMPLE_LOG_BYTES;
    if (record.kind === 'series') this.#newSeries.push(...record.series);
  }

  /** Resolves when all that waits now is on the disk: one write takes what gathered during the one before. */
  #flush(): Promise<void> {
    const before = this.#flushing;
    if (this.#waiting.length === 0) return before ?? Promise.resolve();
    const records = this.#waiting;
    const bytes = this.#waitingBytes;
    if (before !== undefined) return before.then(() => this.#flush());
    this.#waiting = [];
    const writing = this.#log
      .append(mergeSamples(records))
      .catch((error: unknown) => {
        // What is in memory now is not in the log, and nobody can say what of it is on the disk: only a new start can.
        this.#fatalError = `the log of samples could not be written: ${error instanceof Error ? error.message : String(error)}`;
        throw error;
      })
      .finally(() => {
        this.#waitingBytes -= bytes;
        this.#flushing = undefined;
      });
    this.#flushing = writing;
    void writing.then(
      () => this.#checkpointIfLong(),
      () => {},
    );
    return writing;
  }

  #checkpointIfLong(): void {
    if (this.#closed || this.#log.sizeBytes < Math.max(CHECKPOINT_LOG_BYTES, 2 * this.#snapshotBytes)) return;
    this.checkpoint().catch((error: unknown) => {
      this.#fatalError = `samples could not be stored: ${error instanceof Error ? error.message : String(error)}`;
    });
  }

  /**
   * Begins the log anew with the open chunks, then stores the closed ones, then drops the old log. A crash in between repeats
   * what the log says; what is stored already is known by its time and not taken twice.
   */
  async #storeChunks(): Promise<void> {
    while (this.#flushing !== undefined) await this.#flushing;
    this.#head.closeIdle(this.#options.clock() - IDLE_MS);
    const chunks = this.#head.closed();
    const series = this.#newSeries;
    this.#newSeries = [];
    const snapshot: LogRecord[] = [];
    let snapshotBytes = 0;
    if (series.length > 0) snapshot.push({ kind: 'series', series });
    for (const { seriesId, bytes } of this.#head.open()) {
      snapshot.push({ kind: 'chunk', seriesId, chunk: bytes });
      snapshotBytes += bytes.length;
    }
    // No other write may come between the snapshot and the new segment.
    let segment = 0;
    this.#flushing = this.#log
      .rotate(snapshot)
      .then((begun) => {
        segment = begun;
      })
      .finally(() => {
        this.#flushing = undefined;
      });
    await this.#flushing;
    this.#snapshotBytes = snapshotBytes;
    try {
      await this.#options.table.write(series, chunks);
    } catch (error) {
      // The old segments stay, and the next checkpoint tries again.
      this.#newSeries = [...series, ...this.#newSeries];
      throw error;
    }
    this.#head.forget(chunks);
    await this.#log.deleteBefore(segment);
  }

  #replay(record: LogRecord): void {
    const { index } = this.#head;
    switch (record.kind) {
      case 'series':
        for (const { id, labels } of record.series) {
          if (index.labelsOf(id) !== undefined || id < index.nextId) continue;
          index.restore(id, labels);
          this.#newSeries.push({ id, labels });
        }
        return;
      case 'samples':
        this.#head.append(onlyKnown(record, index), { stored: 0, duplicate: 0, outOfOrder: 0 });
        return;
      case 'chunk':
        if (index.labelsOf(record.seriesId) !== undefined) this.#head.appendChunk(record.seriesId, record.chunk);
    }
  }
}

/** What was not taken, and a sentence about the first. */
class Tally {
  readonly rejected: { [Reason in SampleRejection]?: number } = {};
  message = '';

  reject(reason: SampleRejection, samples: number, describe: () => string): void {
    if (samples === 0) return;
    this.rejected[reason] = (this.rejected[reason] ?? 0) + samples;
    if (this.message === '') this.message = describe();
  }
}

/**
 * The rows whose series is known. A log beside another database than its own names ids that nobody has here: they must not
 * become the samples of series that are given those ids later.
 */
function onlyKnown(batch: SampleBatch, index: SeriesIndex): SampleBatch {
  const rows: number[] = [];
  for (const [row, id] of batch.seriesIds.entries()) if (index.labelsOf(id) !== undefined) rows.push(row);
  if (rows.length === batch.seriesIds.length) return batch;
  const values = new Float64Array(rows.length);
  const [from, to] = [
    new BigUint64Array(batch.values.buffer, batch.values.byteOffset, batch.values.length),
    new BigUint64Array(values.buffer),
  ];
  for (const [i, row] of rows.entries()) to[i] = from[row] as bigint;
  return {
    seriesIds: Uint32Array.from(rows, (row) => batch.seriesIds[row] as number),
    timestampsMs: Float64Array.from(rows, (row) => batch.timestampsMs[row] as number),
    values,
  };
}

/** Batches of many writers as one record: one frame, one checksum. */
function mergeSamples(records: readonly LogRecord[]): LogRecord[] {
  const batches = records.filter((record) => record.kind === 'samples');
  if (batches.length < 2) return [...records];
  const rows = batches.reduce((sum, { seriesIds }) => sum + seriesIds.length, 0);
  const merged = {
    seriesIds: new Uint32Array(rows),
    timestampsMs: new Float64Array(rows),
    values: new Float64Array(rows),
  };
  const bytes = new Uint8Array(merged.values.buffer);
  let at = 0;
  for (const batch of batches) {
    merged.seriesIds.set(batch.seriesIds, at);
    merged.timestampsMs.set(batch.timestampsMs, at);
    bytes.set(new Uint8Array(batch.values.buffer, batch.values.byteOffset, batch.values.byteLength), at * 8);
    at += batch.seriesIds.length;
  }
  return [...records.filter((record) => record.kind !== 'samples'), { kind: 'samples', ...merged }];
}
