import { formatCount } from '../../format/format.js';

const COLORS: Readonly<Record<string, string>> = {
  '2': 'var(--good)',
  '3': 'var(--busy)',
  '4': 'var(--warn)',
  '5': 'var(--bad)',
};

/** Requests by status: a bar in parts, and the counts as text. */
export function StatusDistribution({ statuses }: { statuses: Readonly<Record<string, number>> }) {
  const entries = Object.entries(statuses).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <div className="flex min-w-32 flex-col gap-1">
      <div aria-hidden="true" className="flex h-1.5 overflow-hidden rounded-full bg-sunken">
        {entries.map(([status, count]) => (
          <div key={status} style={{ flexGrow: count, background: COLORS[status[0] ?? ''] ?? 'var(--line-strong)' }} />
        ))}
      </div>
      <ul className="tabular flex flex-wrap gap-x-2.5 text-xs text-soft">
        {entries.map(([status, count]) => (
          <li key={status}>
            <bdi className="font-medium text-ink">{status}</bdi> {formatCount(count)}
          </li>
        ))}
      </ul>
    </div>
  );
}
