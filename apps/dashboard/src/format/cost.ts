import type { LlmCall, Request } from '@vedetta/client';
import { formatCost, UNKNOWN } from './format.js';

type RequestCost = Pick<Request, 'cost_usd' | 'cost_estimated' | 'unpriced_calls'>;
type CallCost = Pick<LlmCall, 'cost_usd' | 'cost_source' | 'cost_estimated'>;

/** `~` before what rests on estimates, `+` after what leaves calls without a price out. */
export function formatRequestCost({ cost_usd, cost_estimated, unpriced_calls }: RequestCost): string {
  if (cost_usd === null) return UNKNOWN;
  return `${cost_estimated ? '~' : ''}${formatCost(cost_usd)}${unpriced_calls > 0 ? '+' : ''}`;
}

/** What the marks of {@link formatRequestCost} mean; empty when there are none. */
export function explainRequestCost({ cost_estimated, unpriced_calls }: RequestCost): string {
  const parts: string[] = [];
  if (cost_estimated) parts.push('rests on estimated tokens');
  if (unpriced_calls > 0)
    parts.push(`${unpriced_calls} ${unpriced_calls === 1 ? 'call' : 'calls'} without a known price`);
  return parts.join('; ');
}

/** The cost of a call; one that is not known is said, and never 0. */
export function formatCallCost({ cost_usd, cost_estimated }: CallCost): string {
  if (cost_usd === null) return 'unknown';
  return `${cost_estimated ? '~' : ''}${formatCost(cost_usd)}`;
}
