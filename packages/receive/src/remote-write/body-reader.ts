import { InvalidBody } from '../otlp/decode-result.js';
import type { WireReader } from '../otlp/wire-reader.js';
import type { PushedMetadata } from '../otlp-metrics/translated.js';
import { ExemplarCollector } from './exemplars.js';
import { readHistogram } from './native-histograms.js';
import type { WriteColumns } from './write-columns.js';

/** What is read of a body beside its samples. */
export interface BodyRest {
  /** Samples of series whose labels cannot be taken. */
  rejectedSamples: number;
  /** Native histograms that were read. */
  histograms: number;
  /** Native histograms that can never be stored. */
  rejectedHistograms: number;
  /** Why the first was not taken; `''` when all were. */
  reason: string;
  readonly exemplars: ExemplarCollector;
  readonly metadata: PushedMetadata[];
}

/** Reads a decompressed body a part at a time. */
export interface BodyReader {
  readonly rest: BodyRest;
  /** Goes on until the clock of `performance` says so; true when all is read. Throws `InvalidBody`. */
  step(untilMs: number): boolean;
}

/** Samples that are read at once. */
export const SAMPLES_A_TURN = 1024;
/** Bytes between two looks at the clock. */
const BYTES_A_LOOK = 16 * 1024;
/** Native histograms of one body: each is an object, and may be two bytes on the wire. */
const MAX_HISTOGRAMS = 100_000;

/** Tells when a slice has to end, and looks at the clock now and then only. */
export class SliceEnd {
  #lookAt = BYTES_A_LOOK;

  isReached(pos: number, untilMs: number): boolean {
    if (pos < this.#lookAt) return false;
    this.#lookAt = pos + BYTES_A_LOOK;
    return performance.now() > untilMs;
  }

  /** The body is read once more, from its beginning. */
  restart(): void {
    this.#lookAt = BYTES_A_LOOK;
  }
}

/** What was read since the last end belongs to this series, or, where its labels cannot be taken, to none for this reason. */
export function endSeries(columns: WriteColumns, rest: BodyRest, series: number | string): void {
  if (typeof series === 'number') {
    columns.end(series);
    rest.exemplars.end(series);
    return;
  }
  rest.exemplars.end(undefined);
  rest.rejectedSamples += columns.drop();
  rest.reason ||= series;
}

export function emptyRest(): BodyRest {
  return {
    rejectedSamples: 0,
    histograms: 0,
    rejectedHistograms: 0,
    reason: '',
    exemplars: new ExemplarCollector(),
    metadata: [],
  };
}

/** Types that metadata is kept of, by their numbers, which are the same in both messages. */
const TYPES: readonly (PushedMetadata['type'] | undefined)[] = [
  undefined,
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
];

/** Metrics that one body may describe; what it says of more is passed over. */
const MAX_METADATA = 20_000;
/** Help that is longer is cut. */
const MAX_TEXT_BYTES = 4096;

/** Keeps what is said of a metric, unless it says nothing. */
export function describe(rest: BodyRest, name: string, type: number, help: string, unit: string): void {
  const known = TYPES[type] ?? 'unknown';
  if (name === '' || (known === 'unknown' && help === '' && unit === '')) return;
  if (rest.metadata.length < MAX_METADATA) rest.metadata.push({ name, type: known, help, unit });
}

/** Text of metadata, from where the reader stands to `end`. */
export function readShortText(reader: WireReader, end: number): string {
  const cut = reader.pos + MAX_TEXT_BYTES;
  const text = reader.text(Math.min(end, cut));
  reader.pos = end;
  // A character that was cut in the middle is left out.
  return end > cut ? text.replace(/\ufffd+$/, '') : text;
}

/** Reads a native histogram into the columns. */
export function addHistogram(reader: WireReader, end: number, columns: WriteColumns, rest: BodyRest): void {
  rest.histograms += 1;
  if (rest.histograms > MAX_HISTOGRAMS) throw new InvalidBody(`a body may have ${MAX_HISTOGRAMS} native histograms`);
  const read = readHistogram(reader, end);
  if (read.kind !== 'refused') {
    columns.addHistogram(read.timeMs, read.kind === 'stale' ? undefined : read.histogram);
    return;
  }
  rest.rejectedHistograms += 1;
  rest.reason ||= read.reason;
}
