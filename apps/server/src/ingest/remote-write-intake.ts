import { promisify } from 'node:util';
import type { RemoteWriteResult, RemoteWriteRows, RemoteWriteVersion } from '@vedetta/receive';
import { RemoteWriteDecoder } from '@vedetta/receive';
import type { SampleStore, SampleWriteOutcome } from '@vedetta/store';
import type { Logger } from 'pino';
import type { ServerContext } from '../server-context.js';
import { countFailed, countRefused } from './ingest-counters.js';

/** What became of a body of remote write. */
export type RemoteWriteOutcome =
  | {
      readonly kind: 'stored';
      /** Samples that are durable, those that were there already included; native histograms apart. */
      readonly written: number;
      readonly writtenHistograms: number;
      /** Those that are held in memory, or were there already. */
      readonly writtenExemplars: number;
      /** Samples and native histograms that can never be stored. */
      readonly rejected: number;
      readonly reason: string;
    }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'failed'; readonly message: string };

/** The parts that samples which are written pass through. */
export interface RemoteWriteParts
  extends Pick<ServerContext, 'metrics' | 'counters' | 'pushedMetadata' | 'exemplars' | 'now'> {
  readonly store: { readonly samples: Pick<SampleStore, 'writeNumbered'> };
  readonly log: Pick<Logger, 'error'>;
}

/** Rows that are put into the store at once: a few milliseconds. */
const ROWS_A_PART = 8192;
/** Series that are new take longer. */
const SERIES_A_PART = 2048;
const PARTS_A_FLUSH = 16;
const nextTurn = promisify(setImmediate);

/** Of all parts of a body. */
interface WriteSum {
  readonly kind: 'stored';
  /** Native histograms included. */
  readonly written: number;
  readonly histograms: number;
  readonly refused: number;
  readonly reason: string;
}

/** Takes samples that a Prometheus pushes to the store, and counts them by the protocol's version. */
export class RemoteWriteIntake {
  readonly #decoder = new RemoteWriteDecoder();
  readonly #parts: RemoteWriteParts;
  readonly #written = { '1.0': 0, '2.0': 0 };
  readonly #rejected = { '1.0': 0, '2.0': 0 };

  constructor(parts: RemoteWriteParts) {
    this.#parts = parts;
    this.#register(
      'vedetta_remote_write_samples_total',
      'Samples and native histograms stored by remote write.',
      this.#written,
    );
    this.#register(
      'vedetta_remote_write_rejected_total',
      'Samples and native histograms of remote write that can never be stored.',
      this.#rejected,
    );
  }

  /** A body, still compressed, a few milliseconds at a time. */
  async decode(body: Uint8Array, version: RemoteWriteVersion, maxBytes: number): Promise<RemoteWriteResult> {
    const slices = this.#decoder.decodeInSlices(body, version, maxBytes);
    let step = slices.next();
    while (!step.done) {
      await nextTurn();
      step = slices.next();
    }
    return step.value;
  }

  /** What was decoded. `stored` may be acknowledged: it is durable. */
  async store(decoded: RemoteWriteResult, version: RemoteWriteVersion): Promise<RemoteWriteOutcome> {
    const { counters, pushedMetadata, log, now } = this.#parts;
    if (decoded.kind !== 'ok') {
      if (decoded.kind === 'invalid') counters.invalidBodies += 1;
      return decoded;
    }
    const { rows, rejectedSamples, rejectedHistograms, metadata } = decoded;
    // Said once only, in 2.0: it is kept even if the samples have to be sent again.
    pushedMetadata.add(metadata);
    const outcome = await this.#write(rows);
    if (outcome.kind === 'busy') {
      countRefused(counters, now());
      return outcome;
    }
    if (outcome.kind === 'failed') {
      countFailed(counters, now());
      log.error({ reason: outcome.message }, 'samples of remote write could not be stored');
      return outcome;
    }
    const rejected = rejectedSamples + rejectedHistograms + outcome.refused;
    this.#written[version] += outcome.written;
    this.#rejected[version] += rejected;
    return {
      kind: 'stored',
      written: outcome.written - outcome.histograms,
      writtenHistograms: outcome.histograms,
      writtenExemplars: this.#keepExemplars(decoded),
      rejected,
      reason: decoded.reason || outcome.reason,
    };
  }

  /** As in Prometheus, those that cannot be kept are no reason to refuse a body. */
  #keepExemplars({ rows, exemplars, droppedExemplars }: Extract<RemoteWriteResult, { kind: 'ok' }>): number {
    const store = this.#parts.exemplars;
    let written = 0;
    for (const exemplar of exemplars) {
      const fate = store.add(rows.known.labelsOf(exemplar.series), exemplar);
      if (fate === 'kept' || fate === 'duplicate') written += 1;
    }
    store.countDropped('malformed', droppedExemplars);
    return written;
  }

  /** Of a usual body all at once. A part that fails has the sender repeat the whole: what is there already changes nothing. */
  async #write(rows: RemoteWriteRows): Promise<WriteSum | Exclude<SampleWriteOutcome, { kind: 'stored' }>> {
    const { samples } = this.#parts.store;
    const parts: Promise<SampleWriteOutcome>[] = [];
    for (let from = 0; from < rows.series.length; ) {
      if (from > 0) await nextTurn();
      const to = endOfPart(rows, from);
      const part = samples.writeNumbered(rows, from, to);
      parts.push(part);
      // What waits for the disk is written in one piece: it must not become too large a one.
      if (parts.length % PARTS_A_FLUSH === 0) await part;
      from = to;
    }
    const sum = { kind: 'stored' as const, written: 0, histograms: 0, refused: 0, reason: '' };
    for (const outcome of await Promise.all(parts)) {
      if (outcome.kind !== 'stored') return outcome;
      sum.written += outcome.stored + outcome.duplicate;
      sum.histograms += outcome.histograms;
      for (const count of Object.values(outcome.rejected)) sum.refused += count ?? 0;
      sum.reason ||= outcome.message;
    }
    return sum;
  }

  #register(name: string, help: string, counts: Readonly<Record<RemoteWriteVersion, number>>): void {
    this.#parts.metrics.collector(name, {
      collect: () => ({
        name,
        help,
        labels: ['version'],
        kind: 'counter',
        series: Object.entries(counts).map(([version, value]) => ({ labelValues: [version], value })),
      }),
    });
  }
}

function endOfPart({ series, ends }: RemoteWriteRows, from: number): number {
  const firstRow = from === 0 ? 0 : (ends[from - 1] as number);
  let to = from + 1;
  while (to < series.length && to - from < SERIES_A_PART && (ends[to] as number) - firstRow <= ROWS_A_PART) to += 1;
  return to;
}
