import { promisify } from 'node:util';
import type { MetricRegistry } from '@vedetta/metrics';
import type { OtlpEncoding, TranslatedBatch } from '@vedetta/receive';
import { MetricsDecoder } from '@vedetta/receive';
import type { SampleStore, SampleWriteOutcome } from '@vedetta/store';
import { SAMPLE_REJECTIONS } from '@vedetta/store';
import type { Logger } from 'pino';
import type { IngestOutcome } from '../pipeline.js';
import type { ExemplarStore } from '../prometheus/exemplars/exemplar-store.js';
import type { IngestCounters } from './ingest-counters.js';
import { countFailed, countRefused } from './ingest-counters.js';
import type { PushedMetadataRegistry } from './pushed-metadata.js';

const nextTurn = promisify(setImmediate);

/** The parts that metrics which are pushed pass through. */
export interface MetricIntakeParts {
  readonly samples: Pick<SampleStore, 'writeRows'>;
  readonly registry: MetricRegistry;
  readonly counters: IngestCounters;
  readonly metadata: PushedMetadataRegistry;
  readonly exemplars: ExemplarStore;
  readonly log: Pick<Logger, 'error'>;
  readonly now: () => number;
}

/** Takes metrics that are pushed by OTLP to the store of samples. */
export class MetricIntake {
  readonly #parts: MetricIntakeParts;
  readonly #decoder = new MetricsDecoder();
  readonly #rejected = new Map<string, number>();
  #received = 0;
  /** Ends when every body with differences that came before is stored or given up: what they add up to depends on it. */
  #deltas: Promise<unknown> = Promise.resolve();
  /** Ends when every body that came before is read: a short one with later differences must not overtake a long one. */
  #read: Promise<unknown> = Promise.resolve();

  constructor(parts: MetricIntakeParts) {
    this.#parts = parts;
    this.#register();
  }

  /** An OTLP body, decompressed. `stored` may be acknowledged: it is durable. */
  async takeBody(body: Uint8Array, encoding: OtlpEncoding): Promise<IngestOutcome> {
    const reading = inTurns(this.#decoder.decodeInSlices(body, encoding));
    const inOrder = this.#read.then(() => reading);
    this.#read = inOrder.catch(() => {});
    const decoded = await reading;
    if (decoded.kind === 'invalid') {
      this.#parts.counters.invalidBodies += 1;
      return decoded;
    }
    const write = async () => this.#write(await inTurns(decoded.translateInSlices()));
    if (!decoded.hasDeltas) return write();
    await inOrder;
    const written = this.#deltas.then(write);
    this.#deltas = written.catch(() => {});
    return written;
  }

  async #write(batch: TranslatedBatch): Promise<IngestOutcome> {
    const { rows, points, rejected, metadata, commit } = batch;
    const { samples, exemplars, counters, log, now } = this.#parts;
    const refused = [...rejected.values()].reduce((sum, count) => sum + count, 0);
    const [reason = ''] = rejected.keys();
    const outcome: SampleWriteOutcome =
      rows.timestampsMs.length === 0
        ? { kind: 'stored', stored: 0, duplicate: 0, histograms: 0, rejected: {}, message: '' }
        : await samples.writeRows(rows);
    if (outcome.kind === 'busy') {
      countRefused(counters, now());
      return outcome;
    }
    if (outcome.kind === 'failed') {
      countFailed(counters, now());
      log.error({ reason: outcome.message }, 'metrics that were pushed could not be stored');
      return outcome;
    }
    commit();
    for (const exemplar of batch.exemplars) exemplars.add(exemplar.series, exemplar);
    exemplars.countDropped('malformed', batch.droppedExemplars);
    this.#parts.metadata.add(metadata);
    this.#received += points + refused;
    if (refused > 0) this.#count('malformed', refused);
    let refusedSamples = 0;
    for (const kind of SAMPLE_REJECTIONS) {
      const count = outcome.rejected[kind] ?? 0;
      refusedSamples += count;
      if (count > 0) this.#count(kind, count);
    }
    return {
      kind: 'stored',
      // The store counts samples, of which a histogram has many; no more points can be refused than there are.
      rejected: refused + Math.min(points, refusedSamples),
      rejectedReason: reason === '' ? outcome.message : reason,
    };
  }

  #count(reason: string, count: number): void {
    this.#rejected.set(reason, (this.#rejected.get(reason) ?? 0) + count);
  }

  #register(): void {
    const { registry } = this.#parts;
    const received = 'vedetta_metric_points_received_total';
    registry.collector(received, {
      collect: () => ({
        name: received,
        help: 'Data points of metrics received by OTLP.',
        labels: [],
        kind: 'counter',
        series: [{ labelValues: [], value: this.#received }],
      }),
    });
    const rejected = 'vedetta_metric_points_rejected_total';
    registry.collector(rejected, {
      collect: () => ({
        name: rejected,
        help: 'Data points, or samples of them, that can never be stored, by reason.',
        labels: ['reason'],
        kind: 'counter',
        series: ['malformed', ...SAMPLE_REJECTIONS].map((reason) => ({
          labelValues: [reason],
          value: this.#rejected.get(reason) ?? 0,
        })),
      }),
    });
  }
}

/** A long body takes some milliseconds at a time, and other requests are answered in between. */
async function inTurns<T>(slices: Generator<void, T>): Promise<T> {
  let step = slices.next();
  while (step.done !== true) {
    await nextTurn();
    step = slices.next();
  }
  return step.value;
}
