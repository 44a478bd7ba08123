import type { LabelMatcher, LabelPairs } from '@vedetta/query';
import { LabelSet } from '@vedetta/query';
import { labelUnits, toExemplarLabels } from './exemplar-labels.js';

/** A measurement that stands for others of its series, mostly with the trace it comes from. */
export interface Exemplar {
  /** Names unique. */
  readonly labels: LabelPairs;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  /** The time is that of the sample it came with, since its sender gave it none: sent again, it has another one. */
  readonly borrowedTime?: boolean;
}

/** Exemplars of one series, ascending by time. */
export interface SeriesExemplars {
  /** Sorted by name, with the name of the metric. */
  readonly labels: LabelPairs;
  readonly exemplars: readonly Pick<Exemplar, 'labels' | 'value' | 'timestampMs'>[];
}

/**
 * Why exemplars are not there: earlier than the latest of their series, labels of more than 128 characters, further ahead of the clock
 * than a sample may be, no value or more than a body may have, or the oldest when there was no room.
 */
export const EXEMPLAR_DROPS = ['out_of_order', 'too_long', 'future', 'malformed', 'full'] as const;
export type ExemplarDrop = (typeof EXEMPLAR_DROPS)[number];

/** What became of an exemplar: a duplicate is there already and nothing is lost. */
export type ExemplarFate = 'kept' | 'duplicate' | Exclude<ExemplarDrop, 'full'>;

/** How much is held. */
export interface ExemplarStoreOptions {
  readonly maxExemplars: number;
  /** Estimated: texts at two bytes a character, and what objects take. */
  readonly maxBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Kept {
  readonly key: string;
  labels: LabelPairs;
  readonly bytes: number;
  first: Entry | undefined;
  last: Entry | undefined;
}

interface Entry {
  readonly of: Kept;
  readonly labels: LabelPairs;
  readonly value: number;
  readonly timestampMs: number;
  readonly bytes: number;
  /** The next of the same series. */
  next: Entry | undefined;
}

/** As of samples. */
const MAX_AHEAD_MS = 10 * 60_000;
/** As measured, without texts. */
const SERIES_BYTES = 300;
const EXEMPLAR_BYTES = 120;
const LABEL_BYTES = 80;

/**
 * The latest exemplars of all series, in memory: when it is full the oldest goes, as in Prometheus. They are lost with the
 * process; the traces they point to are not. Adding costs the same however many there are.
 */
export class ExemplarStore {
  readonly #options: ExemplarStoreOptions;
  readonly #bySeries = new Map<string, Kept>();
  /** Who sends samples gives the same object for the same series each time, so that most need no key. */
  readonly #byObject = new Map<LabelPairs, Kept>();
  /** A ring, in the order in which they came. */
  readonly #entries: Entry[] = [];
  #head = 0;
  #size = 0;
  #bytes = 0;
  #keptTotal = 0;
  readonly #dropped: Record<ExemplarDrop, number> = { out_of_order: 0, too_long: 0, future: 0, malformed: 0, full: 0 };

  constructor(options: ExemplarStoreOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#size;
  }

  /** Estimated, of what is held. */
  get sizeBytes(): number {
    return this.#bytes;
  }

