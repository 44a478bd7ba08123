import { VEDETTA_ATTRIBUTES } from '@vedetta/model';
import { randomSpanId } from './random-id.js';
import type { Score } from './request.js';
import type { SpanAttribute, SpanRecord } from './span-record.js';
import { toText } from './text.js';

/** A score as a span without length; `undefined` when it says nothing that can be read. */
export function scoreRecord(
  requestId: string,
  traceId: string,
  parentSpanId: string,
  atUnixMs: number,
  score: Score,
): SpanRecord | undefined {
  try {
    const name = toText(score.name ?? 'feedback', 200);
    const { value, label, comment, thumb } = score;
    const attributes: SpanAttribute[] = [[VEDETTA_ATTRIBUTES.scoreName, name]];
    const number = value ?? (thumb === 'up' ? 1 : thumb === 'down' ? 0 : undefined);
    if (typeof number === 'number' && Number.isFinite(number)) attributes.push([VEDETTA_ATTRIBUTES.scoreValue, number]);
    const word = label ?? thumb;
    if (word !== undefined) attributes.push([VEDETTA_ATTRIBUTES.scoreLabel, toText(word, 200)]);
    if (comment !== undefined) attributes.push([VEDETTA_ATTRIBUTES.scoreComment, toText(comment, 4096)]);
    return {
      kind: 'score',
      traceId,
      spanId: randomSpanId(),
      parentSpanId,
      name,
      requestId: toText(requestId, 256),
      startUnixMs: atUnixMs,
      endUnixMs: atUnixMs,
      success: true,
      errorType: '',
      errorMessage: '',
      data: '',
      attributes,
    };
  } catch {
    return undefined;
  }
}
