import type { CountByName, SeriesCardinality } from '../api/sample-store.js';
import type { LabelMatcher, Labels } from './labels.js';
import { METRIC_NAME } from './labels.js';
import { LabelsTable } from './labels-table.js';

/** Series with one value of a label. */
interface Posting {
  /** Shared by the labels of all of them. */
  readonly pair: readonly [name: string, value: string];
  /** Ascending. */
  ids: number[];
}

/** Finds series by their labels. Ids are numbered from 0 on, in the order the series came. */
export class SeriesIndex {
  readonly #byLabels = new LabelsTable((id) => this.#labels[id]);
  readonly #labels: (Labels | undefined)[] = [];
  /** By label name and value. */
  readonly #postings = new Map<string, Map<string, Posting>>();
  #size = 0;

  /** Series that are there. */
  get size(): number {
    return this.#size;
  }

  /** The id that the next new series gets. */
  get nextId(): number {
    return this.#labels.length;
  }

  idOf(labels: Labels): number | undefined {
    return this.#byLabels.find(labels);
  }

  /** Labels of a series; `undefined` when it was removed or never was. */
  labelsOf(id: number): Labels | undefined {
    return this.#labels[id];
  }

  /** Adds a series that is not there yet and answers its id. */
  add(labels: Labels): number {
    const id = this.#labels.length;
    this.restore(id, labels);
    return id;
  }

