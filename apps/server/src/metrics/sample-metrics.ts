import type { CollectedSeries, MetricRegistry } from '@vedetta/metrics';
import type { SampleStoreState, Store } from '@vedetta/store';
import { SAMPLE_REJECTIONS } from '@vedetta/store';

/** What the store of metric samples took, refused and holds, under the prefix `vedetta_sample`. */
export function registerSampleMetrics(registry: MetricRegistry, store: Store): void {
  const add = (
    name: string,
    kind: 'counter' | 'gauge',
    help: string,
    series: (state: SampleStoreState) => readonly CollectedSeries[],
    labels: readonly string[] = [],
  ): void => {
    registry.collector(name, {
      collect: () => ({ name, help, labels, kind, series: series(store.samples.state()) }),
    });
  };
  const one = (value: number): readonly CollectedSeries[] => [{ labelValues: [], value }];
  add('vedetta_samples_stored_total', 'counter', 'Metric samples stored.', ({ samplesTotal }) => one(samplesTotal));
  add('vedetta_samples_duplicate_total', 'counter', 'Metric samples that were stored already.', ({ duplicatesTotal }) =>
    one(duplicatesTotal),
  );
  add(
    'vedetta_samples_rejected_total',
    'counter',
    'Metric samples that can never be stored, by reason.',
    ({ rejectedTotal }) => SAMPLE_REJECTIONS.map((reason) => ({ labelValues: [reason], value: rejectedTotal[reason] })),
    ['reason'],
  );
  add('vedetta_sample_series', 'gauge', 'Series of metric samples.', ({ series }) => one(series));
  add('vedetta_sample_log_bytes', 'gauge', 'Log of samples that the next start has to read.', ({ logBytes }) =>
    one(logBytes),
  );
  add('vedetta_sample_head_bytes', 'gauge', 'Packed samples in memory.', ({ headBytes }) => one(headBytes));
}
