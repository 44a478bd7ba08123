import type { GenAiFacts, Span } from '@vedetta/model';
import { BASE_UNIX_MS, makePhase, makeRequest } from '../contract/span-maker.js';

/** How long ago old requests started, in days: retention deletes them while they are written. */
export const OLD_DAYS = 40;
/** Spans of each request: its root and two phases. */
export const SPANS_A_REQUEST = 3;

/** Every fifth request is old. */
export function isOld(n: number): boolean {
  return n % 5 === 0;
}

export function requestId(n: number): string {
  return `kill-${n}`;
}

/** What the n-th request asks a model: its last phase is the call. */
const CALL: Partial<GenAiFacts> = {
  provider: 'openai',
  requestModel: 'gpt-4o',
  usage: { inputTokens: 10, outputTokens: 1, source: 'reported' },
  cost: { usd: 0.25, source: 'priced', estimated: false },
};

/** The spans of the n-th request, root first, the same whenever they are made but for their times. */
export function requestSpans(n: number, nowUnixMs: number): Span[] {
  const atMs = nowUnixMs - BASE_UNIX_MS - (isOld(n) ? OLD_DAYS * 86_400_000 : 0);
  const id = requestId(n);
  const attributes = { filler: `${n} `.repeat(60) };
  return [
    makeRequest(id, { trace: n + 1, span: 1, atMs, ms: 100, attributes }),
    makePhase(id, { trace: n + 1, span: 2, parent: 1, atMs, name: 'retrieval', attributes }),
    makePhase(id, { trace: n + 1, span: 3, parent: 1, atMs, name: 'generation', attributes, genAi: CALL }),
  ];
}