  /** Adds a series under an id of its own, not below any that was given before. */
  restore(id: number, labels: Labels): void {
    if (id < this.#labels.length) throw new RangeError(`series ${id} comes after ${this.#labels.length - 1}`);
    while (this.#labels.length < id) this.#labels.push(undefined);
    // Many series have the same pairs: kept once, they take a tenth of the memory.
    const shared = new Array<readonly [string, string]>(labels.length);
    for (let i = 0; i < labels.length; i += 1) shared[i] = this.#post(labels[i] as readonly [string, string], id);
    this.#labels.push(shared);
    this.#byLabels.add(shared, id);
    this.#size += 1;
  }

  /** Takes series away; their ids are not used again. Costs time in the postings they were in, so remove many at once. */
  remove(ids: ReadonlySet<number>): void {
    const touched = new Map<string, Set<string>>();
    for (const id of ids) {
      const labels = this.#labels[id];
      if (labels === undefined) continue;
      this.#byLabels.remove(labels, id);
      this.#labels[id] = undefined;
      this.#size -= 1;
      for (const [name, value] of labels) {
        let values = touched.get(name);
        if (values === undefined) {
          values = new Set();
          touched.set(name, values);
        }
        values.add(value);
      }
    }
    for (const [name, values] of touched) this.#prune(name, values, ids);
  }

  /** Ids of the series that all matchers let pass, ascending. */
  select(matchers: readonly LabelMatcher[]): readonly number[] {
    const needed = matchers.filter((matcher) => !matcher.test(''));
    const others = matchers.filter((matcher) => matcher.test(''));
    // The fewest first: each next matcher only looks at what is left.
    const lists = needed.map((matcher) => this.#postingsOf(matcher)).sort((a, b) => a.length - b.length);
    let found: readonly number[] = lists.length === 0 ? this.#all() : (lists[0] ?? []);
    for (const list of lists.slice(1)) {
      if (found.length === 0) return found;
      found = intersect(found, list);
    }
    if (others.length === 0) return found;
    return found.filter((id) => others.every((matcher) => matcher.test(this.#valueOf(id, matcher.name))));
  }

  /** Names of all labels, in no order. */
  names(): Iterable<string> {
    return this.#postings.keys();
  }

  /** Values of a label, in no order. */
  values(name: string): Iterable<string> {
    return this.#postings.get(name)?.keys() ?? [];
  }

  /** How many series have the value for the label. */
  count(name: string, value: string): number {
    return this.#postings.get(name)?.get(value)?.ids.length ?? 0;
  }

  /** Where the most series and values are; each list has `limit` members at most, the largest first. */
  cardinality(limit: number): SeriesCardinality {
    const series = new TopCounts(limit);
    const values = new TopCounts(limit);
    const bytes = new TopCounts(limit);
    const pairs = new TopCounts(limit);
    let labelPairs = 0;
    for (const [name, postings] of this.#postings) {
      let length = 0;
      for (const [value, { ids }] of postings) {
        length += value.length;
        pairs.add(`${name}=${value}`, ids.length);
        if (name === METRIC_NAME) series.add(value, ids.length);
      }
      labelPairs += postings.size;
      values.add(name, postings.size);
      bytes.add(name, length);
    }
    return {
      labelPairs,
      seriesByMetric: series.counts,
      valuesByLabel: values.counts,
      bytesByLabel: bytes.counts,
      seriesByPair: pairs.counts,
    };
  }

  /** The pair that all series with it share. */
  #post(pair: readonly [name: string, value: string], id: number): readonly [string, string] {
    const [name, value] = pair;
    let values = this.#postings.get(name);
    if (values === undefined) {
      values = new Map();
      this.#postings.set(name, values);
    }
    const posting = values.get(value);
    if (posting === undefined) {
      values.set(value, { pair, ids: [id] });
      return pair;
    }
    posting.ids.push(id);
    return posting.pair;
  }

  #valueOf(id: number, name: string): string {
    for (const [found, value] of this.#labels[id] ?? []) if (found === name) return value;
    return '';
  }

  #postingsOf({ name, values, test }: LabelMatcher): readonly number[] {
    const postings = this.#postings.get(name);
    if (postings === undefined) return [];
    const lists: (readonly number[])[] = [];
    if (values !== undefined) {
      for (const value of new Set(values)) lists.push(postings.get(value)?.ids ?? []);
    } else {
      for (const [value, { ids }] of postings) if (test(value)) lists.push(ids);
    }
    // A series has one value for a label: the lists share no id.
    return lists.length === 1 ? (lists[0] ?? []) : lists.flat().sort((a, b) => a - b);
  }

  #all(): readonly number[] {
    const ids: number[] = [];
    for (let id = 0; id < this.#labels.length; id += 1) if (this.#labels[id] !== undefined) ids.push(id);
    return ids;
  }

  #prune(name: string, values: ReadonlySet<string>, ids: ReadonlySet<number>): void {
    const postings = this.#postings.get(name);
    if (postings === undefined) return;
    for (const value of values) {
      const posting = postings.get(value);
      if (posting === undefined) continue;
      posting.ids = posting.ids.filter((id) => !ids.has(id));
      if (posting.ids.length === 0) postings.delete(value);
    }
    if (postings.size === 0) this.#postings.delete(name);
  }
}

/** The largest counts that were added, the largest first. */
class TopCounts {
  readonly counts: CountByName[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(name: string, count: number): void {
    const { counts } = this;
    if (counts.length >= this.#limit && count <= (counts.at(-1)?.count ?? 0)) return;
    const at = counts.findIndex((other) => other.count < count);
    counts.splice(at < 0 ? counts.length : at, 0, { name, count });
    if (counts.length > this.#limit) counts.pop();
  }
}

/** Numbers in both lists; both ascend, the first is the shorter one. */
function intersect(short: readonly number[], long: readonly number[]): readonly number[] {
  const both: number[] = [];
  let from = 0;
  for (const id of short) {
    from = lowerBound(long, id, from);
    if (from === long.length) break;
    if (long[from] === id) both.push(id);
  }
  return both;
}

/** Position of the first number that is not below `wanted`, from `from` on: steps double, then halve, so that near ones are found at once. */
function lowerBound(list: readonly number[], wanted: number, from: number): number {
  let step = 1;
  let low = from;
  while (low + step < list.length && (list[low + step] as number) < wanted) {
    low += step;
    step *= 2;
  }
  let high = Math.min(list.length, low + step + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
