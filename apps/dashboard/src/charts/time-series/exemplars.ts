import type { ChartExemplar, ChartRange } from './types.js';

/** More points at one place hide the lines, and each other. A part of the range is about as wide as a point. */
const PARTS = 100;
const A_PART = 3;
/** What senders call the label with the trace. */
const TRACE_LABELS = ['trace_id', 'traceID', 'traceId', 'TraceID'] as const;

/** A point as it is drawn. */
export interface ShownExemplar extends ChartExemplar {
  /** Tells it apart from all others, also when they are asked for again. */
  readonly key: string;
}

/** Those within the range, ascending by time; of each part of the range the highest, since the slowest are looked for. */
export function shownExemplars(exemplars: readonly ChartExemplar[], range: ChartRange): readonly ShownExemplar[] {
  const { fromMs, toMs } = range;
  const inside = exemplars.filter(({ timeMs, value }) => timeMs >= fromMs && timeMs <= toMs && !Number.isNaN(value));
  const seen = new Map<string, number>();
  return highestOf(inside, range)
    .sort((a, b) => a.timeMs - b.timeMs)
    .map((exemplar) => {
      const { timeMs, value, series, labels } = exemplar;
      const name = JSON.stringify([timeMs, value, series, labels]);
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return { ...exemplar, key: before === 0 ? name : `${name} ${before}` };
    });
}

function highestOf(exemplars: ChartExemplar[], { fromMs, toMs }: ChartRange): ChartExemplar[] {
  const lengthMs = Math.max(1, toMs - fromMs);
  const highest = Array.from({ length: PARTS }, (): ChartExemplar[] => []);
  for (const exemplar of exemplars.sort((a, b) => b.value - a.value)) {
    const part = highest[Math.min(PARTS - 1, Math.floor(((exemplar.timeMs - fromMs) / lengthMs) * PARTS))];
    if (part !== undefined && part.length < A_PART) part.push(exemplar);
  }
  return highest.flat();
}

/** The trace that an exemplar is of, lower case; `undefined` when its labels name none. */
export function traceOf(labels: Readonly<Record<string, string>>): string | undefined {
  for (const label of TRACE_LABELS) {
    const value = Object.hasOwn(labels, label) ? labels[label]?.toLowerCase() : undefined;
    if (value !== undefined && /^[0-9a-f]{32}$/.test(value)) return value;
  }
  return undefined;
}
