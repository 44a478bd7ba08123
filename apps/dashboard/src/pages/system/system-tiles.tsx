import type { SystemMetrics } from '@vedetta/client';
import { formatUnit } from '../../charts/time-series/format-unit.js';
import { formatBytes, formatCount, UNKNOWN } from '../../format/format.js';
import { Skeleton } from '../../ui/states.js';
import { LIMITS } from './system-charts.js';

interface Tile {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  /** The limit that is reached, as text. */
  readonly over?: string | undefined;
}

/** How the machine and the server are now. A figure past its limit says so. */
export function SystemTiles(props: {
  machine: SystemMetrics | undefined;
  process: ReadonlyMap<string, number> | undefined;
}) {
  const { machine, process } = props;
  const tiles = [...machineTiles(machine?.metrics ?? []), ...processTiles(process ?? new Map())];
  return (
    <dl className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-5" data-testid="system-tiles">
      {tiles.map((tile) =>
        machine === undefined ? (
          <Skeleton key={tile.id} className="h-20" />
        ) : (
          <div
            key={tile.id}
            data-tile={tile.id}
            className={`rounded-lg border bg-surface px-3 py-2.5 ${tile.over === undefined ? 'border-line' : 'border-bad'}`}
          >
            <dt className="text-xs text-soft">{tile.label}</dt>
            <dd className={`tabular text-xl font-semibold ${tile.over === undefined ? '' : 'text-bad'}`}>
              {tile.value}
            </dd>
            <dd className={`tabular truncate text-xs ${tile.over === undefined ? 'text-soft' : 'text-bad'}`}>
              {tile.over ?? tile.note ?? '\u00a0'}
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

type Row = SystemMetrics['metrics'][number];

function machineTiles(rows: readonly Row[]): readonly Tile[] {
  const [now, before] = [rows.at(-1), rows.at(-2)];
  return [
    { id: 'cpu', label: 'CPU', ...limited(now?.cpu_percent, LIMITS.cpu) },
    {
      id: 'memory',
      label: 'Memory',
      ...limited(now?.memory_percent, LIMITS.memory),
      note: `${mebibytes(now?.memory_used_mb)} used, ${mebibytes(now?.memory_available_mb)} free`,
    },
    {
      id: 'disk',
      label: 'Disk of the data',
      ...limited(now?.disk_usage_percent, LIMITS.disk),
      note: `${formatBytes(times(now?.disk_free_gb, 1024 ** 3))} free`,
    },
    {
      id: 'network',
      label: 'Network',
      value: formatUnit(perSecond(before, now, 'network_bytes_recv'), 'bytes/s'),
      note: `in; ${formatUnit(perSecond(before, now, 'network_bytes_sent'), 'bytes/s')} out`,
    },
    {
      id: 'connections',
      label: 'TCP connections',
      value: formatCount(now?.active_connections),
    },
  ];
}

function processTiles(figures: ReadonlyMap<string, number>): readonly Tile[] {
  const [used, limit] = [figures.get('nodejs_heap_size_used_bytes'), figures.get('nodejs_heap_size_limit_bytes')];
  return [
    {
      id: 'process-cpu',
      label: 'CPU of the server',
      value: formatUnit(figures.get('cpu'), 'percentunit'),
      note: 'of one processor',
    },
    {
      id: 'rss',
      label: 'Memory of the server',
      value: formatUnit(figures.get('process_resident_memory_bytes'), 'bytes'),
    },
    {
      id: 'event-loop',
      label: 'Event-loop delay p99',
      value: formatUnit(figures.get('nodejs_eventloop_lag_p99_seconds'), 'seconds'),
      note: `max ${formatUnit(figures.get('nodejs_eventloop_lag_max_seconds'), 'seconds')}`,
    },
    {
      id: 'heap',
      label: 'Heap in use',
      value: formatUnit(used, 'bytes'),
      note: `of at most ${formatUnit(limit, 'bytes')}`,
    },
    { id: 'gc', label: 'Garbage collection', value: formatUnit(figures.get('gc'), 'percentunit'), note: 'of the time' },
  ];
}

function limited(value: number | null | undefined, limit: number): Pick<Tile, 'value' | 'over'> {
  return {
    value: value === null || value === undefined ? UNKNOWN : formatUnit(value, 'percent'),
    over: value !== null && value !== undefined && value >= limit ? `above the limit of ${limit}\u202f%` : undefined,
  };
}

function mebibytes(value: number | null | undefined): string {
  return formatBytes(times(value, 1024 ** 2));
}

function times(value: number | null | undefined, factor: number): number | null {
  return value === null || value === undefined ? null : value * factor;
}

/** What a counter gained a second between two rows; unknown where it began anew. */
export function perSecond(
  before: Row | undefined,
  now: Row | undefined,
  counter: 'network_bytes_sent' | 'network_bytes_recv',
): number | null {
  const [from, to] = [before?.[counter], now?.[counter]];
  if (before === undefined || now === undefined || typeof from !== 'number' || typeof to !== 'number') return null;
  const seconds = (Date.parse(now.timestamp) - Date.parse(before.timestamp)) / 1000;
  return seconds > 0 && to >= from ? (to - from) / seconds : null;
}
