import type { LlmCall } from '@vedetta/client';
import type { ReactNode } from 'react';
import { formatCallCost } from '../../format/cost.js';
import { formatCompact, formatCost, formatCount, formatDuration, UNKNOWN } from '../../format/format.js';
import { formatUnits } from '../../format/units.js';
import { EmptyState } from '../../ui/states.js';
import { StatusBadge } from '../../ui/status-badge.js';

/** Parts of the tokens read and of those generated, by what people call them. */
const INPUT_PARTS = [
  ['from cache', 'cache_read_tokens'],
  ['to cache', 'cache_write_tokens'],
  ['of these for an hour', 'cache_write_1h_tokens'],
  ['audio', 'audio_input_tokens'],
  ['image', 'image_input_tokens'],
] as const;
const OUTPUT_PARTS = [
  ['reasoning', 'reasoning_tokens'],
  ['audio', 'audio_output_tokens'],
  ['image', 'image_output_tokens'],
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
            <Fact label="First token" note={firstTokenNote(call)}>
              {formatDuration(call.time_to_first_token_ms)}
            </Fact>
            <Fact label="Tokens/s">{formatCompact(call.tokens_per_second)}</Fact>
            <Fact label="Finished">{call.finish_reasons.join(', ').slice(0, 300) || UNKNOWN}</Fact>
            <Fact label="Tokens in" note={parts(call, INPUT_PARTS)}>
              {tokens(call, call.input_tokens)}
            </Fact>
            <Fact label="Tokens out" note={parts(call, OUTPUT_PARTS)}>
              {tokens(call, call.output_tokens)}
            </Fact>
            {call.billed_units !== null && (
              <Fact label="Billed" note={unitsNote(call.billed_units)}>
                {formatUnits(call.billed_units)}
              </Fact>
            )}
            <Fact label="Counted" note={otherUsage(call)}>
              {source(call)}
            </Fact>
            <Fact label="Cost" note={costNote(call)}>
              {formatCallCost(call)}
            </Fact>
          </dl>
        </li>
      ))}
    </ol>
  );
}

function Fact({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{label}</dt>
      <dd className="foreign tabular font-medium">{children}</dd>
      {note !== undefined && note !== '' && <dd className="foreign text-xs text-soft">{note}</dd>}
    </div>
  );
}

type UsageSource = NonNullable<LlmCall['usage_source']>;

const USAGE_SOURCES: Readonly<Record<UsageSource, string>> = {
  reported: 'reported by the provider',
  counted: 'counted from what was sent',
  supplied: 'supplied by the sender',
  estimated: 'estimated',
};

function source({ usage_source, usage_sampled }: LlmCall): string {
  if (usage_source === null) return 'by nobody';
  return `${USAGE_SOURCES[usage_source]}${usage_sampled ? ', from a sample' : ''}`;
}

/** Where the units come from; of a call without tokens that is said already. */
function unitsNote({ units_source }: NonNullable<LlmCall['billed_units']>): string {
  return USAGE_SOURCES[units_source];
}

function tokens({ usage_source }: LlmCall, count: number | null): string {
  return count !== null && usage_source === 'estimated' ? `~${formatCount(count)}` : formatCount(count);
}

function parts<Key extends keyof LlmCall>(call: LlmCall, kinds: readonly (readonly [string, Key])[]): string {
  return kinds
    .flatMap(([label, key]) => {
      const count = call[key];
      return typeof count === 'number' ? [`${formatCount(count)} ${label}`] : [];
    })
    .join(', ');
}

/** What others counted of the same call, beside the figures that count. */
function otherUsage({ other_usage }: LlmCall): string {
  return other_usage
    .filter(({ input_tokens, output_tokens }) => input_tokens !== null || output_tokens !== null)
    .map(
      ({ source: by, input_tokens, output_tokens }) =>
        `${USAGE_SOURCES[by]}: ${formatCount(input_tokens)} in, ${formatCount(output_tokens)} out`,
    )
    .join('; ');
}

/** Where reasoning came first, the reader waited longer than for the first token. */
function firstTokenNote({ time_to_first_visible_ms }: LlmCall): string {
  return time_to_first_visible_ms === null ? '' : `of reasoning; visible ${formatDuration(time_to_first_visible_ms)}`;
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
