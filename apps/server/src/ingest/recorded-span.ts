import { randomBytes } from 'node:crypto';
import type { Attributes, RawSpan, RequestRow, SpanOrigin, VedettaSpanKind } from '@vedetta/model';
import { msToUnixNano, VEDETTA_ATTRIBUTES } from '@vedetta/model';
import { VERSION } from '../version.js';

/** A span made here, and the id under which the store will know what it carries. */
export interface RecordedSpan {
  /** Trace id and span id, 48 hex digits. */
  readonly id: string;
  readonly span: RawSpan;
}

const ORIGIN: SpanOrigin = {
  serviceName: 'vedetta',
  resource: { 'service.name': 'vedetta' },
  scopeName: '@vedetta/server',
  scopeVersion: VERSION,
};

/** A custom event as the zero-length span that carries it, in a trace of its own when the request is not known. */
export function eventSpan(event: {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly timeUnixMs: number;
  readonly request: RequestRow | undefined;
  /** Request it belongs to; `''` lets it stand alone. */
  readonly requestId: string;
}): RecordedSpan {
  return record('event', event.name, event.timeUnixMs, event.request, {
    ...(event.requestId === '' ? {} : { [VEDETTA_ATTRIBUTES.requestId]: event.requestId }),
    [VEDETTA_ATTRIBUTES.data]: JSON.stringify(event.data),
  });
}

/** A score of a request as the zero-length span that carries it. */
export function scoreSpan(score: {
  readonly request: RequestRow;
  readonly name: string;
  readonly value: number | undefined;
  readonly label: string | undefined;
  readonly comment: string | undefined;
  readonly timeUnixMs: number;
}): RecordedSpan {
  return record('score', score.name, score.timeUnixMs, score.request, {
    [VEDETTA_ATTRIBUTES.requestId]: score.request.requestId,
    [VEDETTA_ATTRIBUTES.scoreName]: score.name,
    ...(score.value === undefined ? {} : { [VEDETTA_ATTRIBUTES.scoreValue]: score.value }),
    ...(score.label === undefined ? {} : { [VEDETTA_ATTRIBUTES.scoreLabel]: score.label }),
    ...(score.comment === undefined ? {} : { [VEDETTA_ATTRIBUTES.scoreComment]: score.comment }),
  });
}

function record(
  kind: VedettaSpanKind,
  name: string,
  timeUnixMs: number,
  request: RequestRow | undefined,
  attributes: Attributes,
): RecordedSpan {
  const traceId = request?.traceId ?? randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const timeUnixNano = msToUnixNano(timeUnixMs);
  const span: RawSpan = {
    traceId,
    spanId,
    parentSpanId: request?.rootSpanId ?? '',
    name,
    kind: 1,
    startUnixNano: timeUnixNano,
    endUnixNano: timeUnixNano,
    statusCode: 0,
    statusMessage: '',
    attributes: { [VEDETTA_ATTRIBUTES.spanKind]: kind, ...attributes },
    events: [],
    links: [],
    origin: ORIGIN,
  };
  return { id: traceId + spanId, span };
}
