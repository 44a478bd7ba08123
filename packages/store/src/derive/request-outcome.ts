import type { RequestStatus } from '@vedetta/model';
import { unixNanoToMs } from '@vedetta/model';
import type { KnownSpan } from './known-span.js';
import type { RequestGroup, TraceShape } from './trace-shape.js';

/** When a request ran and how it ended. */
export interface RequestOutcome {
  readonly startUnixNano: bigint;
  readonly endUnixNano: bigint | undefined;
  readonly status: RequestStatus;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly lastSeenUnixMs: number;
}

/**
 * A known root decides. Without one the request spans what is known of it and its top span decides, unless a span of it
 * was announced and has not ended: then it runs.
 */
export function requestOutcome(group: RequestGroup, shape: TraceShape): RequestOutcome {
  const { root, members } = group;
  const top = root ?? topSpan(members);
  const unending = root === undefined ? members.find((span) => span.endUnixNano === 0n) : undefined;
  const announced = root?.endUnixNano === 0n ? root : unending;
  const startUnixNano = root !== undefined && root.parentSpanId === '' ? root.startUnixNano : firstStart(group);
  if (announced !== undefined && !announced.expired) {
    return {
      startUnixNano,
      endUnixNano: undefined,
      status: 'running',
      errorType: '',
      errorMessage: '',
      lastSeenUnixMs: lastSeen(members),
    };
  }
  const endUnixNano = later(endOf(group, announced), startUnixNano);
  if (announced !== undefined) {
    return {
      startUnixNano,
      endUnixNano,
      status: 'timeout',
      errorType: 'timeout',
      errorMessage: 'The end of this request never arrived.',
      lastSeenUnixMs: lastSeen(members),
    };
  }
  const lastSeenUnixMs = Math.round(unixNanoToMs(endUnixNano));
  const status = top?.facts.state ?? (top?.statusCode === 2 ? 'failed' : 'completed');
  if (status === 'completed' || top === undefined) {
    return { startUnixNano, endUnixNano, status, errorType: '', errorMessage: '', lastSeenUnixMs };
  }
  const failing = hasError(top) ? top : (deepestFailing(members, shape) ?? top);
  return {
    startUnixNano,
    endUnixNano,
    status,
    errorType: failing.facts.errorType ?? '',
    errorMessage: failing.facts.errorMessage ?? failing.statusMessage,
    lastSeenUnixMs,
  };
}

/** The earliest span whose parent is not of the request. */
export function topSpan(members: readonly KnownSpan[]): KnownSpan | undefined {
  const ids = new Set(members.map((span) => span.spanId));
  return members.find((span) => !ids.has(span.parentSpanId)) ?? members[0];
}

function firstStart({ root, members, named }: RequestGroup): bigint {
  // A root the SDK marks is the request whatever is above it; any other span at the top may be one of several.
  if (root !== undefined && named) return root.startUnixNano;
  return members[0]?.startUnixNano ?? 0n;
}

function endOf({ root, members, named }: RequestGroup, announced: KnownSpan | undefined): bigint {
  if (root !== undefined && announced === undefined && (named || root.parentSpanId === '')) return root.endUnixNano;
  let end = announced === undefined ? 0n : BigInt(Math.round(announced.seenUnixMs)) * 1_000_000n;
  for (const span of members) end = later(end, span.endUnixNano);
  return end;
}

function lastSeen(members: readonly KnownSpan[]): number {
  let seen = 0;
  for (const span of members) seen = Math.max(seen, span.seenUnixMs);
  return seen;
}

function hasError({ facts, statusMessage }: KnownSpan): boolean {
  return (facts.errorType ?? '') !== '' || (facts.errorMessage ?? '') !== '' || statusMessage !== '';
}

function deepestFailing(members: readonly KnownSpan[], shape: TraceShape): KnownSpan | undefined {
  let deepest: KnownSpan | undefined;
  let depth = -1;
  for (const span of members) {
    if (span.statusCode !== 2 || !hasError(span)) continue;
    const spanDepth = shape.depthOf(span);
    if (spanDepth > depth) {
      depth = spanDepth;
      deepest = span;
    }
  }
  return deepest;
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
