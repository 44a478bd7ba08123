/** The label that holds a metric's name. */
export const METRIC_NAME = '__name__';

/** Pairs in the order of their names, without empty values: how a store hands out the labels of a series. */
export type LabelPairs = readonly (readonly [name: string, value: string])[];

/** Well-formed text holds no lone surrogate, so no value can imitate the border between two. */
const BORDER = '\ud800';

/** Sorted, unique labels of a series. Immutable; equal sets have equal keys. */
export class LabelSet {
  static readonly EMPTY = new LabelSet([]);

  readonly pairs: LabelPairs;
  #key: string | undefined;

  /** The pairs must be sorted by name, unique and without empty values; `LabelSet.from` sees to it. */
  constructor(pairs: LabelPairs) {
    this.pairs = pairs;
  }

  /** Of pairs in any order; empty values are left out, of a name given twice the last one counts. */
  static from(pairs: Iterable<readonly [string, string]>): LabelSet {
    const map = new Map<string, string>();
    for (const [name, value] of pairs) map.set(name, value);
    const kept = [...map].filter(([, value]) => value !== '');
    return new LabelSet(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The same for equal sets, different for others. */
  get key(): string {
    if (this.#key === undefined) {
      let key = '';
      for (const [name, value] of this.pairs) key += name + BORDER + value + BORDER;
      this.#key = key;
    }
    return this.#key;
  }

  get size(): number {
    return this.pairs.length;
  }

  /** `''` where there is no such label. */
  get(name: string): string {
    for (const pair of this.pairs) if (pair[0] === name) return pair[1];
    return '';
  }

  has(name: string): boolean {
    return this.pairs.some((pair) => pair[0] === name);
  }

  /** Only the named labels. */
  keep(names: ReadonlySet<string>): LabelSet {
    return new LabelSet(this.pairs.filter((pair) => names.has(pair[0])));
  }

  /** All but the named labels. */
  drop(names: ReadonlySet<string>): LabelSet {
    const kept = this.pairs.filter((pair) => !names.has(pair[0]));
    return kept.length === this.pairs.length ? this : new LabelSet(kept);
  }

  /** Without the name of the metric. */
  dropName(): LabelSet {
    const at = this.pairs.findIndex((pair) => pair[0] === METRIC_NAME);
    if (at < 0) return this;
    return new LabelSet(at === 0 ? this.pairs.slice(1) : this.pairs.filter((_, i) => i !== at));
  }

  /** With a label set; an empty value takes it away. */
  with(name: string, value: string): LabelSet {
    const pairs = this.pairs.filter((pair) => pair[0] !== name);
    if (value === '') return new LabelSet(pairs);
    const at = pairs.findIndex((pair) => pair[0] > name);
    pairs.splice(at < 0 ? pairs.length : at, 0, [name, value]);
    return new LabelSet(pairs);
  }

  /** Distinguishes sets by the named labels alone (`on`). */
  keyOn(sortedNames: readonly string[]): string {
    let key = '';
    for (const name of sortedNames) key += this.get(name) + BORDER;
    return key;
  }

  /** Distinguishes sets by all but the named labels (`ignoring`). */
  keyWithout(names: ReadonlySet<string>): string {
    let key = '';
    for (const [name, value] of this.pairs) if (!names.has(name)) key += name + BORDER + value + BORDER;
    return key;
  }

  /** As Prometheus writes it: `name{a="b"}`. */
  toString(): string {
    const name = this.get(METRIC_NAME);
    const rest = this.pairs.filter((pair) => pair[0] !== METRIC_NAME);
    if (rest.length === 0 && name !== '') return name;
    return `${name}{${rest.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
  }
}

/** Order of labels as Prometheus sorts series: pair by pair, fewer labels first. */
export function compareLabels(a: LabelSet, b: LabelSet): number {
  const length = Math.min(a.pairs.length, b.pairs.length);
  for (let i = 0; i < length; i += 1) {
    const [aName, aValue] = a.pairs[i]!;
    const [bName, bValue] = b.pairs[i]!;
    if (aName !== bName) return aName < bName ? -1 : 1;
    if (aValue !== bValue) return aValue < bValue ? -1 : 1;
  }
  return a.pairs.length - b.pairs.length;
}
