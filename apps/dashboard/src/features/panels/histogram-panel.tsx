import { useMemo } from 'react';
import type { Frame } from '../../grafana/frame.js';
import type { FieldConfig, Panel } from '../../grafana/model.js';
import { presentValue } from '../../grafana/present-value.js';
import { numberFields } from './shown-values.js';

interface Bucket {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** How often values of the series lie where. Buckets of a histogram (`le`) are taken as they are. */
export function HistogramPanel({ panel, frames }: { panel: Panel; frames: readonly Frame[] }) {
  const buckets = useMemo(() => bucketsOf(frames, panel), [frames, panel]);
  const most = Math.max(1e-12, ...buckets.map(({ count }) => count));
  const text = (value: number) => presentValue(value, edges(panel.defaults)).text;
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return <p className="p-3 text-xs text-soft">There are no values.</p>;
  return (
    <div className="flex h-full min-h-0 flex-col text-xs">
      <ul className="flex min-h-0 flex-1 items-end gap-px border-b border-line">
        {buckets.map(({ from, to, count }) => {
          const label = `${text(from)} to ${text(to)}: ${Number(count.toPrecision(4))}`;
          return (
            <li key={from} title={label} className="flex h-full min-w-0 flex-1 items-end">
              <span
                role="img"
                aria-label={label}
                className="w-full rounded-t-sm"
                style={{ height: `${(count / most) * 100}%`, minHeight: count > 0 ? 1 : 0, background: 'var(--cat-1)' }}
              />
            </li>
          );
        })}
      </ul>
      <p className="tabular flex justify-between pt-1 text-soft">
        <span>{text(first.from)}</span>
        <span>{text(last.to)}</span>
      </p>
    </div>
  );
}

/** The unit is that of the values, which are the axis here; thresholds and mappings are not for them. */
function edges({ unit, decimals }: FieldConfig): FieldConfig {
  return { ...(unit !== undefined && { unit }), ...(decimals !== undefined && { decimals }) };
}

/** Counts of values in buckets of one width; of classic histograms the sums of their own. */
export function bucketsOf(frames: readonly Frame[], panel: Panel): readonly Bucket[] {
  const fields = numberFields(frames, panel).map(({ field }) => field);
  const classic = fields.filter(({ upperBound }) => upperBound !== undefined && Number.isFinite(upperBound));
  if (classic.length > 0) {
    return classic.map(({ upperBound = 0, values }, i) => ({
      from: i === 0 ? 0 : (classic[i - 1]?.upperBound ?? 0),
      to: upperBound,
      count: values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0),
    }));
  }
  const values = fields.flatMap(({ values }) =>
    values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value)),
  );
  if (values.length === 0) return [];
  const [low, high] = values.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const { bucketSize, bucketCount } = panel.options;
  const wanted = bucketSize !== undefined && bucketSize > 0 ? bucketSize : niceWidth((high - low) / bucketCount);
  const width = Math.max(wanted, (high - low) / 500);
  const start = Math.floor(low / width) * width;
  const counts = new Array<number>(Math.floor((high - start) / width) + 1).fill(0);
  for (const value of values) {
    const index = Math.min(counts.length - 1, Math.floor((value - start) / width));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts.map((count, i) => ({ from: start + i * width, to: start + (i + 1) * width, count }));
}

/** 1, 2 or 5 times a power of ten, at least as wide. */
function niceWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(width));
  return ([1, 2, 5, 10].find((step) => step * power >= width) ?? 10) * power;
}
