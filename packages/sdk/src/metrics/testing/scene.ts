import { AppMetrics } from '../app-metrics.js';
import type { CurrentTrace } from '../measures.js';

/** Metrics of their own with a clock that is set by hand. */
export interface Scene {
  readonly metrics: AppMetrics;
  /** Milliseconds since the epoch. */
  nowUnixMs: number;
  trace: CurrentTrace | undefined;
  readonly notices: readonly string[];
  /** The lines at `/metrics` of the metrics with one of the names, without buckets, help and types. */
  lines(...names: readonly string[]): Promise<readonly string[]>;
}

export function setScene(maxSeries = 2000): Scene {
  const notices: string[] = [];
  const scene = { nowUnixMs: 1_763_000_040_000, trace: undefined as CurrentTrace | undefined };
  const metrics = new AppMetrics({
    options: { intervalMs: 30_000, collect: false, diskPath: '.', maxSeries, push: undefined },
    serviceName: 'test',
    notice: (message) => notices.push(message()),
    now: () => scene.nowUnixMs,
    trace: () => scene.trace,
  });
  return Object.assign(scene, {
    metrics,
    notices,
    async lines(...names: readonly string[]) {
      const { body } = await metrics.text();
      return body
        .split('\n')
        .filter((line) => names.some((name) => line.startsWith(name)) && !line.includes('_bucket'));
    },
  });
}
