import type { LabelMatcher, LabelPairs } from '@vedetta/query';
import { LabelSet } from '@vedetta/query';

/** A measurement that stands for others of its series, mostly with the trace it comes from. */
export interface Exemplar {
  /** Sorted by name. */
  readonly labels: LabelPairs;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
}

/** Exemplars of one series, ascending by time. */
export interface SeriesExemplars {
  /** Sorted by name, with the name of the metric. */
  readonly labels: LabelPairs;
  readonly exemplars: readonly Exemplar[];
}

interface Kept {
  readonly labels: LabelPairs;
  readonly exemplars: Exemplar[];
}

/**
 * The latest exemplars of all series, in memory: when it is full the oldest goes, as in Prometheus. They are lost with the
 * process; the traces they point to are not.
 */
export class ExemplarStore {
  readonly #capacity: number;
  readonly #bySeries = new Map<string, Kept>();
  /** Keys of series in the order in which their exemplars came, as a ring. */
  readonly #order: string[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#order.length;
  }

  /** Takes an exemplar; one that is there already, or earlier than the last of its series, is left out. */
  add(series: LabelPairs, exemplar: Exemplar): boolean {
    const { key } = new LabelSet(series);
    let kept = this.#bySeries.get(key);
    const last = kept?.exemplars.at(-1);
    if (last !== undefined && (exemplar.timestampMs < last.timestampMs || areEqual(exemplar, last))) return false;
    if (this.#order.length < this.#capacity) this.#order.push(key);
    else {
      this.#dropOldest(this.#order[this.#next] ?? '');
      this.#order[this.#next] = key;
      this.#next = (this.#next + 1) % this.#capacity;
      // It may have been the only one of this series.
      kept = this.#bySeries.get(key);
    }
    if (kept === undefined) this.#bySeries.set(key, { labels: series, exemplars: [exemplar] });
    else kept.exemplars.push(exemplar);
    return true;
  }

  /** Of the series that all matchers of one of the selectors let pass those from `fromMs` to `toMs`, both inclusive; sorted by labels. */
  select(selectors: readonly (readonly LabelMatcher[])[], fromMs: number, toMs: number): SeriesExemplars[] {
    const found: (SeriesExemplars & { readonly key: string })[] = [];
    for (const [key, { labels, exemplars }] of this.#bySeries) {
      if (!selectors.some((matchers) => passes(labels, matchers))) continue;
      const inside = exemplars.filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs <= toMs);
      if (inside.length > 0) found.push({ key, labels, exemplars: inside });
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ labels, exemplars }) => ({ labels, exemplars }));
  }

  /** The oldest of all is the first of its series. */
  #dropOldest(key: string): void {
    const kept = this.#bySeries.get(key);
    kept?.exemplars.shift();
    if (kept?.exemplars.length === 0) this.#bySeries.delete(key);
  }
}

function areEqual(a: Exemplar, b: Exemplar): boolean {
  return (
    a.timestampMs === b.timestampMs &&
    Object.is(a.value, b.value) &&
    new LabelSet(a.labels).key === new LabelSet(b.labels).key
  );
}

function passes(labels: LabelPairs, matchers: readonly LabelMatcher[]): boolean {
  const set = new LabelSet(labels);
  return matchers.every(({ name, test }) => test(set.get(name)));
}
