import type { AttributeBag } from '../otlp/attribute-bag.js';
import { BoundedMap } from './bounded-map.js';
import { labelName, labelValue } from './names.js';

/** Labels of a series in the order of their names, none of them empty; the metric's name is `__name__`. */
export type SeriesLabels = readonly (readonly [name: string, value: string])[];

const MAX_COST = 32 * 1024 * 1024;
const ENTRY_COST = 256;

/** Hands out the same object for the same series, as long as there is room for it. */
export class SeriesCache {
  // The key is a part of the cost, the texts of the labels the other.
  readonly #series = new BoundedMap<SeriesLabels>(MAX_COST, (key) => key.length * 2 + ENTRY_COST);

  get(key: string, make: () => SeriesLabels): SeriesLabels {
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const labels = make();
    this.#series.set(key, labels);
    return labels;
  }
}

/** Attributes as labels by name; the values of those whose names become one are joined, in the order of their keys. */
export function attributeLabels(attributes: AttributeBag, except: readonly string[] = []): Map<string, string> {
  const labels = new Map<string, string>();
  for (const key of Object.keys(attributes).sort()) {
    const value = labelValue(attributes[key] ?? null);
    if (value === '' || key === '' || except.includes(key)) continue;
    const name = labelName(key);
    const before = labels.get(name);
    labels.set(name, before === undefined ? value : `${before};${value}`);
  }
  return labels;
}

export function sortLabels(labels: ReadonlyMap<string, string>): SeriesLabels {
  return [...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Tells attributes apart, in whatever order they are sent. */
export function attributeKey(attributes: AttributeBag): string {
  const keys = Object.keys(attributes);
  if (keys.length === 0) return '';
  return JSON.stringify(keys.sort().map((key) => [key, attributes[key]]));
}
