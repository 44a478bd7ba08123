import type { Request } from '@vedetta/client';
import type { FilterField } from '@vedetta/model';
import type { ReactNode } from 'react';
import { explainRequestCost, formatRequestCost } from '../../format/cost.js';
import { formatBytes, formatCount, formatDuration } from '../../format/format.js';
import { formatFullTime } from '../../format/time.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Elapsed } from '../../ui/elapsed.js';
import { JsonText } from '../../ui/json-text.js';
import { LongText } from '../../ui/long-text.js';
import { StatusBadge } from '../../ui/status-badge.js';
import { FilterLink } from './filter-link.js';

/** Facts that others may share: a click lists the requests that do. */
const FILTERS: readonly (readonly [label: string, field: FilterField, of: (request: Request) => string])[] = [
  ['Model', 'model', (request) => request.model],
  ['Provider', 'provider', (request) => request.provider],
  ['Modality', 'modality', (request) => request.modality],
  ['Service', 'service', (request) => request.service],
  ['User', 'user', (request) => request.user_id],
  ['Session', 'session', (request) => request.session_id],
];

/** What a request was, how it ended and what it cost. */
export function RequestHeader({ request, actions }: { request: Request; actions?: ReactNode }) {
  const facts: readonly (readonly [label: string, value: ReactNode])[] = [
    [
      'Duration',
      request.status === 'running' ? (
        <Elapsed key="e" startTime={request.start_time} />
      ) : (
        formatDuration(request.duration_ms)
      ),
    ],
    ['First token', formatDuration(request.time_to_first_token_ms)],
    ['Tokens', tokens(request)],
    ['Cost', cost(request)],
    ...FILTERS.map(([label, field, of]) => [label, filterLink(field, of(request))] as const),
    ['Tags', request.tags.join(', ')],
    ['Sizes', sizes(request)],
    ['LLM calls', formatCount(request.llm_calls)],
    ['Started', formatFullTime(request.start_time)],
  ];
  return (
    <header className="flex flex-col gap-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="foreign line-clamp-3 text-base font-semibold">{request.name.slice(0, 1_000) || 'unnamed'}</h2>
          <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-soft">
            <StatusBadge status={request.status} />
            {request.current_phase !== '' && <bdi className="text-busy">in {request.current_phase.slice(0, 100)}</bdi>}
            <Id label="Copy the request's id" value={request.request_id} />
            {request.trace_id !== request.request_id && <Id label="Copy the trace's id" value={request.trace_id} />}
          </div>
        </div>
        {actions}
      </div>
      {(request.error_type !== '' || request.error_message !== '') && (
        <div
          role="note"
          aria-label="Error"
          className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2 text-[13px]"
        >
          <p className="foreign font-semibold text-bad">{request.error_type.slice(0, 300) || 'Error'}</p>
          <LongText text={request.error_message} />
        </div>
      )}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4" data-testid="request-facts">
        {facts
          .filter(([, value]) => value !== '' && value !== '–')
          .map(([label, value]) => (
            <div key={label} className="min-w-0">
              <dt className="text-xs text-soft">{label}</dt>
              <dd className="foreign tabular line-clamp-3 text-[13px] font-medium">{value}</dd>
            </div>
          ))}
      </dl>
      {request.custom_data !== null && (
        <details className="text-[13px]">
          <summary className="cursor-pointer text-soft">Custom data</summary>
          <JsonText value={request.custom_data} />
        </details>
      )}
    </header>
  );
}

function filterLink(field: FilterField, value: string): ReactNode {
  return value === '' ? '' : <FilterLink key={field} field={field} value={value} />;
}

function Id({ label, value }: { label: string; value: string }) {
  return (
    <span className="flex min-w-0 items-center gap-0.5">
      <bdi className="max-w-64 truncate font-mono" title={value}>
        {value}
      </bdi>
      <CopyButton compact text={value} label={label} />
    </span>
  );
}

function tokens(request: Request): string {
  const sign = request.usage_estimated ? '~' : '';
  const kinds = [
    [request.input_tokens, 'in'],
    [request.output_tokens, request.status === 'running' ? 'out so far' : 'out'],
    [request.cache_read_tokens, 'from cache'],
    [request.reasoning_tokens, 'reasoning'],
  ] as const;
  return kinds.flatMap(([count, kind]) => (count === null ? [] : [`${sign}${formatCount(count)} ${kind}`])).join(', ');
}

function cost(request: Request): string {
  if (request.cost_usd === null && request.unpriced_calls === 0) return '';
  const text = request.cost_usd === null ? 'unknown' : formatRequestCost(request);
  return [text, explainRequestCost(request)].filter(Boolean).join(', ');
}

function sizes(request: Request): string {
  if (request.request_size_bytes === null && request.response_size_bytes === null) return '';
  return `${formatBytes(request.request_size_bytes)} in, ${formatBytes(request.response_size_bytes)} out`;
}
