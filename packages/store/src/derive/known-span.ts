import type { GenAiFacts, Span, SpanFacts, SpanStatusCode } from '@vedetta/model';
import { answerText, lastUserText } from '@vedetta/model';

/** What derivation needs of a model operation: the messages are left out, they are the bulk of a span. */
export type CallFacts = Pick<
  GenAiFacts,
  | 'operation'
  | 'provider'
  | 'requestModel'
  | 'responseModel'
  | 'usage'
  | 'stream'
  | 'timeToFirstTokenMs'
  | 'aggregate'
  | 'suppliedCostUsd'
  | 'cost'
  | 'serviceTier'
>;

/** A stored span reduced to what a request row is derived from, so that recent traces can be kept in memory. */
export interface KnownSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly serviceName: string;
  readonly startUnixNano: bigint;
  /** `0n` while the span runs. */
  readonly endUnixNano: bigint;
  readonly statusCode: SpanStatusCode;
  readonly statusMessage: string;
  readonly facts: SpanFacts;
  readonly call: CallFacts | undefined;
  /** Text of the last user message and of the answer, cut for a table row. */
  readonly inputPreview: string;
  readonly outputPreview: string;
  /** When a running span was last announced; 0 for one that has ended. */
  readonly seenUnixMs: number;
  /** A running span that was given up: its end never came. */
  readonly expired: boolean;
}

/** Reduces a span; `seenUnixMs` is kept for running spans only, so that a finished one derives the same row at any time. */
export function toKnownSpan(span: Span, seenUnixMs: number, expired = false): KnownSpan {
  const { genAi } = span;
  const running = span.endUnixNano === 0n;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    serviceName: span.origin.serviceName,
    startUnixNano: span.startUnixNano,
    endUnixNano: span.endUnixNano,
    statusCode: span.statusCode,
    statusMessage: span.statusMessage,
    facts: span.facts,
    call: genAi === undefined ? undefined : toCallFacts(genAi),
    inputPreview: genAi?.inputMessages === undefined ? '' : lastUserText(genAi.inputMessages),
    outputPreview: genAi?.outputMessages === undefined ? '' : answerText(genAi.outputMessages),
    seenUnixMs: running ? seenUnixMs : 0,
    expired: running && expired,
  };
}

function toCallFacts(genAi: GenAiFacts): CallFacts {
  const { operation, provider, requestModel, responseModel, usage, stream, timeToFirstTokenMs, aggregate } = genAi;
  const { suppliedCostUsd, cost, serviceTier } = genAi;
  return {
    operation,
    aggregate,
    ...(provider !== undefined && { provider }),
    ...(requestModel !== undefined && { requestModel }),
    ...(responseModel !== undefined && { responseModel }),
    ...(usage !== undefined && { usage }),
    ...(stream !== undefined && { stream }),
    ...(timeToFirstTokenMs !== undefined && { timeToFirstTokenMs }),
    ...(suppliedCostUsd !== undefined && { suppliedCostUsd }),
    ...(cost !== undefined && { cost }),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}
