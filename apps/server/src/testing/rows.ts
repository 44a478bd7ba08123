import type { CustomEventRow, RequestRow } from '@vedetta/model';

/** A finished request with nothing but an id, unless told. */
export function requestRow(requestId: string, members: Partial<RequestRow> = {}): RequestRow {
  return {
    requestId,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    rootSpanId: 'b7ad6b7169203331',
    parentRequestId: undefined,
    name: 'chat',
    serviceName: 'test',
    startUnixNano: 1_700_000_000_000_000_000n,
    endUnixNano: 1_700_000_000_500_000_000n,
    durationMs: 500,
    status: 'completed',
    modality: 'text',
    model: '',
    provider: '',
    stream: false,
    userId: '',
    sessionId: '',
    tags: [],
    requestSizeBytes: undefined,
    responseSizeBytes: undefined,
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
    spanCount: 1,
    errorType: '',
    errorMessage: '',
    errorFingerprint: '',
    inputPreview: '',
    outputPreview: '',
    customData: '',
    currentPhase: '',
    lastSeenUnixMs: 0,
    ...members,
  };
}

export function customEventRow(eventId: string): CustomEventRow {
  return { eventId, requestId: '', name: 'event', timeUnixNano: 1_700_000_000_000_000_000n, data: '{"a":1}' };
}
