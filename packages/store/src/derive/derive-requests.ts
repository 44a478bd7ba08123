import type { CustomEventRow, LlmCallRow, PhaseRow, RequestRow, ScoreRow } from '@vedetta/model';
import { errorFingerprint } from '@vedetta/model';
import type { KnownSpan } from './known-span.js';
import { toLlmCallRows } from './llm-call-rows.js';
import { requestOutcome, topSpan } from './request-outcome.js';
import { countedSpans, heaviestCall, llmCalls, modelOf, sumTotals } from './request-totals.js';
import type { RequestGroup, TraceShape } from './trace-shape.js';
import { shapeTrace } from './trace-shape.js';

/** Everything that is derived from the spans of one trace. */
export interface DerivedTrace {
  readonly requests: readonly RequestRow[];
  readonly phases: readonly PhaseRow[];
  readonly llmCalls: readonly LlmCallRow[];
  readonly customEvents: readonly CustomEventRow[];
  readonly scores: readonly ScoreRow[];
}

/**
 * Derives the rows of one trace from all its known spans. Pure, and indifferent to the order of the spans: an adapter
 * calls it again whenever a span of the trace arrives and replaces what it derived before.
 *
 * Spans of several traces must not be mixed. Announced spans count until their final form replaces them.
 */
export function deriveRequests(spans: readonly KnownSpan[]): DerivedTrace {
  const shape = shapeTrace(spans);
  const requests: RequestRow[] = [];
  const phases: PhaseRow[] = [];
  const calls: LlmCallRow[] = [];
  for (const group of shape.groups) {
    const ofGroup = llmCalls(group.members);
    const request = toRequestRow(group, shape, ofGroup);
    requests.push(request);
    calls.push(...toLlmCallRows(ofGroup, group.requestId));
    for (const span of group.members) {
      if (isPhase(span, group)) phases.push(toPhaseRow(span, request));
    }
  }
  calls.push(...toLlmCallRows(llmCalls(shape.beside), ''));
  const customEvents: CustomEventRow[] = [];
  const scores: ScoreRow[] = [];
  for (const mark of shape.marks) {
    if (mark.facts.vedettaKind === 'event') customEvents.push(toCustomEventRow(mark, shape.ownerOf(mark)));
    else scores.push(toScoreRow(mark, shape.ownerOf(mark)));
  }
  return { requests, phases, llmCalls: calls, customEvents, scores };
}

function toRequestRow(group: RequestGroup, shape: TraceShape, calls: readonly KnownSpan[]): RequestRow {
  const { root, members } = group;
  const top = root ?? topSpan(members);
  const outcome = requestOutcome(group, shape);
  const { startUnixNano, endUnixNano, status, errorType, errorMessage } = outcome;
  const counted = countedSpans(members, calls);
  const heaviest = heaviestCall(counted);
  const model = modelOf(root) || modelOf(heaviest);
  return {
    requestId: group.requestId,
    traceId: top?.traceId ?? '',
    rootSpanId: root?.spanId ?? '',
    parentRequestId: group.parentRequestId,
    name: top?.name ?? '',
    serviceName: top?.serviceName ?? '',
    startUnixNano,
    endUnixNano,
    durationMs: endUnixNano === undefined ? undefined : Number(endUnixNano - startUnixNano) / 1e6,
    status,
    modality: modalityOf(root, members, calls),
    model,
    provider: root?.call?.provider ?? heaviest?.call?.provider ?? '',
    stream: root?.facts.stream ?? root?.call?.stream ?? calls.some((span) => span.call?.stream === true),
    userId: firstStated(root, members, (span) => span.facts.userId) ?? '',
    sessionId: firstStated(root, members, (span) => span.facts.sessionId) ?? '',
    tags: firstStated(root, members, (span) => span.facts.tags) ?? [],
    requestSizeBytes: root?.facts.requestSizeBytes,
    responseSizeBytes: root?.facts.responseSizeBytes,
    ...sumTotals(counted),
    spanCount: members.length,
    errorType,
    errorMessage,
    errorFingerprint: errorFingerprint(errorType, errorMessage),
    inputPreview: root?.inputPreview || (calls.find((span) => span.inputPreview !== '')?.inputPreview ?? ''),
    outputPreview: root?.outputPreview || (calls.findLast((span) => span.outputPreview !== '')?.outputPreview ?? ''),
    customData: root?.facts.customData ?? '',
    currentPhase: status === 'running' ? phaseNow(root, members) : '',
    lastSeenUnixMs: outcome.lastSeenUnixMs,
  };
}

/** A phase that the SDK marks, however deep; of other senders' traces the direct children of the root. */
function isPhase(span: KnownSpan, { named, root }: RequestGroup): boolean {
  if (span.endUnixNano === 0n) return false;
  if (named) return span.facts.vedettaKind === 'phase';
  return root !== undefined && span !== root && span.parentSpanId === root.spanId;
}

function toPhaseRow(span: KnownSpan, request: RequestRow): PhaseRow {
  return {
    requestId: request.requestId,
    traceId: span.traceId,
    spanId: span.spanId,
    phase: span.name,
    startUnixNano: span.startUnixNano,
    endUnixNano: span.endUnixNano,
    durationMs: Number(span.endUnixNano - span.startUnixNano) / 1e6,
    success: span.statusCode !== 2,
    model: request.model,
    modality: request.modality,
    metadata: span.facts.data ?? '',
  };
}

function toCustomEventRow(span: KnownSpan, requestId: string): CustomEventRow {
  return {
    eventId: span.traceId + span.spanId,
    requestId,
    name: span.name,
    timeUnixNano: span.startUnixNano,
    data: span.facts.data ?? '{}',
  };
}

function toScoreRow(span: KnownSpan, requestId: string): ScoreRow {
  const { score } = span.facts;
  return {
    scoreId: span.traceId + span.spanId,
    requestId,
    name: score?.name ?? span.name,
    value: score?.value,
    label: score?.label ?? '',
    comment: score?.comment ?? '',
    timeUnixNano: span.startUnixNano,
  };
}

/** What the sender states; else what the model calls tell: embeddings only, or text; else unknown. */
function modalityOf(root: KnownSpan | undefined, members: readonly KnownSpan[], calls: readonly KnownSpan[]): string {
  const stated = firstStated(root, members, (span) => span.facts.modality);
  if (stated !== undefined) return stated;
  if (calls.length === 0) return 'unknown';
  return calls.every((span) => span.call?.operation === 'embeddings') ? 'embedding' : 'text';
}

/** As the root says; without a root, as the running span that began last says: a call of the gateway that states its request. */
function phaseNow(root: KnownSpan | undefined, members: readonly KnownSpan[]): string {
  if (root !== undefined) return root.facts.currentPhase ?? '';
  return members.findLast((span) => span.endUnixNano === 0n)?.facts.currentPhase ?? '';
}

function firstStated<T>(
  root: KnownSpan | undefined,
  members: readonly KnownSpan[],
  read: (span: KnownSpan) => T | undefined,
): T | undefined {
  const ofRoot = root === undefined ? undefined : read(root);
  if (ofRoot !== undefined) return ofRoot;
  for (const span of members) {
    const value = read(span);
    if (value !== undefined) return value;
  }
  return undefined;
}
