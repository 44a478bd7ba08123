import type { Setting } from './setting.js';
import { readInteger, readOneOf, readSwitch } from './setting-readers.js';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** How long things are kept, and what one client may ask for. */
export const OPERATION_SETTINGS: readonly Setting[] = [
  {
    path: 'retention.days',
    variables: ['VEDETTA_RETENTION_DAYS'],
    flag: 'retention-days',
    type: 'integer, 1 to 36500',
    default: 30,
    description: 'Requests that started longer ago are deleted, at start and once an hour.',
    read: readInteger(1, 36_500),
  },
  {
    path: 'retention.archive',
    variables: ['VEDETTA_RETENTION_ARCHIVE'],
    flag: 'retention-archive',
    type: '`true` or `false`',
    default: false,
    description:
      'Writes what is about to be deleted to the folder `archive` in the data directory first, compressed; see [store.md](store.md#archive).',
    read: readSwitch,
  },
  {
    path: 'retention.runningTimeoutMinutes',
    variables: ['VEDETTA_RUNNING_TIMEOUT_MINUTES'],
    flag: 'running-timeout-minutes',
    type: 'integer, 1 to 10080',
    default: 30,
    description: 'A running request that nothing was heard of for this long is marked as `timeout`.',
    read: readInteger(1, 10_080),
  },
  {
    path: 'sql.maxRows',
    variables: ['VEDETTA_SQL_MAX_ROWS'],
    flag: 'sql-max-rows',
    type: 'integer, 1 to 100000',
    default: 10_000,
    description: 'Most rows that `POST /api/sql` answers.',
    read: readInteger(1, 100_000),
  },
  {
    path: 'sql.timeoutSeconds',
    variables: ['VEDETTA_SQL_TIMEOUT_SECONDS'],
    flag: 'sql-timeout-seconds',
    type: 'integer, 1 to 60',
    default: 10,
    description: 'Longest run of a statement of `POST /api/sql`.',
    read: readInteger(1, 60),
  },
  {
    path: 'limits.connections',
    variables: ['VEDETTA_MAX_CONNECTIONS'],
    flag: 'max-connections',
    type: 'integer, 10 to 100000',
    default: 4096,
    description: 'Most TCP connections at once, for each port; more are closed at once.',
    read: readInteger(10, 100_000),
  },
  {
    path: 'limits.liveClients',
    variables: ['VEDETTA_MAX_LIVE_CLIENTS'],
    flag: 'max-live-clients',
    type: 'integer, 1 to 10000',
    default: 100,
    description: 'Most pages that follow `GET /api/live` at once.',
    read: readInteger(1, 10_000),
  },
  {
    path: 'log.level',
    variables: ['VEDETTA_LOG_LEVEL'],
    flag: 'log-level',
    type: LOG_LEVELS.map((level) => `\`${level}\``).join(', '),
    default: 'info',
    description: "Least important message that the server's own log shows.",
    read: readOneOf(LOG_LEVELS),
  },
];
