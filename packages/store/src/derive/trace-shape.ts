import type { KnownSpan } from './known-span.js';

/** The spans of one request, before anything is added up. */
export interface RequestGroup {
  readonly requestId: string;
  /** `undefined` while the root is not known. */
  root: KnownSpan | undefined;
  /** True when the SDK named the request: its phases are marked. Otherwise the children of the root are the phases. */
  readonly named: boolean;
  /** All spans that belong to it but events and scores, the root included, by start. */
  readonly members: KnownSpan[];
  parentRequestId: string | undefined;
}

/** Which request each span of a trace belongs to. */
export interface TraceShape {
  readonly groups: readonly RequestGroup[];
  /** Zero-length spans that carry an event or a score. */
  readonly marks: readonly KnownSpan[];
  /** Spans that belong to no request, by start: what stands above or beside the requests of the trace. */
  readonly beside: readonly KnownSpan[];
  /** Id of the request that a span belongs to, or `''`. */
  ownerOf(span: KnownSpan): string;
  /** Steps between a span and the top of what is known above it. */
  depthOf(span: KnownSpan): number;
}

/**
 * Divides the spans of one trace among its requests.
 *
 * A span belongs to the request it names, else to that of its parent. Spans that belong to none make one request of the
 * whole trace when no span names one, and no request otherwise (an HTTP server span above a recorded request).
 */
export function shapeTrace(spans: readonly KnownSpan[]): TraceShape {
  const byId = new Map<string, KnownSpan>();
  for (const span of spans) byId.set(span.spanId, span);
  const ordered = spans.length < 2 ? spans : [...spans].sort(byStart);
  const anyNamed = spans.some((span) => isWork(span) && statedRequest(span) !== '');
  const owners = new Map<string, string>();
  const traceRequest = anyNamed || !spans.some(isWork) ? '' : (spans[0]?.traceId ?? '');

  const ownerOf = (span: KnownSpan): string => {
    const path: KnownSpan[] = [];
    let owner = traceRequest;
    const seen = new Set<string>();
    for (
      let at: KnownSpan | undefined = span;
      at !== undefined && !seen.has(at.spanId);
      at = byId.get(at.parentSpanId)
    ) {
      const known = owners.get(at.spanId);
      const stated = known ?? (statedRequest(at) || undefined);
      if (stated !== undefined) {
        owner = stated;
        break;
      }
      seen.add(at.spanId);
      path.push(at);
    }
    for (const at of path) owners.set(at.spanId, owner);
    return owner;
  };

  const depthOf = (span: KnownSpan): number => {
    let depth = 0;
    for (let at = byId.get(span.parentSpanId); at !== undefined && depth <= spans.length; depth++) {
      at = byId.get(at.parentSpanId);
    }
    return depth;
  };

  const groups = new Map<string, RequestGroup>();
  const marks: KnownSpan[] = [];
  const beside: KnownSpan[] = [];
  for (const span of ordered) {
    if (!isWork(span)) {
      marks.push(span);
      continue;
    }
    const requestId = ownerOf(span);
    if (requestId === '') {
      beside.push(span);
      continue;
    }
    let group = groups.get(requestId);
    if (group === undefined) {
      group = { requestId, root: undefined, named: anyNamed, members: [], parentRequestId: undefined };
      groups.set(requestId, group);
    }
    group.members.push(span);
    if (group.root === undefined && span.facts.vedettaKind === 'request') group.root = span;
  }
  for (const group of groups.values()) {
    if (!group.named) group.root = traceRoot(group.members, byId);
    const above = group.root === undefined ? undefined : byId.get(group.root.parentSpanId);
    const parent = above === undefined ? '' : ownerOf(above);
    if (parent !== '' && parent !== group.requestId) group.parentRequestId = parent;
  }
  return { groups: [...groups.values()], marks, beside, ownerOf, depthOf };
}

/** False for spans that only carry an event or a score: they make no request and are not counted. */
export function isWork(span: KnownSpan): boolean {
  return span.facts.vedettaKind !== 'event' && span.facts.vedettaKind !== 'score';
}

function statedRequest(span: KnownSpan): string {
  const { requestId, vedettaKind } = span.facts;
  if (requestId !== undefined && requestId !== '') return requestId;
  return vedettaKind === 'request' ? span.traceId : '';
}

/** The span without a parent, else the earliest whose parent is not known; in a cycle the earliest of all. */
function traceRoot(members: readonly KnownSpan[], byId: ReadonlyMap<string, KnownSpan>): KnownSpan | undefined {
  return (
    members.find((span) => span.parentSpanId === '') ??
    members.find((span) => !byId.has(span.parentSpanId)) ??
    members[0]
  );
}

function byStart(a: KnownSpan, b: KnownSpan): number {
  if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano < b.startUnixNano ? -1 : 1;
  return a.spanId < b.spanId ? -1 : a.spanId > b.spanId ? 1 : 0;
}
