import type { PromSeries } from '../../api/prometheus.js';
import { seriesName } from '../../api/prometheus.js';

/** More label columns than this nobody reads: the series stands as one text then. */
const MAX_COLUMNS = 10;

export interface LabelColumns {
  /** Labels with a column of their own, the metric's name first. */
  readonly names: readonly string[];
  /** The first column holds the whole series. */
  readonly whole: boolean;
}

/** Which columns a table of series has: one a label that some series has. */
export function labelColumns(series: readonly PromSeries[]): LabelColumns {
  const all = new Set(series.flatMap(({ labels }) => Object.keys(labels)));
  const named = all.delete('__name__');
  if (all.size > MAX_COLUMNS) return { names: ['__name__'], whole: true };
  return { names: [...(named ? ['__name__'] : []), ...[...all].sort()], whole: false };
}

/** By a label, upwards; by `value`, largest first and what is no number last; as they came without one. */
export function sortRows(series: readonly PromSeries[], by: string | undefined): readonly PromSeries[] {
  if (by === undefined) return series;
  const text = ({ labels }: PromSeries) => (Object.hasOwn(labels, by) ? (labels[by] ?? '') : '');
  const number = ({ values }: PromSeries) => values.at(-1) ?? Number.NaN;
  const names = new Map(series.map((one) => [one, seriesName(one.labels)]));
  return series.toSorted((a, b) => {
    const order = by === 'value' ? descending(number(a), number(b)) : compareTexts(text(a), text(b));
    return order !== 0 ? order : compareTexts(names.get(a) ?? '', names.get(b) ?? '');
  });
}

function descending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a === b ? 0 : b > a ? 1 : -1;
}

function compareTexts(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
