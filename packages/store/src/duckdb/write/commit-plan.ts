import type { Span } from '@vedetta/model';
import type { DerivedTrace } from '../../derive/derive-requests.js';
import { deriveRequests } from '../../derive/derive-requests.js';
import type { KnownSpan } from '../../derive/known-span.js';
import { toKnownSpan } from '../../derive/known-span.js';
import type { TraceBounds } from '../rows/table-columns.js';
import type { TraceState } from './trace-cache.js';

/** A running span as it is to be stored, in place of what was announced before. */
export interface RunningSpan {
  readonly span: Span;
  readonly seenUnixMs: number;
}

/** A trace whose derived rows are written anew. */
export interface TouchedTrace {
  readonly traceId: string;
  readonly state: TraceState;
  readonly bounds: TraceBounds;
  /** Where the rows derived before can start: wider than `bounds` when a replaced announcement started at another time. */
  readonly formerBounds: TraceBounds;
  readonly derived: DerivedTrace;
}

/** All that one transaction writes. */
export interface CommitPlan {
  readonly ended: readonly Span[];
  readonly running: readonly RunningSpan[];
  /** Ids of spans whose announcement goes: they ended, or were announced anew. */
  readonly replaced: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly touched: readonly TouchedTrace[];
  /** Stored and duplicate spans of each batch, in the order given. */
  readonly counts: readonly { storedSpans: number; duplicateSpans: number }[];
}

/**
 * Decides what a group of batches changes. `states` holds every trace of the batches as it is known, and is brought up to
 * date: after a failed commit the caller throws it away.
 */
export function planCommit(
  batches: readonly (readonly Span[])[],
  states: ReadonlyMap<string, TraceState>,
  nowUnixMs: number,
): CommitPlan {
  const ended: Span[] = [];
  const running = new Map<string, RunningSpan>();
  const replaced = new Map<string, { traceId: string; spanId: string }>();
  const touched = new Map<string, TraceState>();
  const moved = new Map<string, KnownSpan[]>();
  const counts = batches.map((spans) => {
    let storedSpans = 0;
    for (const span of spans) {
      const state = states.get(span.traceId)!;
      const before = state.spans.get(span.spanId);
      if (before !== undefined && before.endUnixNano !== 0n) continue;
      const known = toKnownSpan(span, nowUnixMs);
      state.spans.set(span.spanId, known);
      touched.set(span.traceId, state);
      if (before === undefined || !sameAnnouncement(before, known)) storedSpans++;
      const key = span.traceId + span.spanId;
      if (before !== undefined) {
        replaced.set(key, { traceId: span.traceId, spanId: span.spanId });
        if (before.startUnixNano !== span.startUnixNano) {
          moved.set(span.traceId, [...(moved.get(span.traceId) ?? []), before]);
        }
      }
      if (span.endUnixNano === 0n) running.set(key, { span, seenUnixMs: nowUnixMs });
      else {
        running.delete(key);
        ended.push(span);
      }
    }
    return { storedSpans, duplicateSpans: spans.length - storedSpans };
  });
  return {
    ended,
    running: [...running.values()],
    replaced: [...replaced.values()],
    touched: [...touched].map(([traceId, state]) => touch(traceId, state, moved.get(traceId))),
    counts,
  };
}

/** Derives a trace anew. `moved` are spans as they were before they were replaced by others that start at another time. */
export function touch(traceId: string, state: TraceState, moved: readonly KnownSpan[] = []): TouchedTrace {
  const spans = [...state.spans.values()];
  const bounds = boundsOf(spans);
  const formerBounds = moved.length === 0 ? bounds : boundsOf([...spans, ...moved]);
  return { traceId, state, bounds, formerBounds, derived: deriveRequests(spans) };
}

function boundsOf(spans: readonly KnownSpan[]): TraceBounds {
  let firstNs = spans[0]?.startUnixNano ?? 0n;
  let lastNs = firstNs;
  for (const { startUnixNano } of spans) {
    if (startUnixNano < firstNs) firstNs = startUnixNano;
    if (startUnixNano > lastNs) lastNs = startUnixNano;
  }
  return { firstNs: clampNs(firstNs), lastNs: clampNs(lastNs) };
}

/** Times past the year 2262 are stored as the last nanosecond the engine can hold. */
function clampNs(ns: bigint): bigint {
  return ns > 0x7fff_ffff_ffff_ffffn ? 0x7fff_ffff_ffff_ffffn : ns;
}

/** An announcement delivered again says nothing new but that its sender lives. */
function sameAnnouncement(before: KnownSpan, now: KnownSpan): boolean {
  return (
    now.endUnixNano === 0n &&
    before.facts.currentPhase === now.facts.currentPhase &&
    before.startUnixNano === now.startUnixNano &&
    before.name === now.name
  );
}
