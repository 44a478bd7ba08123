import type { CallCost, GenAiFacts, LlmCallRow } from '@vedetta/model';
import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { CallFacts, KnownSpan } from './known-span.js';

/** An operation that calls a model and states its own usage, not that of others. */
export function isLlmCall({ operation, aggregate }: Pick<GenAiFacts, 'operation' | 'aggregate'>): boolean {
  return !aggregate && LLM_CALL_OPERATIONS.has(operation);
}

/** What a call cost: as it was priced; of a span that never was, as its sender stated it. */
export function costOf({ cost, suppliedCostUsd }: Pick<CallFacts, 'cost' | 'suppliedCostUsd'>): CallCost | undefined {
  if (cost !== undefined || suppliedCostUsd === undefined) return cost;
  return { usd: suppliedCostUsd, source: 'supplied', estimated: false };
}

/** Rows of those calls that have ended, in the order given. */
export function toLlmCallRows(calls: readonly KnownSpan[], requestId: string): LlmCallRow[] {
  const rows: LlmCallRow[] = [];
  for (const span of calls) {
    const { call, facts, endUnixNano } = span;
    if (call === undefined || endUnixNano === 0n) continue;
    const requestModel = call.requestModel ?? '';
    rows.push({
      traceId: span.traceId,
      spanId: span.spanId,
      requestId,
      startUnixNano: span.startUnixNano,
      endUnixNano,
      durationMs: Number(endUnixNano - span.startUnixNano) / 1e6,
      status: facts.state ?? (span.statusCode === 2 ? 'failed' : 'completed'),
      errorType: facts.errorType ?? '',
      provider: call.provider ?? '',
      model: call.responseModel ?? requestModel,
      requestModel,
      operation: call.operation,
      stream: call.stream ?? false,
      timeToFirstTokenMs: call.timeToFirstTokenMs,
      usage: call.usage,
      serviceTier: call.serviceTier ?? '',
      cost: costOf(call),
    });
  }
  return rows;
}
