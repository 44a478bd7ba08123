import type { MetricRegistry } from '@vedetta/metrics';

/** A gauge whose value is asked for when metrics are collected; it has no series while the value is not known. */
export function computedGauge(
  registry: MetricRegistry,
  { name, help }: { readonly name: string; readonly help: string },
  value: () => number | undefined,
): void {
  registry.collector(name, {
    collect: () => {
      const current = value();
      return {
        name,
        help,
        labels: [],
        kind: 'gauge',
        series: current === undefined ? [] : [{ labelValues: [], value: current }],
      };
    },
  });
}
