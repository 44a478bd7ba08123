import type { LabelPairs } from '@vedetta/query';
import { setStale } from '@vedetta/query';
import { pairsKey } from '../labels.js';
import type { SeriesExemplar } from './exemplar-sink.js';
import type { PageExemplar, PageSample } from './page.js';
import type { SampleRules } from './sample-rules.js';
import { PageRefused, reportLabels, storedLabels } from './sample-rules.js';
import type { SinkSeries } from './sample-sink.js';

/** Series about the scrape itself. */
export const REPORT_NAMES = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const;
export type ScrapeReport = { readonly [Name in (typeof REPORT_NAMES)[number]]: number };

/** What one page gives. */
export interface Batch {
  readonly series: readonly SinkSeries[];
  /** Of those series. */
  readonly exemplars: readonly SeriesExemplar[];
  /** Why the page was refused whole; `undefined` when it was taken. */
  readonly refused: string | undefined;
  /** Samples of the page. */
  readonly scraped: number;
  /** Those that relabelling left. */
  readonly kept: number;
  /** Series that were not there the scrape before. */
  readonly added: number;
  /** Samples of a series that the page had already. */
  readonly repeated: number;
}

interface Series {
  readonly labels: LabelPairs;
  /** Number of the scrape that had it last. */
  seenAt: number;
}

/** A sample as the page wrote it, and the series it is stored as; `undefined` when relabelling drops it. */
interface Entry {
  readonly name: string;
  readonly labels: PageSample['labels'];
  readonly series: Series | undefined;
  position: number;
  usedAt: number;
}

/** Entries beyond twice those in use are forgotten. */
const SLACK = 1000;
const STALE = Float64Array.of(0);
setStale(STALE, 0);

/**
 * The series of one target from scrape to scrape. Labels are made once: a page mostly has the series of the page before in their
 * order, so that a sample is found beside the one before it. Series that are gone get a marker of staleness, unless the target gave
 * them times of its own.
 */
export class TargetSeries {
  readonly #target: LabelPairs;
  readonly #rules: SampleRules;
  readonly #reports: readonly LabelPairs[];
  #entries = new Map<string, Entry>();
  #series = new Map<string, Series>();
  /** Entries in the order of the page before. */
  #order: readonly Entry[] = [];
  /** Series that get a marker when they are gone. */
  #tracked: readonly Series[] = [];
  #current: Series[] = [];
  #scrape = 0;

  constructor(target: LabelPairs, rules: SampleRules) {
    this.#target = target;
    this.#rules = rules;
    this.#reports = REPORT_NAMES.map((name) => reportLabels(name, target));
  }

  /** Samples of a page, with markers for what it no longer has. A page that is refused is the same as an empty one. */
  take(samples: readonly PageSample[], timestampMs: number): Batch {
    const page = new PageBatch(timestampMs);
    try {
      this.#scrape += 1;
      this.#current = [];
      this.#readPage(samples, page);
    } catch (error) {
      if (!(error instanceof PageRefused)) throw error;
      return { ...this.takeNothing(timestampMs), refused: error.message, scraped: page.scraped, kept: page.kept };
    }
    this.#forgetUnused();
    this.#markGone(page.series, page.timestamps);
    return { ...page.contents(), refused: undefined };
  }

  /** Markers for everything: the scrape failed. */
  takeNothing(timestampMs: number): Batch {
    this.#scrape += 1;
    this.#current = [];
    const page = new PageBatch(timestampMs);
    this.#markGone(page.series, page.timestamps);
    return { ...page.contents(), refused: undefined };
  }

  /** The series about a scrape. */
  report(report: ScrapeReport, timestampMs: number): readonly SinkSeries[] {
    const timestampsMs = Float64Array.of(timestampMs);
    return REPORT_NAMES.map((name, i) => ({
      labels: this.#reports[i] as LabelPairs,
      timestampsMs,
      values: Float64Array.of(report[name]),
    }));
  }

