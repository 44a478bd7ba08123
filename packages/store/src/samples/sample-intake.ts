import type { SampleRejection, SampleWriteOutcome } from '../api/sample-store.js';
import { SAMPLE_REJECTIONS } from '../api/sample-store.js';
import { logProblem } from './disk-errors.js';
import type { DurableHead } from './durable-head.js';
import type { Labels } from './labels.js';
import type { LoggedSeries } from './log-record.js';
import { RejectionTally } from './rejection-tally.js';
import { HIGH_WORD, LOW_WORD } from './sample-chunk.js';
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
export type TakeSamples = (
  labels: Labels,
  timestampsMs: Float64Array,
  values: Float64Array,
  from: number,
  end: number,
) => void;

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
    const tally = new RejectionTally();
    const created: LoggedSeries[] = [];
    const counts = { stored: 0, duplicate: 0 };
    const now = this.#options.clock();
    const earliestMs = now - this.#options.retentionMs;
    const latestMs = now + MAX_AHEAD_MS;
    const { rows } = durable.queue;
    const { head } = durable;
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
    durable.addSeries(created);
    const outcome: SampleWriteOutcome = {
      kind: 'stored',
      stored: counts.stored,
      duplicate: counts.duplicate,
      rejected: tally.rejected,
      message: tally.message,
    };
    // A duplicate may be of a batch that waits for the disk still: it is acknowledged with it.
    return durable.queue.flush().then(
      () => {
        durable.tidy();
        return outcome;
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

  #idOf(labels: Labels, samples: number, created: LoggedSeries[], tally: RejectionTally): number | undefined {
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
