import type { RequestRow, Span } from '@vedetta/model';
import { VEDETTA_ATTRIBUTES } from '@vedetta/model';

/** Traces with calls that run; more at once than any machine answers. */
const MAX_TRACES = 10_000;

/**
 * Tokens that running calls have had so far, as their announcements tell. They are nothing to store: the next announcement says
 * more, and the end says it all.
 */
export class CallProgress {
  /** By trace, then by the span that tells. In the order in which traces were last heard of. */
  readonly #traces = new Map<string, Map<string, number>>();

  /** Takes an announcement over; true when it tells more than the one before. */
  note(span: Span): boolean {
    const tokens = Object.hasOwn(span.attributes, VEDETTA_ATTRIBUTES.tokensSoFar)
      ? span.attributes[VEDETTA_ATTRIBUTES.tokensSoFar]
      : undefined;
    if (typeof tokens !== 'number' || !(tokens > 0)) return false;
    const trace = this.#traces.get(span.traceId) ?? new Map<string, number>();
    if (tokens <= (trace.get(span.spanId) ?? 0)) return false;
    trace.set(span.spanId, tokens);
    this.#traces.delete(span.traceId);
    this.#traces.set(span.traceId, trace);
    if (this.#traces.size > MAX_TRACES) {
      const [oldest] = this.#traces.keys();
      if (oldest !== undefined) this.#traces.delete(oldest);
    }
    return true;
  }

  /** The call is over: what it had is in its span. */
  forget({ traceId, spanId }: Span): void {
    const trace = this.#traces.get(traceId);
    trace?.delete(spanId);
    if (trace?.size === 0) this.#traces.delete(traceId);
  }

  /** A running request with the tokens of its running calls added, as an estimate; others as they are. */
  addTo(row: RequestRow): RequestRow {
    const trace = row.status === 'running' ? this.#traces.get(row.traceId) : undefined;
    if (trace === undefined) return row;
    let tokens = row.outputTokens ?? 0;
    for (const more of trace.values()) tokens += more;
    return { ...row, outputTokens: tokens, usageEstimated: true };
  }
}
