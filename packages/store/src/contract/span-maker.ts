import type { Attributes, GenAiFacts, Span, SpanFacts, SpanOrigin, SpanStatusCode } from '@vedetta/model';

/** What a made span differs in; times are milliseconds after {@link BASE_UNIX_MS}. */
export interface SpanPlan {
  /** Small numbers; the ids are made of them. */
  readonly trace: number;
  readonly span: number;
  readonly parent?: number;
  readonly name?: string;
  readonly atMs?: number;
  readonly ms?: number;
  readonly running?: boolean;
  readonly status?: SpanStatusCode;
  readonly message?: string;
  readonly facts?: SpanFacts;
  readonly genAi?: Partial<GenAiFacts>;
  readonly attributes?: Attributes;
  readonly origin?: SpanOrigin;
}

/** When made spans start: 2026-03-01T12:00:00Z. */
export const BASE_UNIX_MS = Date.UTC(2026, 2, 1, 12);

const ORIGIN: SpanOrigin = {
  serviceName: 'test-service',
  resource: { 'service.name': 'test-service' },
  scopeName: 'test-scope',
  scopeVersion: '1.0',
};

/** A span of another sender unless the plan's facts say otherwise. */
export function makeSpan(plan: SpanPlan): Span {
  const startUnixNano = unixNano(BASE_UNIX_MS + (plan.atMs ?? 0));
  return {
    traceId: traceId(plan.trace),
    spanId: spanId(plan.span),
    parentSpanId: plan.parent === undefined ? '' : spanId(plan.parent),
    name: plan.name ?? `span-${plan.span}`,
    kind: 1,
    startUnixNano,
    endUnixNano: plan.running === true ? 0n : startUnixNano + unixNano(plan.ms ?? 10),
    statusCode: plan.status ?? 0,
    statusMessage: plan.message ?? '',
    attributes: plan.attributes ?? {},
    events: [],
    links: [],
    origin: plan.origin ?? ORIGIN,
    facts: plan.facts ?? {},
    genAi:
      plan.genAi === undefined
        ? undefined
        : { operation: 'chat', aggregate: false, dialects: ['gen_ai'], ...plan.genAi },
  };
}

/** The root of a request as the SDK sends it. */
export function makeRequest(requestId: string, plan: SpanPlan): Span {
  return makeSpan({ name: requestId, ...plan, facts: { vedettaKind: 'request', requestId, ...plan.facts } });
}

/** A phase as the SDK sends it. */
export function makePhase(requestId: string, plan: SpanPlan): Span {
  return makeSpan({ ...plan, facts: { vedettaKind: 'phase', requestId, ...plan.facts } });
}

/** A model call with usage. */
export function makeCall(plan: SpanPlan, inputTokens: number, outputTokens: number): Span {
  return makeSpan({
    ...plan,
    genAi: {
      provider: 'openai',
      requestModel: 'gpt-4o',
      usage: { inputTokens, outputTokens, source: 'reported' },
      ...plan.genAi,
    },
  });
}

export function traceId(n: number): string {
  return n.toString(16).padStart(32, '0');
}

export function spanId(n: number): string {
  return n.toString(16).padStart(16, '0');
}

export function unixNano(ms: number): bigint {
  return BigInt(Math.round(ms * 1000)) * 1000n;
}
