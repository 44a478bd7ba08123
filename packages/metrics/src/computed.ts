import type { MetricKind } from './metric-family.js';
import type { MetricRegistry } from './registry.js';

/** A metric without labels whose value is asked for when metrics are collected. */
export interface ComputedMetric {
  readonly name: string;
  readonly help: string;
}

/** A gauge whose value is asked for when metrics are collected; it has no series while the value is not known. Throws when the name is taken. */
export function computedGauge(registry: MetricRegistry, metric: ComputedMetric, value: () => number | undefined): void {
  computed(registry, metric, 'gauge', value);
}

/** The same for a count that is kept elsewhere and only grows. Throws when the name is taken. */
export function computedCounter(
  registry: MetricRegistry,
  metric: ComputedMetric,
  value: () => number | undefined,
): void {
  computed(registry, metric, 'counter', value);
}

function computed(
  registry: MetricRegistry,
  { name, help }: ComputedMetric,
  kind: MetricKind,
  value: () => number | undefined,
): void {
  registry.collector(name, {
    collect: () => {
      const current = value();
      const series = current === undefined ? [] : [{ labelValues: [], value: current }];
      return { name, help, labels: [], kind, series };
    },
  });
}
