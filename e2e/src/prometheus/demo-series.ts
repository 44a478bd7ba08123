import type { TestSeries } from './test-series.js';
import { counterOf, createRandom, createSeries, gaugeOf } from './test-series.js';

const INSTANCES = ['demo.promlabs.com:10000', 'demo.promlabs.com:10001', 'demo.promlabs.com:10002'];
const BOUNDS = ['0.0001', '0.00015000000000000001', '0.0005', '0.001', '0.005', '0.01', '0.1', '1', '+Inf'];

/** The metrics that the queries of the compliance suite ask for, by the names of its demo service. */
export function demoSeries(): TestSeries[] {
  const all: TestSeries[] = [];
  let seed = 1;
  for (const [at, instance] of INSTANCES.entries()) {
    const own = { instance, job: 'demo' };
    const phase = { phaseMs: at * 4321 };
    const add = (labels: Record<string, string>, valueAt: Parameters<typeof createSeries>[1]): void => {
      all.push(createSeries({ ...own, ...labels }, valueAt, phase));
      seed += 1;
    };
    for (const type of ['buffers', 'cached', 'free', 'used']) {
      add({ __name__: 'demo_memory_usage_bytes', type }, gaugeOf(seed, 1e9, 3e7));
    }
    for (const mode of ['idle', 'system', 'user']) {
      add({ __name__: 'demo_cpu_usage_seconds_total', mode }, counterOf(seed, 40));
    }
    add({ __name__: 'demo_num_cpus' }, () => 4 + at);
    add({ __name__: 'demo_disk_usage_bytes' }, (i) => 1e10 + i * 5e6 + (i % 7) * 1e6);
    add({ __name__: 'demo_disk_total_bytes' }, () => 1e12);
    add({ __name__: 'demo_batch_last_success_timestamp_seconds' }, (i) => 1_736_935_000 + Math.floor(i / 20) * 600);
    add({ __name__: 'demo_intermittent_metric' }, (i) => (i % 20 < 8 + at * 3 ? i : undefined));
    add({ __name__: 'demo_is_daily_holiday' }, (i) => (i < 120 ? 0 : 1));
    for (const method of ['GET', 'POST']) {
      for (const status of ['200', '500']) {
        for (const path of ['/api/bar', '/api/foo']) {
          const labels = { method, status, path };
          const counts = histogramCounts(seed, status === '500' ? 3 : 30);
          for (const [bucket, le] of BOUNDS.entries()) {
            add({ __name__: 'demo_api_request_duration_seconds_bucket', le, ...labels }, (i) => counts(i)[bucket]);
          }
          add({ __name__: 'demo_api_request_duration_seconds_count', ...labels }, (i) => counts(i).at(-1));
          add(
            { __name__: 'demo_api_request_duration_seconds_sum', ...labels },
            (i) => (counts(i).at(-1) ?? 0) * 0.0031,
          );
        }
      }
    }
  }
  return all;
}

/** Cumulative counts of each bucket at each sample. */
function histogramCounts(seed: number, speed: number): (i: number) => readonly number[] {
  const random = createRandom(seed * 7919);
  const rows: number[][] = [];
  let counts = BOUNDS.map(() => 0);
  return (i) => {
    while (rows.length <= i) {
      if (rows.length % 150 === 149) counts = counts.map(() => 0);
      const added = BOUNDS.map(() => Math.floor(random() * speed));
      let sum = 0;
      counts = counts.map((count, at) => {
        sum += added[at] ?? 0;
        return count + sum;
      });
      rows.push(counts);
    }
    return rows[i] ?? [];
  };
}
