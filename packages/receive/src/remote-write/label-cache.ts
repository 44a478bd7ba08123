import { isUtf8 } from 'node:buffer';
import { BoundedMap } from '../otlp-metrics/bounded-map.js';
import type { SeriesLabels } from '../otlp-metrics/series-cache.js';

const MAX_COST = 64 * 1024 * 1024;
const ENTRY_COST = 256;

/** Labels by the bytes they have on the wire, or why they cannot be taken. */
export class LabelCache {
  readonly #known = new BoundedMap<SeriesLabels | string>(MAX_COST);

  get(key: string, read: () => readonly Uint8Array[]): SeriesLabels | string {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const labels = checkLabels(read());
    this.#known.set(key, labels, key.length * 3 + ENTRY_COST);
    return labels;
  }
}

/** Names and values in turn, as bytes. Without empty values: such a label is one that is not there. */
function checkLabels(texts: readonly Uint8Array[]): SeriesLabels | string {
  const labels: [string, string][] = [];
  for (let i = 0; i < texts.length; i += 2) {
    const [name, value, before] = [texts[i], texts[i + 1], texts[i - 2]];
    if (name === undefined || value === undefined) return 'a label has no value';
    if (!isUtf8(name) || !isUtf8(value)) return 'a label is not valid UTF-8';
    if (name.length === 0) return 'a label has no name';
    const order = before === undefined ? -1 : Buffer.compare(before, name);
    if (order === 0) return 'a label is there twice';
    if (order > 0) return 'labels are not sorted by name';
    if (value.length > 0) labels.push([Buffer.from(name).toString(), Buffer.from(value).toString()]);
  }
  if (!labels.some(([name]) => name === '__name__')) return 'a series has no __name__';
  // On the wire they are in the order of their bytes, here in that of UTF-16.
  return labels.sort(([a], [b]) => (a < b ? -1 : 1));
}
