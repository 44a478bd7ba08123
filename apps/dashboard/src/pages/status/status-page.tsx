import { useQuery } from '@tanstack/react-query';
import type { Status } from '@vedetta/client';
import { statusQuery } from '../../api/queries.js';
import { formatBytes, formatCount, formatDuration } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { Card } from '../../ui/card.js';
import { CopyButton } from '../../ui/copy-button.js';
import { ErrorState, SkeletonRows } from '../../ui/states.js';
import { Facts } from './facts.js';
import { SendCard } from './send-card.js';

/** The monitor's own state: what it takes in, what it keeps, how it treats content, where to send. */
export function StatusPage() {
  const { data: status, isError, error, refetch } = useQuery(statusQuery());
  if (isError && status === undefined) return <ErrorState error={error} retry={() => void refetch()} />;
  if (status === undefined) return <SkeletonRows rows={10} />;
  return (
    <div className="mx-auto grid max-w-[80rem] gap-3 md:gap-4 lg:grid-cols-2">
      {status.problems.length > 0 && (
        <div role="alert" className="rounded-md border border-warn/40 bg-warn-soft p-4 lg:col-span-2">
          <p className="font-semibold text-warn">The monitor is degraded</p>
          <ul className="list-disc pl-5 text-[13px]">
            {status.problems.map((problem) => (
              <li key={problem} className="foreign">
                {problem}
              </li>
            ))}
          </ul>
        </div>
      )}
      <Card title="Server">
        <Facts
          facts={[
            ['State', status.status],
            ['Version', status.version],
            ['Uptime', formatDuration(status.uptime_seconds * 1000)],
            ['Started', formatFullTime(status.started_at)],
            ['Process', String(status.pid)],
            ['Failed in 24 h', formatCount(status.failed_requests)],
            ['Mean in 24 h', formatDuration(status.average_response_ms)],
          ]}
        />
      </Card>
      <Card title="Store">
        <Facts
          facts={[
            ['Engine', status.store.engine],
            ['Place', status.store.path],
            ['Size', formatBytes(status.store.size_bytes)],
            ['Requests', formatCount(status.store.requests)],
            ['Spans', formatCount(status.store.spans)],
            [
              'Oldest request',
              status.store.oldest_request === null ? 'none' : formatFullTime(status.store.oldest_request),
            ],
            ['Kept for', `${formatCount(status.store.retention_days)} days`],
          ]}
        />
      </Card>
      <Card title="Ingest since the start">
        <Facts facts={ingestFacts(status.ingest)} />
      </Card>
      <Card title="Metric samples since the start">
        <Facts facts={sampleFacts(status.samples)} />
      </Card>
      <Card title="Privacy">
        <p className="text-[13px]">{PRIVACY[status.privacy.content](status.privacy.preview_characters)}</p>
        <p className="mt-2 text-[13px] text-soft">
          Changed with <code>privacy.content</code> in the configuration, or the variable <code>VEDETTA_CONTENT</code>.
        </p>
      </Card>
      <Card title="Addresses" className="lg:col-span-2">
        <ul className="flex flex-col gap-1 text-[13px]">
          {addresses(status).map(([label, url]) => (
            <li key={label + url} className="flex items-center gap-3">
              <span className="w-28 shrink-0 text-soft">{label}</span>
              <code className="foreign">{url}</code>
              <CopyButton compact text={url} label={`Copy ${url}`} />
            </li>
          ))}
        </ul>
      </Card>
      <SendCard />
    </div>
  );
}

const PRIVACY: Readonly<Record<Status['privacy']['content'], (characters: number) => string>> = {
  preview: (characters) =>
    `Prompts and answers are redacted, then cut to ${characters} characters, before they are stored.`,
  full: () => 'Prompts and answers are redacted and stored whole.',
  off: () => 'Prompts and answers are dropped before anything is stored.',
  numbers: () => 'Only names, times and token counts are stored.',
};

function ingestFacts(ingest: Status['ingest']): readonly (readonly [string, string])[] {
  return [
    ['Spans received', formatCount(ingest.received_spans_total)],
    ['Spans stored', formatCount(ingest.stored_spans_total)],
    ['Sent twice', formatCount(ingest.duplicate_spans_total)],
    ['Rejected', formatCount(ingest.rejected_spans_total)],
    ['Refused, busy', formatCount(ingest.refused_busy_total)],
    ['Waiting', formatCount(ingest.queued_spans)],
    ['Redactions', formatCount(ingest.redactions_total)],
    ['Last commit', formatDuration(ingest.last_commit_ms)],
  ];
}

function sampleFacts(samples: Status['samples']): readonly (readonly [string, string])[] {
  const rejected = Object.values(samples.rejected_total).reduce((sum, count) => sum + count, 0);
  return [
    ['Stored', formatCount(samples.stored_total)],
    ['Sent twice', formatCount(samples.duplicate_total)],
    ['Rejected', formatCount(rejected)],
    ['Series', `${formatCount(samples.series)} of at most ${formatCount(samples.max_series)}`],
    ['Log', formatBytes(samples.log_bytes)],
    ['In memory', formatBytes(samples.head_bytes)],
    ['Kept for', `${formatCount(samples.retention_days)} days`],
  ];
}

function addresses(status: Status): readonly (readonly [string, string])[] {
  const { page, api, otlp } = status.endpoints;
  return [
    ['Page', page],
    ['API', api],
    ['API description', `${api.replace(/\/+$/, '')}/openapi.json`],
    ...otlp.map((url) => ['OTLP', url] as const),
  ];
}
