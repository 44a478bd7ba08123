import type { LlmCall } from '@vedetta/client';
import type { ReactNode } from 'react';
import { formatCallCost } from '../../format/cost.js';
import { formatCompact, formatCost, formatCount, formatDuration, UNKNOWN } from '../../format/format.js';
import { EmptyState } from '../../ui/states.js';
import { StatusBadge } from '../../ui/status-badge.js';

const TOKEN_KINDS = [
  ['in', 'input_tokens'],
  ['out', 'output_tokens'],
  ['from cache', 'cache_read_tokens'],
  ['to cache', 'cache_write_tokens'],
  ['to cache for an hour', 'cache_write_1h_tokens'],
  ['reasoning', 'reasoning_tokens'],
  ['audio in', 'audio_input_tokens'],
  ['audio out', 'audio_output_tokens'],
  ['images in', 'image_input_tokens'],
  ['images out', 'image_output_tokens'],
] as const;

/** The calls of models within a request, with what each took and where its figures come from. */
export function CallsView({ calls }: { calls: readonly LlmCall[] }) {
  if (calls.length === 0) {
    return (
      <EmptyState title="No call of a model has finished">
        Calls are recorded by the gateway, by the SDK's wrappers, and from any OpenTelemetry exporter.
      </EmptyState>
    );
  }
  return (
    <ol className="flex flex-col gap-3" data-testid="llm-calls">
      {calls.map((call) => (
        <li key={`${call.trace_id} ${call.span_id}`} className="min-w-0 rounded-md border border-line p-3 text-[13px]">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <bdi className="foreign font-medium">{call.model.slice(0, 300) || 'unknown model'}</bdi>
            <StatusBadge status={call.status} />
            <span className="foreign text-xs text-soft">
              {[call.provider, call.operation, call.stream && 'streamed', call.service_tier, call.error_type]
                .filter(Boolean)
                .join(' · ')
                .slice(0, 500)}
            </span>
          </div>
          <dl className="mt-2 grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-4">
            <Fact label="Duration">{formatDuration(call.duration_ms)}</Fact>
            <Fact label="First token">{formatDuration(call.time_to_first_token_ms)}</Fact>
            <Fact label="Tokens/s">{formatCompact(call.tokens_per_second)}</Fact>
            <Fact label="Cost" note={costNote(call)}>
              {formatCallCost(call)}
            </Fact>
            <div className="col-span-full min-w-0">
              <dt className="text-xs text-soft">
                Tokens{call.usage_source === null ? '' : `, ${USAGE_SOURCES[call.usage_source]}`}
              </dt>
              <dd className="tabular font-medium">{tokens(call)}</dd>
            </div>
          </dl>
        </li>
      ))}
    </ol>
  );
}

const USAGE_SOURCES: Readonly<Record<NonNullable<LlmCall['usage_source']>, string>> = {
  reported: 'reported by the provider',
  supplied: 'supplied by the sender',
  estimated: 'estimated',
};

function Fact({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{label}</dt>
      <dd className="tabular font-medium">{children}</dd>
      {note !== undefined && note !== '' && <dd className="foreign text-xs text-soft">{note}</dd>}
    </div>
  );
}

function tokens(call: LlmCall): string {
  const sign = call.usage_source === 'estimated' ? '~' : '';
  const known = TOKEN_KINDS.flatMap(([label, key]) => {
    const count = call[key];
    return count === null ? [] : [`${sign}${formatCount(count)} ${label}`];
  });
  return known.length === 0 ? UNKNOWN : known.join(', ');
}

function costNote(call: LlmCall): string {
  switch (call.cost_source) {
    case 'supplied':
      return 'supplied by the sender';
    case 'priced':
      return `price of ${call.price_key ?? 'the list'}${call.price_date === null ? '' : `, ${call.price_date}`}`;
    case 'local':
      return call.elsewhere_usd === null
        ? 'local model'
        : `local; would cost ${formatCost(call.elsewhere_usd)} at ${call.elsewhere_key ?? 'another provider'}`;
    case null:
      return '';
  }
}
