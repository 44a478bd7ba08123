import type { Model } from '@vedetta/client';
import type { ReactNode } from 'react';
import {
  formatBytes,
  formatCompact,
  formatCost,
  formatCount,
  formatDuration,
  formatShare,
  formatTokenPair,
  UNKNOWN,
} from '../../format/format.js';
import { AvailabilityBadge } from './availability-badge.js';

/** A column of the models' table. */
export interface ModelColumn {
  /** As in the URL's `sort`. */
  readonly id: string;
  readonly head: string;
  /** What the figure is, where the head is short. */
  readonly title: string;
  /** What rows are ordered by, largest first; `null` comes last. Names are ordered by the alphabet. */
  readonly order: (model: Model) => number | string | null;
  readonly cell: (model: Model) => ReactNode;
  readonly align?: 'left';
}

export const MODEL_COLUMNS: readonly ModelColumn[] = [
  {
    id: 'model',
    head: 'Model',
    title: 'Model and provider',
    align: 'left',
    order: ({ model }) => model,
    cell: nameCell,
  },
  {
    id: 'requests',
    head: 'Calls',
    title: 'LLM calls in the range',
    order: ({ requests }) => requests,
    cell: ({ requests }) => formatCount(requests),
  },
  {
    id: 'success',
    head: 'Success',
    title: 'Share of finished calls that completed',
    order: ({ success_rate }) => success_rate,
    cell: ({ success_rate, failed }) => (
      <span className={failed > 0 ? 'text-bad' : undefined}>{formatShare(success_rate)}</span>
    ),
  },
  {
    id: 'mean',
    head: 'Mean',
    title: 'Mean duration of a call',
    order: ({ duration }) => duration.mean_ms,
    cell: ({ duration }) => formatDuration(duration.mean_ms),
  },
  {
    id: 'p95',
    head: 'p95',
    title: '95 of 100 calls took no longer',
    order: ({ duration }) => duration.p95_ms,
    cell: ({ duration }) => formatDuration(duration.p95_ms),
  },
  {
    id: 'ttft',
    head: 'First token',
    title: 'Median time to the first token',
    order: ({ time_to_first_token }) => time_to_first_token.p50_ms,
    cell: ({ time_to_first_token }) => formatDuration(time_to_first_token.p50_ms),
  },
  {
    id: 'speed',
    head: 'Tokens/s',
    title: 'Mean generated tokens a second',
    order: ({ tokens_per_second }) => tokens_per_second,
    cell: ({ tokens_per_second }) => formatCompact(tokens_per_second),
  },
  {
    id: 'tokens',
    head: 'Tokens in/out',
    title: 'Tokens read and generated; ~ where some are estimates',
    order: ({ total_tokens }) => total_tokens,
    cell: ({ requests, total_tokens, input_tokens, output_tokens, estimated_calls }) =>
      requests === 0 || total_tokens === 0
        ? UNKNOWN
        : `${estimated_calls > 0 ? '~' : ''}${formatTokenPair(input_tokens, output_tokens)}`,
  },
  {
    id: 'cost',
    head: 'Cost',
    title: 'Known cost of the calls',
    order: ({ cost_usd }) => cost_usd,
    cell: costCell,
  },
  {
    id: 'score',
    head: 'Score',
    title: 'Mean of the first score, how many were given, the smallest and the largest',
    order: ({ scores }) => scores[0]?.average ?? null,
    cell: ({ scores }) => <Scores scores={scores} />,
  },
];

function nameCell(model: Model): ReactNode {
  const facts = [
    model.loaded === true &&
      (model.vram_bytes === null ? 'in memory' : `in memory, ${formatBytes(model.vram_bytes)} VRAM`),
    model.loaded === false && 'not in memory',
    model.parameter_size,
    model.quantization,
    model.size_bytes !== null && formatBytes(model.size_bytes),
    model.context_length !== null && `context ${formatCompact(model.context_length)}`,
  ].filter((fact) => fact !== false && fact !== '');
  return (
    <span className="flex min-w-44 flex-col">
      <span className="flex flex-wrap items-center gap-x-2">
        <bdi className="foreign font-medium">{model.model || 'unknown'}</bdi>
        <AvailabilityBadge state={model.availability} />
      </span>
      <span className="foreign text-xs text-soft">
        {[model.provider || 'unknown provider', model.upstream !== model.provider && model.upstream, ...facts]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </span>
  );
}

/** A part without a price is said, and never counted as nothing. */
function costCell({ cost_usd, unpriced_calls, elsewhere_usd, estimated_calls }: Model): ReactNode {
  return (
    <span className="flex flex-col">
      <span>{cost_usd !== null && estimated_calls > 0 ? `~${formatCost(cost_usd)}` : formatCost(cost_usd)}</span>
      {unpriced_calls > 0 && <span className="text-xs text-warn">{formatCount(unpriced_calls)} without a price</span>}
      {elsewhere_usd !== null && <span className="text-xs text-soft">{formatCost(elsewhere_usd)} elsewhere</span>}
    </span>
  );
}

function Scores({ scores }: { scores: Model['scores'] }) {
  const [first] = scores;
  if (first === undefined) return UNKNOWN;
  const all = scores
    .map(
      ({ name, average, count, min, max }) =>
        `${name}: ${formatScore(average)}, ${formatScore(min)} to ${formatScore(max)}, of ${count}`,
    )
    .join('\n');
  return (
    <span title={all} className="flex flex-col">
      <span>
        {formatScore(first.average)} <span className="text-xs text-soft">({formatCount(first.count)})</span>
      </span>
      {first.min < first.max && (
        <span className="whitespace-nowrap text-xs text-soft">
          {formatScore(first.min)} to {formatScore(first.max)}
        </span>
      )}
      {scores.length > 1 && <span className="whitespace-nowrap text-xs text-soft">and {scores.length - 1} more</span>}
    </span>
  );
}

/** At most two decimals: `0.83`, `4`, `1.5`. */
function formatScore(value: number): string {
  return String(Number(value.toFixed(2)));
}
