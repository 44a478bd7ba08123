import type { MetricRegistry } from '@vedetta/metrics';
import type { Store } from '@vedetta/store';
import type { ModelWatch } from '@vedetta/watch';
import type { IngestCounters } from '../ingest/ingest-counters.js';
import { VERSION } from '../version.js';
import { registerSampleMetrics } from './sample-metrics.js';

/** What the server tells of itself. */
export interface OwnMetricsParts {
  readonly counters: IngestCounters;
  readonly store: Store;
  readonly modelWatch: ModelWatch;
  readonly startedAtUnixMs: number;
}

/** The server's own counters under the prefix `vedetta_`, and whether upstreams answer. */
export function registerOwnMetrics(
  registry: MetricRegistry,
  { counters, store, modelWatch, startedAtUnixMs }: OwnMetricsParts,
): void {
  registry
    .gauge({ name: 'vedetta_build_info', help: 'Always 1; the version is a label.', labels: ['version'] })
    .set([VERSION], 1);
  registry
    .gauge({ name: 'process_start_time_seconds', help: 'When the server started, seconds since the epoch.' })
    .set([], startedAtUnixMs / 1000);
  const totals: readonly (readonly [name: string, help: string, value: () => number])[] = [
    ['vedetta_spans_received_total', 'Spans received.', () => counters.receivedSpans],
    ['vedetta_spans_stored_total', 'Spans stored.', () => counters.storedSpans],
    ['vedetta_spans_duplicate_total', 'Spans that were stored already.', () => counters.duplicateSpans],
    ['vedetta_spans_rejected_total', 'Spans that can never be stored.', () => counters.rejectedSpans],
    [
      'vedetta_bodies_refused_busy_total',
      'Bodies refused for want of room; senders try again.',
      () => counters.refusedBusy,
    ],
    ['vedetta_bodies_invalid_total', 'Bodies that could not be decoded.', () => counters.invalidBodies],
    ['vedetta_store_failed_writes_total', 'Writes that the store failed.', () => counters.failedWrites],
    ['vedetta_redactions_total', 'Secrets and personal data replaced in texts.', () => counters.redactions],
  ];
  for (const [name, help, value] of totals) {
    registry.collector(name, {
      collect: () => ({ name, help, labels: [], kind: 'counter', series: [{ labelValues: [], value: value() }] }),
    });
  }
  registry.collector('vedetta_store_queued_spans', {
    collect: () => ({
      name: 'vedetta_store_queued_spans',
      help: 'Spans that wait for a commit.',
      labels: [],
      kind: 'gauge',
      series: [{ labelValues: [], value: store.writer.state().queuedSpans }],
    }),
  });
  registerSampleMetrics(registry, store);
  registry.collector('ai_service_health', {
    collect: () => ({
      name: 'ai_service_health',
      help: 'Whether a service answers: 1 or 0. Services that are not asked have none.',
      labels: ['service'],
      kind: 'gauge',
      series: modelWatch
        .upstreams()
        .filter(({ state, isService }) => isService && state.kind !== 'unchecked')
        .map(({ name, state }) => ({ labelValues: [name], value: state.kind === 'reachable' ? 1 : 0 })),
    }),
  });
}
