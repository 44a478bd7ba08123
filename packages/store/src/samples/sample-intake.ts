import type { NativeHistogram } from '@vedetta/model';
import type { SampleRejection, SampleWriteOutcome } from '../api/sample-store.js';
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

/** Samples of one series: rows `from` to before `end` of the columns. */
export type TakeSamples = (labels: Labels, columns: SampleColumns, from: number, end: number) => void;

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
  write(hand: (take: TakeSamples) => void): Promise<SampleWriteOutcome> {
    const refused = this.#refusal();
    if (refused !== undefined) return Promise.resolve(refused);
    const durable = this.#durable;
    const counts: WriteCounts = { tally: new RejectionTally(), created: [], stored: 0, duplicate: 0, histograms: 0 };
    const now = this.#options.clock();
    const earliestMs = now - this.#options.retentionMs;
    const latestMs = now + MAX_AHEAD_MS;
    const { rows } = durable.queue;
    const { head } = durable;
    hand((labels, { timestampsMs, values, histograms }, from, end) => {
      if (from === end) return;
      const id = this.#idOf(labels, end - from, counts);
      if (id === undefined) return;
      const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
      for (let i = from; i < end; i += 1) {
        const timestampMs = timestampsMs[i] as number;
        if (!(timestampMs >= earliestMs && timestampMs <= latestMs)) {
          rejectTime(counts.tally, labels, timestampMs > latestMs);
          continue;
        }
        const histogram = histograms?.[i];
        if (histogram !== undefined) {
          this.#takeHistogram(id, labels, timestampMs, histogram, counts);
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
        } else this.#refuse(appended, labels, counts);
      }
    });
    return this.#finish(counts);
  }

  #takeHistogram(id: number, labels: Labels, timestampMs: number, histogram: NativeHistogram, counts: WriteCounts) {
    const { maxHistogramBuckets } = this.#options.limits;
    const size = sizeOfHistogram(histogram);
    if (size > maxHistogramBuckets) {
      const say = () => `a histogram of ${nameOf(labels)} has ${size} buckets, ${maxHistogramBuckets} are allowed`;
      counts.tally.reject('bucket_limit', 1, say);
      return;
    }
    const problem = problemOfHistogram(histogram);
    if (problem !== '') {
      counts.tally.reject('invalid_histogram', 1, () => `a histogram of ${nameOf(labels)} ${problem}`);
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
      this.#refuse(appended, labels, counts);
      if (appended === 'duplicate') counts.histograms += 1;
    }
  }

  #refuse(appended: Appended, labels: Labels, counts: WriteCounts): void {
    if (appended === 'duplicate') counts.duplicate += 1;
    else {
      const say = () =>
        `a sample of ${nameOf(labels)} is not later than the last of its series, or has another value at its time`;
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

  #idOf(labels: Labels, samples: number, { created, tally }: WriteCounts): number | undefined {
    const { index } = this.#durable.head;
    const known = this.#known.get(labels);
    if (known !== undefined && index.labelsOf(known) !== undefined) return known;
    let id = index.idOf(labels);
    if (id === undefined) {
      const refused = refuseSeries(labels, index, this.#options.limits);
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
}

function rejectTime(tally: RejectionTally, labels: Labels, isAhead: boolean): void {
  if (isAhead) {
    const say = () => `a sample of ${nameOf(labels)} is more than ten minutes ahead of the clock`;
    tally.reject('too_far_ahead', 1, say);
  } else tally.reject('too_old', 1, () => `a sample of ${nameOf(labels)} is older than what is kept`);
}
