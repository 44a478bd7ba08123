import { explainRequestCost, formatRequestCost } from '../../format/cost.js';
import { formatDuration, formatTokenPair } from '../../format/format.js';
import { formatFullTime, formatTime } from '../../format/time.js';
import { StatusBadge } from '../../ui/status-badge.js';
import type { Column } from './column.js';
import { DurationCell } from './duration-cell.js';
import { NameCell } from './name-cell.js';

const text = (value: string) => (
  <bdi className="truncate" title={value}>
    {value}
  </bdi>
);

export const COLUMNS: readonly Column[] = [
  {
    id: 'time',
    head: 'Time',
    track: '8.5rem',
    fromWidth: 560,
    sort: 'start',
    cell: (request, { nowMs }) => (
      <time
        dateTime={request.start_time}
        title={formatFullTime(request.start_time)}
        className="tabular truncate text-soft"
      >
        {formatTime(request.start_time, nowMs)}
      </time>
    ),
  },
  {
    id: 'name',
    head: 'Name',
    track: 'minmax(8rem, 2fr)',
    fromWidth: 0,
    cell: (request, context) => <NameCell request={request} context={context} />,
  },
  {
    id: 'status',
    head: 'Status',
    track: '6rem',
    narrowTrack: '5rem',
    fromWidth: 0,
    cell: (request) => <StatusBadge status={request.status} />,
  },
  {
    id: 'duration',
    head: 'Duration',
    track: 'minmax(5rem, 9rem)',
    narrowTrack: '4.5rem',
    fromWidth: 0,
    align: 'right',
    sort: 'duration',
    cell: (request, context) => <DurationCell request={request} context={context} />,
  },
  { id: 'model', head: 'Model', track: 'minmax(7rem, 1fr)', fromWidth: 640, cell: (request) => text(request.model) },
  {
    id: 'tokens',
    head: 'Tokens in / out',
    track: '7rem',
    fromWidth: 800,
    align: 'right',
    sort: 'tokens',
    cell: (request) => <span className="tabular">{formatTokenPair(request.input_tokens, request.output_tokens)}</span>,
  },
  {
    id: 'ttft',
    head: 'First token',
    track: '5.5rem',
    fromWidth: 900,
    align: 'right',
    sort: 'ttft',
    cell: (request) => <span className="tabular">{formatDuration(request.time_to_first_token_ms)}</span>,
  },
  {
    id: 'cost',
    head: 'Cost',
    track: '4.5rem',
    fromWidth: 980,
    align: 'right',
    sort: 'cost',
    cell: (request) => (
      <span className="tabular" title={explainRequestCost(request) || undefined}>
        {formatRequestCost(request)}
      </span>
    ),
  },
  { id: 'modality', head: 'Modality', track: '6rem', fromWidth: 1060, cell: (request) => text(request.modality) },
  { id: 'user', head: 'User', track: 'minmax(5rem, 8rem)', fromWidth: 1150, cell: (request) => text(request.user_id) },
  {
    id: 'session',
    head: 'Session',
    track: 'minmax(5rem, 8rem)',
    fromWidth: 1250,
    cell: (request) => text(request.session_id),
  },
];

/** True where a column that can be ordered by does not fit. */
export function hidesSort(columns: readonly Column[]): boolean {
  return COLUMNS.some(({ id, sort }) => sort !== undefined && !columns.some((column) => column.id === id));
}

/** The columns that fit a table of this width. */
export function columnsFor(widthPx: number): readonly Column[] {
  const columns = COLUMNS.filter((column) => widthPx >= column.fromWidth);
  if (columns.some((column) => column.id === 'time')) return columns;
  return columns.map((column) => ({ ...column, track: column.narrowTrack ?? column.track }));
}
