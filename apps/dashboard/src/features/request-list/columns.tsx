import { explainRequestCost, formatRequestCost } from '../../format/cost.js';
import { formatDuration, formatTokenPair } from '../../format/format.js';
import { formatFullTime, formatTime } from '../../format/time.js';
import { StatusBadge } from '../../ui/status-badge.js';
import type { Column } from './column.js';
import { DurationCell } from './duration-cell.js';
import { NameCell } from './name-cell.js';
import type { SortKey } from './row-sort.js';

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
    track: 'minmax(5rem, 7.5rem)',
    narrowTrack: '4.5rem',
    fromWidth: 0,
    align: 'right',
    sort: 'duration',
    cell: (request, context) => <DurationCell request={request} context={context} />,
  },
  { id: 'model', head: 'Model', track: 'minmax(8.75rem, 1fr)', fromWidth: 640, cell: (request) => text(request.model) },
  {
    id: 'tokens',
    head: 'Tokens in / out',
    track: '7rem',
    fromWidth: 800,
    align: 'right',
    sort: 'tokens',
    cell: ({ input_tokens, output_tokens, usage_estimated }) => (
      <span className="tabular">{formatTokenPair(input_tokens, output_tokens, usage_estimated)}</span>
    ),
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

// Narrower tables have no room for one column more.
const ROOM_FOR_ONE_MORE_PX = 800;

/** The columns that fit a table of this width. What the list is ordered by is among them, in the place of another where there is no room. */
export function columnsFor(widthPx: number, order?: SortKey): readonly Column[] {
  const fitting = COLUMNS.filter((column) => widthPx >= column.fromWidth);
  const isNarrow = !fitting.some((column) => column.id === 'time');
  // The time stands in the name's cell then.
  const ordered = isNarrow && order === 'start' ? undefined : COLUMNS.find(({ sort }) => sort === order && sort);
  const columns = ordered === undefined || fitting.includes(ordered) ? fitting : makeRoom(fitting, ordered, widthPx);
  return isNarrow ? columns.map((column) => ({ ...column, track: column.narrowTrack ?? column.track })) : columns;
}

function makeRoom(fitting: readonly Column[], ordered: Column, widthPx: number): readonly Column[] {
  const given = fitting.some((column) => column.id === 'model') ? 'model' : 'duration';
  const isGiven = ({ id }: Column) => widthPx < ROOM_FOR_ONE_MORE_PX && id === given;
  return COLUMNS.filter((column) => column === ordered || (fitting.includes(column) && !isGiven(column)));
}
