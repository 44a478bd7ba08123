import type { NativeHistogram } from '@vedetta/model';
import type { NumberedSeries, SampleRejection, SampleWriteOutcome } from '../api/sample-store.js';
import { SAMPLE_REJECTIONS } from '../api/sample-store.js';
import { logProblem } from './disk-errors.js';
import type { DurableHead } from './durable-head.js';
import { problemOfHistogram, sizeOfHistogram } from './histograms/check-histogram.js';
import type { Labels } from './labels.js';
import type { LoggedSeries } from './log-record.js';
import { RejectionTally } from './rejection-tally.js';
import type { SampleColumns } from './sample-chunk.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
import type { Appended } from './sample-head.js';
import type { SeriesLimits } from './series-limits.js';
import { nameOf, refuseSeries } from './series-limits.js';

/** As Prometheus: what is further ahead of the clock is a mistake of the sender. */
const MAX_AHEAD_MS = 10 * 60_000;
const BUSY_RETRY_MS = 1000;

/** What samples are checked by. */
export interface SampleIntakeOptions {
  readonly limits: SeriesLimits;
  /** Samples older than this are not taken. */
  readonly retentionMs: number;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** What one write is made of. */
export interface WriteTurn {
  /** The id of a series, which is made when there is none; `undefined` when it cannot be, and its `samples` are counted then. */
  idOf(labels: Labels, samples: number): number | undefined;
  /** The same for a series that the caller knows by a number. */
  numberedId(known: NumberedSeries, series: number, samples: number): number | undefined;
  /** Samples of one series: rows `from` to before `end` of the columns; `words` are the bytes of the values. */
  take(id: number, columns: SampleColumns, words: Uint32Array, from: number, end: number): void;
}

/** What became of the samples of one write. */
interface WriteCounts {
  readonly tally: RejectionTally;
  readonly created: LoggedSeries[];
  stored: number;
  duplicate: number;
  histograms: number;
}

/** Checks samples, puts those that can be taken into the head and the log, and counts the others. */
export class SampleIntake {
  readonly #durable: DurableHead;
  readonly #options: SampleIntakeOptions;
  /** Ids of label objects that were seen, so that senders which keep theirs are served quickly. */
  readonly #known = new WeakMap<Labels, number>();
  #samplesTotal = 0;
  #duplicatesTotal = 0;
  readonly #rejectedTotal = Object.fromEntries(SAMPLE_REJECTIONS.map((reason) => [reason, 0])) as Record<
    SampleRejection,
    number
  >;

  constructor(durable: DurableHead, options: SampleIntakeOptions) {
    this.#durable = durable;
    this.#options = options;
  }

  /** Counted since it was made. */
  get totals() {
    return {
      samplesTotal: this.#samplesTotal,
      duplicatesTotal: this.#duplicatesTotal,
      rejectedTotal: { ...this.#rejectedTotal },
    };
  }

  /** `hand` is called at once and hands over all samples of a write. Resolves when they are durable. */
  write(hand: (turn: WriteTurn) => void): Promise<SampleWriteOutcome> {
    const refused = this.#refusal();
    if (refused !== undefined) return Promise.resolve(refused);
    const counts: WriteCounts = { tally: new RejectionTally(), created: [], stored: 0, duplicate: 0, histograms: 0 };
    const now = this.#options.clock();
    const earliestMs = now - this.#options.retentionMs;
    const latestMs = now + MAX_AHEAD_MS;
    hand({
      idOf: (labels, samples) => this.#idOf(labels, samples, counts),
      numberedId: (known, series, samples) => this.#numberedId(known, series, samples, counts),
      take: (id, columns, words, from, end) => this.#take(id, columns, words, from, end, earliestMs, latestMs, counts),
    });
    return this.#finish(counts);
  }

  #take(
    id: number,
    { timestampsMs, histograms }: SampleColumns,
    words: Uint32Array,
    from: number,
    end: number,
    earliestMs: number,
    latestMs: number,
    counts: WriteCounts,
  ): void {
    const { head, queue } = this.#durable;
    const { rows } = queue;
    for (let i = from; i < end; i += 1) {
      const timestampMs = timestampsMs[i] as number;
      if (!(timestampMs >= earliestMs && timestampMs <= latestMs)) {
        rejectTime(counts.tally, this.#labelsOf(id), timestampMs > latestMs);
        continue;
      }
      const histogram = histograms?.[i];
      if (histogram !== undefined) {
        this.#takeHistogram(id, timestampMs, histogram, counts);
        continue;
      }
      const high = words[i * 2 + HIGH_WORD] as number;
      const low = words[i * 2 + LOW_WORD] as number;
      const appended = head.append(id, timestampMs, high, low);
      if (appended === 'stored') {
        rows.push(id, timestampMs, high, low);
        counts.stored += 1;
      } else if (appended === 'switched') {
        rows.seal();
        rows.push(id, timestampMs, high, low);
        counts.stored += 1;
      } else if (appended === 'ended') {
        rows.pushHistogram(id, timestampMs, undefined);
        counts.stored += 1;
      } else this.#refuse(appended, id, counts);
    }
  }

  #takeHistogram(id: number, timestampMs: number, histogram: NativeHistogram, counts: WriteCounts) {
    const { maxHistogramBuckets } = this.#options.limits;
    const size = sizeOfHistogram(histogram);
    if (size > maxHistogramBuckets) {
      const say = () =>
        `a histogram of ${nameOf(this.#labelsOf(id))} has ${size} buckets, ${maxHistogramBuckets} are allowed`;
      counts.tally.reject('bucket_limit', 1, say);
      return;
    }
    const problem = problemOfHistogram(histogram);
    if (problem !== '') {
      counts.tally.reject('invalid_histogram', 1, () => `a histogram of ${nameOf(this.#labelsOf(id))} ${problem}`);
      return;
    }
    const { head, queue } = this.#durable;
    const appended = head.appendHistogram(id, timestampMs, histogram);
    if (appended === 'stored' || appended === 'switched') {
      if (appended === 'switched') queue.rows.seal();
      queue.rows.pushHistogram(id, timestampMs, histogram);
      counts.stored += 1;
      counts.histograms += 1;
    } else {
      this.#refuse(appended, id, counts);
      if (appended === 'duplicate') counts.histograms += 1;
    }
  }