  /** Since it was made. */
  get totals(): { readonly kept: number; readonly dropped: Readonly<Record<ExemplarDrop, number>> } {
    return { kept: this.#keptTotal, dropped: this.#dropped };
  }

  /** Counts what never came here. */
  countDropped(reason: ExemplarDrop, count: number): void {
    this.#dropped[reason] += count;
  }

  /** Takes an exemplar of a series, whose labels are sorted by name; texts are copied, nothing of the sender's page is held. */
  add(series: LabelPairs, exemplar: Exemplar): ExemplarFate {
    const fate = this.#take(series, exemplar);
    if (fate === 'kept') this.#keptTotal += 1;
    else if (fate !== 'duplicate') this.#dropped[fate] += 1;
    return fate;
  }

  /** Of the series that all matchers of one of the selectors let pass those from `fromMs` to `toMs`, both inclusive; sorted by labels. */
  select(selectors: readonly (readonly LabelMatcher[])[], fromMs: number, toMs: number): SeriesExemplars[] {
    const found: (SeriesExemplars & { readonly key: string })[] = [];
    for (const { key, labels, first } of this.#bySeries.values()) {
      const set = new LabelSet(labels);
      if (!selectors.some((matchers) => matchers.every(({ name, test }) => test(set.get(name))))) continue;
      const exemplars: Entry[] = [];
      for (let entry = first; entry !== undefined && entry.timestampMs <= toMs; entry = entry.next) {
        if (entry.timestampMs >= fromMs) exemplars.push(entry);
      }
      if (exemplars.length > 0) found.push({ key, labels, exemplars });
    }
    return found
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map(({ labels, exemplars }) => ({
        labels,
        exemplars: exemplars.map(({ labels: own, value, timestampMs }) => ({ labels: own, value, timestampMs })),
      }));
  }

  #take(series: LabelPairs, { labels: sent, value, timestampMs, borrowedTime = false }: Exemplar): ExemplarFate {
    if (!Number.isFinite(timestampMs)) return 'malformed';
    if (timestampMs > this.#options.now() + MAX_AHEAD_MS) return 'future';
    const of = this.#find(series);
    const { last } = of;
    const labels = toExemplarLabels(sent, last?.labels);
    if (labels === undefined) return 'too_long';
    if (last !== undefined) {
      const sameTime = borrowedTime || timestampMs === last.timestampMs;
      if (sameTime && labels === last.labels && Object.is(value, last.value)) return 'duplicate';
      if (timestampMs < last.timestampMs) return 'out_of_order';
    }
    const { maxExemplars, maxBytes } = this.#options;
    if (this.#size >= maxExemplars) this.#dropOldest();
    // What made room may have been the only one of this series.
    if (of.last === undefined) this.#hold(of);
    const bytes = EXEMPLAR_BYTES + labels.length * LABEL_BYTES + labelUnits(labels) * 2;
    const entry: Entry = { of, labels, value, timestampMs, bytes, next: undefined };
    if (of.last === undefined) of.first = entry;
    else of.last.next = entry;
    of.last = entry;
    this.#entries[(this.#head + this.#size) % maxExemplars] = entry;
    this.#size += 1;
    this.#bytes += bytes;
    while (this.#bytes > maxBytes && this.#size > 1) this.#dropOldest();
    return 'kept';
  }

  /** Of a series that has none yet, what is held as soon as it has one. */
  #find(series: LabelPairs): Kept {
    const same = this.#byObject.get(series);
    if (same !== undefined) return same;
    const { key } = new LabelSet(series);
    const kept = this.#bySeries.get(key);
    if (kept === undefined) {
      const bytes = SERIES_BYTES + series.length * LABEL_BYTES + key.length * 4;
      return { key, labels: series, bytes, first: undefined, last: undefined };
    }
    this.#byObject.delete(kept.labels);
    kept.labels = series;
    this.#byObject.set(series, kept);
    return kept;
  }

  #hold(kept: Kept): void {
    this.#bySeries.set(kept.key, kept);
    this.#byObject.set(kept.labels, kept);
    this.#bytes += kept.bytes;
  }

  /** The oldest of all is the first of its series. */
  #dropOldest(): void {
    const oldest = this.#entries[this.#head] as Entry;
    const { of } = oldest;
    of.first = oldest.next;
    this.#bytes -= oldest.bytes;
    this.#size -= 1;
    this.#dropped.full += 1;
    this.#head = (this.#head + 1) % this.#options.maxExemplars;
    if (of.first !== undefined) return;
    of.last = undefined;
    this.#bytes -= of.bytes;
    this.#bySeries.delete(of.key);
    this.#byObject.delete(of.labels);
  }
}
