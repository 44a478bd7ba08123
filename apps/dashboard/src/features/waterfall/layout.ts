import type { CustomEvent, Phase, Request, Span } from '@vedetta/client';

/** A moment on a row's line; shares are of the drawn time, 0 to 1. */
export interface WaterfallMarker {
  readonly name: string;
  readonly share: number;
  readonly offsetMs: number;
  readonly data: unknown;
}

/** One span as a line of the waterfall. */
export interface WaterfallRow {
  readonly span: Span;
  readonly depth: number;
  readonly childCount: number;
  /** Set when the span is a phase of the request. */
  readonly phase: Phase | undefined;
  readonly startShare: number;
  /** 0 for a span without length; a running one reaches to the end. */
  readonly widthShare: number;
  readonly running: boolean;
  readonly failed: boolean;
  readonly markers: readonly WaterfallMarker[];
}

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  /** What is drawn, in milliseconds from the start of the request; the start is below 0 when a clock was behind. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Events of the request that lie on no span. */
  readonly markers: readonly WaterfallMarker[];
}

/** Kinds of spans that only carry a report; they are listed as events and scores. */
const REPORTS: ReadonlySet<unknown> = new Set(['event', 'score']);

/**
 * Places the spans of a request on one scale, as a tree in order of start: nested, overlapping, repeated and running ones.
 * A span whose parent is not there (late, or of another system) stands at the top; parents in a circle are cut open.
 * `nowMs` is the time since the request's start, the end of what still runs. `folded` hides what is below those spans.
 */
export function layoutWaterfall(input: {
  request: Pick<Request, 'duration_ms'>;
  spans: readonly Span[];
  phases: readonly Phase[];
  events: readonly CustomEvent[];
  nowMs: number;
  folded: ReadonlySet<string>;
}): Waterfall {
  const spans = input.spans.filter((span) => !REPORTS.has(span.attributes['vedetta.span.kind']));
  const { fromMs, toMs } = extent(input, spans);
  const length = toMs - fromMs;
  const share = (offsetMs: number) => Math.max(0, Math.min(1, (offsetMs - fromMs) / length));
  const phases = new Map(input.phases.map((phase) => [phase.span_id, phase]));
  const children = groupByParent(spans);
  const rows: WaterfallRow[] = [];
  const placed = new Set<string>();

  const place = (root: Span) => {
    // A stack instead of recursion: the depth of a trace is up to its sender.
    const stack: { span: Span; depth: number; hidden: boolean }[] = [{ span: root, depth: 0, hidden: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { span, depth, hidden } = next;
      if (placed.has(span.span_id)) continue;
      placed.add(span.span_id);
      const below = children.get(span.span_id) ?? [];
      const running = span.duration_ms === null;
      const endMs = running ? toMs : span.offset_ms + (span.duration_ms ?? 0);
      const phase = phases.get(span.span_id);
      if (!hidden) {
        rows.push({
          span,
          depth,
          childCount: below.length,
          phase,
          startShare: share(span.offset_ms),
          widthShare: Math.max(0, share(endMs) - share(span.offset_ms)),
          running,
          failed: span.status === 'error' || phase?.success === false,
          markers: span.events.map((event) => toMarker(event.name, event.offset_ms, event.attributes, share)),
        });
      }
      const hideBelow = hidden || input.folded.has(span.span_id);
      for (const child of below.toReversed()) stack.push({ span: child, depth: depth + 1, hidden: hideBelow });
    }
  };

  const known = new Set(spans.map((span) => span.span_id));
  for (const span of spans.toSorted(byStart)) {
    if (span.parent_span_id === '' || !known.has(span.parent_span_id)) place(span);
  }
  // What is left has its parents in a circle.
  for (const span of spans.toSorted(byStart)) place(span);
  const markers = input.events.map((event) => toMarker(event.event_name, event.offset_ms ?? 0, event.data, share));
  return { rows, fromMs, toMs, markers };
}

/** Round points of a scale, about `count` of them, both ends' insides only: `0, 250, 500` for 0 to 640. */
export function scaleTicks(fromMs: number, toMs: number, count: number): readonly number[] {
  const raw = (toMs - fromMs) / Math.max(1, count);
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw) ?? raw;
  const first = Math.ceil(fromMs / step);
  const last = Math.floor(toMs / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function extent(
  input: { request: Pick<Request, 'duration_ms'>; nowMs: number },
  spans: readonly Span[],
): { fromMs: number; toMs: number } {
  let fromMs = 0;
  let toMs = input.request.duration_ms ?? input.nowMs;
  for (const span of spans) {
    fromMs = Math.min(fromMs, span.offset_ms);
    toMs = Math.max(toMs, span.offset_ms + (span.duration_ms ?? 0));
  }
  // A request without any length still needs a scale.
  return { fromMs, toMs: toMs > fromMs ? toMs : fromMs + 1 };
}

function groupByParent(spans: readonly Span[]): ReadonlyMap<string, readonly Span[]> {
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    if (span.parent_span_id === '' || span.parent_span_id === span.span_id) continue;
    const siblings = children.get(span.parent_span_id);
    if (siblings === undefined) children.set(span.parent_span_id, [span]);
    else siblings.push(span);
  }
  for (const siblings of children.values()) siblings.sort(byStart);
  return children;
}

function byStart(a: Span, b: Span): number {
  return a.offset_ms - b.offset_ms || (b.duration_ms ?? Number.MAX_VALUE) - (a.duration_ms ?? Number.MAX_VALUE);
}

function toMarker(name: string, offsetMs: number, data: unknown, share: (offsetMs: number) => number): WaterfallMarker {
  return { name, share: share(offsetMs), offsetMs, data };
}
