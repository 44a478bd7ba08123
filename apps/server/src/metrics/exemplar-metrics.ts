import type { MetricRegistry } from '@vedetta/metrics';
import type { ExemplarStore } from '../prometheus/exemplars/exemplar-store.js';
import { EXEMPLAR_DROPS } from '../prometheus/exemplars/exemplar-store.js';

/** What the store of exemplars took, dropped and holds, under the prefix `vedetta_exemplar`. */
export function registerExemplarMetrics(registry: MetricRegistry, store: ExemplarStore): void {
  const kept = 'vedetta_exemplars_kept_total';
  registry.collector(kept, {
    collect: () => ({
      name: kept,
      help: 'Exemplars that were taken.',
      labels: [],
      kind: 'counter',
      series: [{ labelValues: [], value: store.totals.kept }],
    }),
  });
  const dropped = 'vedetta_exemplars_dropped_total';
  registry.collector(dropped, {
    collect: () => ({
      name: dropped,
      help: 'Exemplars that were not taken, or made room for newer ones (full), by reason.',
      labels: ['reason'],
      kind: 'counter',
      series: EXEMPLAR_DROPS.map((reason) => ({ labelValues: [reason], value: store.totals.dropped[reason] })),
    }),
  });
  const held = 'vedetta_exemplars';
  registry.collector(held, {
    collect: () => ({
      name: held,
      help: 'Exemplars in memory.',
      labels: [],
      kind: 'gauge',
      series: [{ labelValues: [], value: store.size }],
    }),
  });
}
