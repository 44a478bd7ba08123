import { InvalidBody } from '../otlp/decode-result.js';
import type { WireReader } from '../otlp/wire-reader.js';
import type { SeriesLabels } from '../otlp-metrics/series-cache.js';

/** A measurement that stands for others of its series, as a sender wrote it. */
export interface WrittenExemplar {
  /** A number of `RemoteWriteRows.known`. */
  readonly series: number;
  /** Sorted by name. */
  readonly labels: SeriesLabels;
  readonly value: number;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
}

/** So many of one body are read. */
const MAX_EXEMPLARS = 10_000;
/** Labels of an exemplar have 128 characters at most: what is so long cannot be one. */
const MAX_EXEMPLAR_BYTES = 4096;
const VALUE_TAG = 17;
const TIME_TAG = 24;

/** Gathers the exemplars of a body, series by series. */
export class ExemplarCollector {
  readonly exemplars: WrittenExemplar[] = [];
  /** Those that are none, or too many. */
  dropped = 0;
  #pending: Omit<WrittenExemplar, 'series'>[] = [];

  /**
   * Reads an exemplar of the series that is being read. `readLabels` gets every other field that has a tag of its own to it: it
   * reads what it knows into the pairs and answers whether it did.
   */
  read(reader: WireReader, end: number, readLabels: ReadLabels): void {
    if (end - reader.pos > MAX_EXEMPLAR_BYTES || this.exemplars.length + this.#pending.length >= MAX_EXEMPLARS) {
      this.dropped += 1;
      reader.pos = end;
      return;
    }
    const pairs: [string, string][] = [];
    let [value, timestampMs] = [0, 0];
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === VALUE_TAG) value = reader.double();
      else if (tag === TIME_TAG) timestampMs = Number(reader.int64());
      else if (!readLabels(tag, end, pairs)) reader.skip(tag, end);
    }
    if (reader.pos > end) throw new InvalidBody('an exemplar is cut short');
    pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    if (pairs.some(([name], i) => name === '' || name === pairs[i + 1]?.[0])) this.dropped += 1;
    else this.#pending.push({ labels: pairs, value, timestampMs });
  }

  /** Ends the series; without a number its exemplars are dropped. */
  end(series: number | undefined): void {
    if (this.#pending.length === 0) return;
    if (series === undefined) this.dropped += this.#pending.length;
    else for (const exemplar of this.#pending) this.exemplars.push({ series, ...exemplar });
    this.#pending = [];
  }
}

/** Reads a field of an exemplar that holds labels. */
export type ReadLabels = (tag: number, end: number, pairs: [name: string, value: string][]) => boolean;
