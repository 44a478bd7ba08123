import type { CollectedFamily, SampledExemplar } from '@vedetta/metrics';
import type { ExemplarStore } from './exemplar-store.js';

/** The labels that a target's series have beside their own. */
export interface TargetLabels {
  readonly job: string;
  readonly instance: string;
}

/** Keeps the exemplars of the server's own metrics, under the labels that their series are stored with. */
export function keepExemplars(store: ExemplarStore, families: readonly CollectedFamily[], target: TargetLabels): void {
  for (const { name, kind, labels, bounds = [], series } of families) {
    for (const { labelValues, exemplars = [] } of series) {
      for (const [i, exemplar] of exemplars.entries()) {
        if (exemplar === undefined) continue;
        const bound = bounds[i];
        // As when they are scraped: the target's labels win.
        const own = labels.map(
          (label, at) => [label in target ? `exported_${label}` : label, labelValues[at] ?? ''] as const,
        );
        const of =
          kind === 'histogram'
            ? { __name__: `${name}_bucket`, le: bound === undefined ? '+Inf' : String(bound) }
            : { __name__: name };
        store.add(sorted([...own, ...Object.entries({ ...of, ...target })]), fromSampled(exemplar));
      }
    }
  }
}

function fromSampled({ labels, value, timestampMs }: SampledExemplar) {
  return { labels: sorted(Object.entries(labels)), value, timestampMs };
}

function sorted(pairs: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  return pairs.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1));
}
