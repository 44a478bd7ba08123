import type { Status } from '@vedetta/client';
import { createClient } from '@vedetta/client';
import { Command } from 'commander';
import type { CliContext } from '../context.js';
import { type PidRecord, readPidFile } from '../daemon/pid-file.js';
import { CliFailure } from '../failure.js';
import { formatFacts } from '../output/facts.js';
import { formatBytes, formatCount, formatMs, formatShare, formatUptime } from '../output/units.js';
import { answersHealthz, apiKeyOf, toBaseUrl } from '../server-address.js';
import { addPlaceOptions, type PlaceFlags, resolveConfig } from '../settings.js';
import type { DefineCommand } from './command.js';

/** `vedetta status` */
export const statusCommand: DefineCommand = (context) =>
  addPlaceOptions(new Command('status').description('say whether the server runs, and how it is'))
    .option('--json', 'answer as JSON')
    .action(async (flags: PlaceFlags & { json?: boolean }) => {
      const config = await resolveConfig(context, flags);
      const state = readPidFile(config.dataDir);
      const record = state.kind === 'live' ? state.record : undefined;
      const baseUrl = context.env.VEDETTA_URL || toBaseUrl(record?.host ?? config.host, record?.port ?? config.port);
      if (!(await answersHealthz(baseUrl))) {
        const reason = notRunningReason(state, record, config.dataDir, baseUrl);
        if (flags.json) context.out(JSON.stringify({ running: false, reason, data_dir: config.dataDir }, null, 2));
        throw new CliFailure('notRunning', reason);
      }
      const apiKey = apiKeyOf(config);
      const status = await createClient({ baseUrl, ...(apiKey === undefined ? {} : { apiKey }) }).status();
      if (flags.json) context.out(JSON.stringify({ running: true, url: baseUrl, ...status }, null, 2));
      else for (const line of describe(status, context)) context.out(line);
    });

function notRunningReason(
  state: ReturnType<typeof readPidFile>,
  record: PidRecord | undefined,
  dataDir: string,
  baseUrl: string,
): string {
  if (record?.state === 'starting') return `Vedetta (pid ${record.pid}) is starting; it does not answer yet.`;
  if (record !== undefined)
    return `Vedetta (pid ${record.pid}) runs but does not answer at ${baseUrl}. See "vedetta logs".`;
  if (state.kind === 'stale')
    return `Vedetta is not running; it did not end cleanly (${state.reason}). Data directory: ${dataDir}.`;
  return `Vedetta is not running (data directory ${dataDir}).`;
}

function describe(status: Status, { style }: CliContext): readonly string[] {
  const { store, ingest } = status;
  const health = status.status === 'ok' ? style.good('running') : style.warning('running, degraded');
  const refused = ingest.rejected_spans_total + ingest.refused_busy_total;
  return [
    `Vedetta ${status.version} is ${health} (pid ${status.pid}, for ${formatUptime(status.uptime_seconds)})`,
    ...status.problems.map((problem) => `  ${style.warning(problem)}`),
    '',
    ...formatFacts([
      ['Page', status.endpoints.page],
      ['API', status.endpoints.api],
      ['OTLP', status.endpoints.otlp.join(', ')],
      ['Data', `${store.path} (${store.engine}, ${formatBytes(store.size_bytes)}, kept ${store.retention_days} days)`],
      ['Stored', `${formatCount(store.requests)} requests, ${formatCount(store.spans)} spans`],
      ['Running', `${formatCount(status.active_requests)} requests`],
      [
        'Last 24 h',
        `${formatShare(status.success_rate)} successful, ${formatCount(status.failed_requests)} failed, ${formatMs(status.average_response_ms)} on average`,
      ],
      ['Models', status.available_models.length === 0 ? '-' : status.available_models.join(', ')],
      ['Received', `${formatCount(ingest.received_spans_total)} spans, ${formatCount(refused)} refused`],
      [
        'Prices',
        `of ${status.prices.date}${status.prices.stale ? `, ${status.prices.age_days} days old: see "vedetta prices update"` : ''}`,
      ],
      ['Content', status.privacy.content],
    ]),
  ];
}
