import type { RemoteWriteVersion } from '@vedetta/receive';
import { RemoteWriteDecoder } from '@vedetta/receive';
import type { SampleWriteOutcome } from '@vedetta/store';
import type { ServerContext } from '../server-context.js';
import { countFailed, countRefused } from './ingest-counters.js';

/** What became of a body of remote write. */
export type RemoteWriteOutcome =
  | {
      readonly kind: 'stored';
      /** Samples that are durable, those that were there already included; native histograms apart. */
      readonly written: number;
      readonly writtenHistograms: number;
      /** Samples and native histograms that can never be stored. */
      readonly rejected: number;
      readonly reason: string;
    }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'busy'; readonly retryAfterMs: number }
  | { readonly kind: 'failed'; readonly message: string };

type Parts = Pick<ServerContext, 'store' | 'metrics' | 'counters' | 'pushedMetadata' | 'log' | 'now'>;

const NOTHING: SampleWriteOutcome = {
  kind: 'stored',
  stored: 0,
  duplicate: 0,
  histograms: 0,
  rejected: {},
  message: '',
};

/** Takes samples that a Prometheus pushes to the store, and counts them by the protocol's version. */
export class RemoteWriteIntake {
  readonly #decoder = new RemoteWriteDecoder();
  readonly #parts: Parts;
  readonly #written = { '1.0': 0, '2.0': 0 };
  readonly #rejected = { '1.0': 0, '2.0': 0 };

  constructor(parts: Parts) {
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

  /** A body, still compressed. `stored` may be acknowledged: it is durable. */
  async take(body: Uint8Array, version: RemoteWriteVersion, maxBytes: number): Promise<RemoteWriteOutcome> {
    const { store, counters, pushedMetadata, log, now } = this.#parts;
    const decoded = this.#decoder.decode(body, version, maxBytes);
    if (decoded.kind !== 'ok') {
      if (decoded.kind === 'invalid') counters.invalidBodies += 1;
      return decoded;
    }
    const { rows, rejectedSamples, rejectedHistograms, metadata } = decoded;
    const outcome = rows.timestampsMs.length === 0 ? NOTHING : await store.samples.writeRows(rows);
    if (outcome.kind === 'busy') {
      countRefused(counters, now());
      return outcome;
    }
    if (outcome.kind === 'failed') {
      countFailed(counters, now());
      log.error({ reason: outcome.message }, 'samples of remote write could not be stored');
      return outcome;
    }
    pushedMetadata.add(metadata);
    const refused = Object.values(outcome.rejected).reduce((sum: number, count) => sum + (count ?? 0), 0);
    const rejected = rejectedSamples + rejectedHistograms + refused;
    const writtenHistograms = outcome.histograms;
    const written = outcome.stored + outcome.duplicate - writtenHistograms;
    this.#written[version] += written + writtenHistograms;
    this.#rejected[version] += rejected;
    return { kind: 'stored', written, writtenHistograms, rejected, reason: decoded.reason || outcome.message };
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
