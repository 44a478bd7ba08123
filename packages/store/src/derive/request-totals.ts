import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { KnownSpan } from './known-span.js';
import { costOf, isLlmCall } from './llm-call-rows.js';

/** Sums over the model calls of one request; `undefined` where no call stated a figure. */
export interface RequestTotals {
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  cacheReadTokens: number | undefined;
  cacheWriteTokens: number | undefined;
  reasoningTokens: number | undefined;
  usageEstimated: boolean;
  costUsd: number | undefined;
  costEstimated: boolean;
  unpricedCallCount: number;
  timeToFirstTokenMs: number | undefined;
  llmCallCount: number;
}

/**
 * The model calls of a request, by start, in the order of the members. One call seen by two instrumentations, a framework's span
 * around the client's, counts once: the inner one is nearer to the provider, unless it alone states no usage.
 */
export function llmCalls(members: readonly KnownSpan[]): KnownSpan[] {
  const calls = members.filter(({ call }) => call !== undefined && isLlmCall(call));
  if (calls.length < 2) return calls;
  const byId = new Map(members.map((span) => [span.spanId, span]));
  const left = new Set(calls);
  // Inner spans start later: from the end on, each is compared with those around it that are still in.
  for (const inner of calls.toReversed()) {
    if (!left.has(inner)) continue;
    let at = byId.get(inner.parentSpanId);
    for (let steps = 0; at !== undefined && steps < members.length; steps++) {
      if (left.has(at) && at !== inner && at.call?.operation === inner.call?.operation) {
        if (inner.call?.usage === undefined && at.call?.usage !== undefined) {
          left.delete(inner);
          break;
        }
        left.delete(at);
      }
      at = byId.get(at.parentSpanId);
    }
  }
  return calls.filter((span) => left.has(span));
}

/**
 * Spans whose usage makes the totals: the model calls among the members, or, when there is none, the topmost aggregates that state usage
 * (an agent framework that reports sums only), so that tokens are neither lost nor counted twice.
 */
export function countedSpans(members: readonly KnownSpan[], calls: readonly KnownSpan[]): readonly KnownSpan[] {
  if (calls.length > 0) return calls;
  const stating = members.filter(({ call }) => call?.aggregate === true && call.usage !== undefined);
  if (stating.length < 2) return stating;
  const byId = new Map(members.map((span) => [span.spanId, span]));
  const statingIds = new Set(stating.map((span) => span.spanId));
  return stating.filter((span) => {
    let at = byId.get(span.parentSpanId);
    for (let steps = 0; at !== undefined && steps < members.length; steps++) {
      if (statingIds.has(at.spanId)) return false;
      at = byId.get(at.parentSpanId);
    }
    return true;
  });
}

/** Adds up what {@link countedSpans} returned. */
export function sumTotals(counted: readonly KnownSpan[]): RequestTotals {
  const totals: RequestTotals = {
    inputTokens: undefined,
    outputTokens: undefined,
    cacheReadTokens: undefined,
    cacheWriteTokens: undefined,
    reasoningTokens: undefined,
    usageEstimated: false,
    costUsd: undefined,
    costEstimated: false,
    unpricedCallCount: 0,
    timeToFirstTokenMs: undefined,
    llmCallCount: 0,
  };
  for (const { call, endUnixNano } of counted) {
    if (call === undefined) continue;
    if (LLM_CALL_OPERATIONS.has(call.operation)) totals.llmCallCount++;
    totals.timeToFirstTokenMs ??= call.timeToFirstTokenMs;
    const { usage } = call;
    // Usage of a call that runs is what it has so far: it is priced when the call ends.
    if (endUnixNano !== 0n) {
      const cost = costOf(call);
      totals.costUsd = add(totals.costUsd, cost?.usd);
      if (cost?.estimated === true) totals.costEstimated = true;
      if (cost === undefined && usage !== undefined) totals.unpricedCallCount++;
    }
    if (usage === undefined) continue;
    if (usage.source === 'estimated') totals.usageEstimated = true;
    totals.inputTokens = add(totals.inputTokens, usage.inputTokens);
    totals.outputTokens = add(totals.outputTokens, usage.outputTokens);
    totals.cacheReadTokens = add(totals.cacheReadTokens, usage.cacheReadTokens);
    totals.cacheWriteTokens = add(totals.cacheWriteTokens, usage.cacheWriteTokens);
    totals.reasoningTokens = add(totals.reasoningTokens, usage.reasoningTokens);
  }
  return totals;
}

/** The span with most tokens, the earliest of equals; the one whose model stands for the request. */
export function heaviestCall(counted: readonly KnownSpan[]): KnownSpan | undefined {
  let heaviest: KnownSpan | undefined;
  let most = -1;
  for (const span of counted) {
    if (modelOf(span) === '') continue;
    const tokens = (span.call?.usage?.inputTokens ?? 0) + (span.call?.usage?.outputTokens ?? 0);
    if (tokens > most) {
      most = tokens;
      heaviest = span;
    }
  }
  return heaviest;
}

/** Model that answered, else the one asked for; `''` when unknown. */
export function modelOf(span: KnownSpan | undefined): string {
  return span?.call?.responseModel ?? span?.call?.requestModel ?? '';
}

function add(sum: number | undefined, value: number | undefined): number | undefined {
  return value === undefined ? sum : (sum ?? 0) + value;
}
