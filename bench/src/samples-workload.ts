import type { Labels, SampleRows } from '@vedetta/store';
import { toLabels } from '@vedetta/store';

/** Series of one target, as a node exporter has. */
const SERIES_A_TARGET = 1000;

/** Scrapes of many targets: half counters that grow by their own steps, a quarter that never change, a quarter gauges. */
export function createScrapes(
  series: number,
): (from: number, to: number, scrape: number, timestampMs: number) => SampleRows {
  const labels: Labels[] = Array.from({ length: series }, (_, i) => {
    const metric = i % SERIES_A_TARGET;
    return (
      toLabels([
        ['__name__', `node_metric_${metric >> 3}_total`],
        ['instance', `host-${Math.floor(i / SERIES_A_TARGET)}:9100`],
        ['job', 'node'],
        ['mode', `mode-${metric & 7}`],
      ]) ?? []
    );
  });
  const current = Float64Array.from(labels, (_, i) => (i % 97) * 1000);
  let seed = 1;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  return (from, to, _scrape, timestampMs) => {
    const rows = to - from;
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i += 1) {
      const at = from + i;
      const kind = at & 3;
      if (kind < 2) current[at] = (current[at] as number) + Math.floor(random() * (at % 50));
      else if (kind === 2) current[at] = Math.round(random() * 1000) / 10;
      values[i] = current[at] as number;
    }
    return {
      series: labels.slice(from, to),
      ends: Uint32Array.from({ length: rows }, (_, i) => i + 1),
      timestampsMs: new Float64Array(rows).fill(timestampMs),
      values,
    };
  };
}