  #refuse(appended: Appended, id: number, counts: WriteCounts): void {
    if (appended === 'duplicate') counts.duplicate += 1;
    else {
      const say = () =>
        `a sample of ${nameOf(this.#labelsOf(id))} is not later than the last of its series, or has another value at its time`;
      counts.tally.reject('out_of_order', 1, say);
    }
  }

  #finish({ tally, created, stored, duplicate, histograms }: WriteCounts): Promise<SampleWriteOutcome> {
    const durable = this.#durable;
    const { rejected, message } = tally;
    this.#samplesTotal += stored;
    this.#duplicatesTotal += duplicate;
    for (const reason of SAMPLE_REJECTIONS) this.#rejectedTotal[reason] += rejected[reason] ?? 0;
    durable.addSeries(created);
    // A duplicate may be of a batch that waits for the disk still: it is acknowledged with it.
    return durable.queue.flush().then(
      () => {
        durable.tidy();
        return { kind: 'stored', stored, duplicate, histograms, rejected, message };
      },
      (error: unknown) => ({ kind: 'failed', message: durable.logFailed(error) }),
    );
  }

  #refusal(): SampleWriteOutcome | undefined {
    const { fatalError, queue, isBusy } = this.#durable;
    if (fatalError !== undefined) return { kind: 'failed', message: fatalError };
    if (queue.failure !== undefined) {
      this.#durable.tidy();
      return { kind: 'failed', message: logProblem(queue.failure) };
    }
    return isBusy ? { kind: 'busy', retryAfterMs: BUSY_RETRY_MS } : undefined;
  }

  #labelsOf(id: number): Labels {
    return this.#durable.head.index.labelsOf(id) ?? [];
  }

  #numberedId(known: NumberedSeries, series: number, samples: number, counts: WriteCounts): number | undefined {
    const before = known.ids[series] as number;
    if (before >= 0 && this.#durable.head.index.labelsOf(before) !== undefined) return before;
    const id = this.#findOrAdd(known.labelsOf(series), samples, counts);
    if (id !== undefined) known.ids[series] = id;
    return id;
  }

  #idOf(labels: Labels, samples: number, counts: WriteCounts): number | undefined {
    const known = this.#known.get(labels);
    if (known !== undefined && this.#durable.head.index.labelsOf(known) !== undefined) return known;
    const id = this.#findOrAdd(labels, samples, counts);
    if (id !== undefined) this.#known.set(labels, id);
    return id;
  }

  #findOrAdd(labels: Labels, samples: number, { created, tally }: WriteCounts): number | undefined {
    const { index } = this.#durable.head;
    const found = index.idOf(labels);
    if (found !== undefined) return found;
    const refused = refuseSeries(labels, index, this.#options.limits);
    if (refused !== undefined) {
      tally.reject(refused.reason, samples, () => refused.message);
      return undefined;
    }
    const id = index.add(labels);
    // Those of the index, whose pairs it shares among series.
    created.push({ id, labels: index.labelsOf(id) ?? labels });
    return id;
  }
}

function rejectTime(tally: RejectionTally, labels: Labels, isAhead: boolean): void {
  if (isAhead) {
    const say = () => `a sample of ${nameOf(labels)} is more than ten minutes ahead of the clock`;
    tally.reject('too_far_ahead', 1, say);
  } else tally.reject('too_old', 1, () => `a sample of ${nameOf(labels)} is older than what is kept`);
}
