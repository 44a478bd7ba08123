import type { AttributeValue, Span } from '@vedetta/model';

/** Objects, ids and numbers of one span in memory, measured with a heap snapshot of decoded spans. */
const SPAN_BYTES = 700;

/** About how much memory a waiting span holds: what its texts take dominates, so nothing else is measured. */
export function estimateSpanBytes(span: Span): number {
  let bytes = SPAN_BYTES + span.name.length + span.statusMessage.length;
  for (const key in span.attributes) bytes += 16 + key.length + estimateValueBytes(span.attributes[key] ?? null, 0);
  for (const event of span.events) {
    bytes += 100;
    for (const key in event.attributes) bytes += estimateValueBytes(event.attributes[key] ?? null, 0);
  }
  return bytes + span.links.length * 150;
}

function estimateValueBytes(value: AttributeValue, depth: number): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth > 8) return 8;
  let bytes = 32;
  if (Array.isArray(value)) for (const item of value) bytes += estimateValueBytes(item, depth + 1);
  else for (const [key, item] of Object.entries(value)) bytes += key.length + estimateValueBytes(item, depth + 1);
  return bytes;
}