  /** Markers for everything, what tells of the scrapes too: the target is gone. */
  takeLeave(timestampMs: number): readonly SinkSeries[] {
    const timestampsMs = Float64Array.of(timestampMs);
    const { series } = this.takeNothing(timestampMs);
    return [...series, ...this.#reports.map((labels) => ({ labels, timestampsMs, values: STALE }))];
  }

  /** Says whether the latest batch was stored: markers that were not are written with the next one. */
  settle(stored: boolean): void {
    this.#tracked = stored ? this.#current : [...new Set([...this.#tracked, ...this.#current])];
    this.#current = [];
  }

  /** Goes on for series of the same target under an earlier configuration, so that those it no longer has are ended. */
  inherit(earlier: TargetSeries): void {
    for (const series of earlier.#tracked) {
      const key = pairsKey(series.labels);
      if (!this.#series.has(key)) this.#series.set(key, { labels: series.labels, seenAt: 0 });
    }
    this.#tracked = [...this.#series.values()];
  }

  #readPage(samples: readonly PageSample[], page: PageBatch): void {
    const order: Entry[] = [];
    const { honorTimestamps, trackTimestampsStaleness, limits } = this.#rules;
    let at = 0;
    for (const sample of samples) {
      page.scraped += 1;
      let entry = this.#order[at];
      let isNew = false;
      if (entry === undefined || !isSame(entry, sample)) {
        const key = sampleKey(sample);
        entry = this.#entries.get(key);
        isNew = entry === undefined;
        entry ??= this.#addEntry(key, sample);
        if (!isNew) at = entry.position;
      }
      if (!isNew) at += 1;
      entry.usedAt = this.#scrape;
      order.push(entry);
      const { series } = entry;
      if (series === undefined) continue;
      page.kept += 1;
      if (isNew) page.added += 1;
      if (limits.samples > 0 && page.kept > limits.samples) continue;
      const ownMs = honorTimestamps ? sample.timestampMs : undefined;
      if (ownMs === undefined || trackTimestampsStaleness) {
        if (series.seenAt !== this.#scrape) {
          series.seenAt = this.#scrape;
          this.#current.push(series);
        } else if (ownMs === undefined) {
          page.repeated += 1;
          continue;
        }
      }
      page.push(series.labels, sample.value, ownMs);
      if (sample.exemplar !== undefined) page.pushExemplar(series.labels, sample.exemplar, ownMs);
    }
    if (limits.samples > 0 && page.kept > limits.samples) throw new PageRefused('sample limit exceeded');
    for (const [position, entry] of order.entries()) entry.position = position;
    this.#order = order;
  }

  #addEntry(key: string, sample: PageSample): Entry {
    const labels = storedLabels(sample, this.#target, this.#rules);
    const entry: Entry = {
      name: ownText(sample.name),
      labels: sample.labels.map(([name, value]) => [ownText(name), ownText(value)] as const),
      series: labels && this.#seriesOf(labels),
      position: 0,
      usedAt: this.#scrape,
    };
    this.#entries.set(ownText(key), entry);
    return entry;
  }

  #seriesOf(pairs: LabelPairs): Series {
    const key = pairsKey(pairs);
    let series = this.#series.get(key);
    if (series === undefined) {
      const labels = pairs.map(([name, value]) => [ownText(name), ownText(value)] as const);
      series = { labels, seenAt: 0 };
      this.#series.set(ownText(key), series);
    }
    return series;
  }

  #markGone(series: SinkSeries[], timestampsMs: Float64Array): void {
    for (const { labels, seenAt } of this.#tracked) {
      if (seenAt !== this.#scrape) series.push({ labels, timestampsMs, values: STALE });
    }
  }

  #forgetUnused(): void {
    if (this.#entries.size <= this.#order.length * 2 + SLACK) return;
    this.#entries = new Map([...this.#entries].filter(([, { usedAt }]) => usedAt === this.#scrape));
    const used = new Set([...this.#entries.values()].map(({ series }) => series));
    for (const series of this.#tracked) used.add(series);
    this.#series = new Map([...this.#series].filter(([, series]) => used.has(series)));
  }
}

class PageBatch {
  readonly series: SinkSeries[] = [];
  readonly exemplars: SeriesExemplar[] = [];
  /** Shared by all samples that have the time of the scrape. */
  readonly timestamps: Float64Array;
  scraped = 0;
  kept = 0;
  added = 0;
  repeated = 0;

  constructor(timestampMs: number) {
    this.timestamps = Float64Array.of(timestampMs);
  }

  push(labels: LabelPairs, value: number, ownMs: number | undefined): void {
    const timestampsMs = ownMs === undefined ? this.timestamps : Float64Array.of(ownMs);
    this.series.push({ labels, timestampsMs, values: Float64Array.of(value) });
  }

  /** One without a time of its own has that of its sample. */
  pushExemplar(series: LabelPairs, { labels, value, timestampMs }: PageExemplar, sampleMs: number | undefined): void {
    const borrowedMs = sampleMs ?? (this.timestamps[0] as number);
    const time = { timestampMs: timestampMs ?? borrowedMs, borrowedTime: timestampMs === undefined };
    this.exemplars.push({ series, exemplar: { labels, value, ...time } });
  }

  contents(): Omit<Batch, 'refused'> {
    const { series, exemplars, scraped, kept, added, repeated } = this;
    return { series, exemplars, scraped, kept, added, repeated };
  }
}

function isSame(entry: Entry, { name, labels }: PageSample): boolean {
  if (entry.name !== name || entry.labels.length !== labels.length) return false;
  for (let i = 0; i < labels.length; i += 1) {
    const [a, b] = [entry.labels[i], labels[i]];
    if (a === undefined || b === undefined || a[0] !== b[0] || a[1] !== b[1]) return false;
  }
  return true;
}

function sampleKey({ name, labels }: PageSample): string {
  return `${name.length}:${name}${pairsKey(labels)}`;
}

/** A copy that stands for itself: a part of a page's text keeps the whole text in memory. */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}
