import type { NativeHistogram } from '@vedetta/model';
import { InvalidBody } from '../otlp/decode-result.js';
import { WireReader } from '../otlp/wire-reader.js';
import type { SeriesLabels } from '../otlp-metrics/series-cache.js';
import type { PushedMetadata } from '../otlp-metrics/translated.js';
import type { WrittenExemplar } from './exemplars.js';
import { FirstBody } from './first-body.js';
import { SecondBody } from './second-body.js';
import { SeriesNumbers } from './series-numbers.js';
import { BlockTooLarge, SnappyBlock } from './snappy.js';
import { SymbolSeries } from './symbol-labels.js';
import { readWireLabels } from './wire-labels.js';
import { WriteColumns } from './write-columns.js';

/** Versions of the protocol. */
export type RemoteWriteVersion = '1.0' | '2.0';

/**
 * Samples of a body in columns, by series. A series is a number: the same number is the same series as long as `known` is the same
 * object. A series that has many samples is there more than once.
 */
export interface RemoteWriteRows {
  readonly series: Uint32Array;
  /** For each series where its rows end; they lie together, in the order in which they were sent. */
  readonly ends: Uint32Array;
  /** Milliseconds since the epoch. */
  readonly timestampsMs: Float64Array;
  /** Every bit counts: the end of a series is a NaN of its own, 0x7ff0000000000002. */
  readonly values: Float64Array;
  /** Native histograms, one a row, `undefined` where the sample is a number; absent where all are. */
  readonly histograms?: readonly (NativeHistogram | undefined)[];
  readonly known: KnownSeries;
}

/** What series the numbers are. */
export interface KnownSeries {
  /** By number, for the use of one store: -1 until it writes what it knows the series by. Longer each time when there are more series. */
  readonly ids: Int32Array;
  /** Made anew each time. */
  labelsOf(series: number): SeriesLabels;
}

/** What became of a body. */
export type RemoteWriteResult =
  | {
      readonly kind: 'ok';
      readonly rows: RemoteWriteRows;
      /** Samples of series whose labels cannot be taken. */
      readonly rejectedSamples: number;
      /** Native histograms that can never be stored. */
      readonly rejectedHistograms: number;
      /** Why the first was not taken; `''` when all were. */
      readonly reason: string;
      readonly exemplars: readonly WrittenExemplar[];
      /** Those that are none, and those over the limit of a body. */
      readonly droppedExemplars: number;
      /** What is said of metrics; of 2.0 only what is said for the first time. */
      readonly metadata: readonly PushedMetadata[];
      /** Gives the memory of `rows` back, which is used for other bodies then. May be left out. */
      release(): void;
    }
  /** Answer 413. */
  | { readonly kind: 'too_large' }
  /** Answer 400. */
  | { readonly kind: 'invalid'; readonly message: string };

/** What is remembered of series is forgotten when it takes more: a million usual series fit in. */
const MAX_KNOWN_BYTES = 192 * 1024 * 1024;
/** A slice ends after so long, and about so many bytes of a snappy block are decoded in that time. */
const SLICE_MS = 4;
const SLICE_BYTES = 2 * 1024 * 1024;
/** What a sample takes at least, unless its value or its time is 0. */
const USUAL_SAMPLE_BYTES = 18;
/** Memory that is used again; larger bodies give theirs back to the system. */
const MAX_SPARE = 4;
const MAX_SPARE_BYTES = 4 * 1024 * 1024;

/** Memory that a body is decoded into. */
interface Work {
  bytes: Uint8Array;
  readonly columns: WriteColumns;
}

/**
 * Reads bodies of Prometheus remote write, compressed with snappy: `prometheus.WriteRequest` and
 * `io.prometheus.write.v2.Request`. Remembers the series it has seen by their bytes, in bounded memory. Never throws for what
 * the sender sent.
 */
export class RemoteWriteDecoder {
  #first = createFirst();
  #second = new SymbolSeries();
  readonly #spare: Work[] = [];

  /** `maxBytes` limits what the body decompresses to. */
  decode(body: Uint8Array, version: RemoteWriteVersion, maxBytes: number): RemoteWriteResult {
    const slices = this.decodeInSlices(body, version, maxBytes);
    for (;;) {
      const step = slices.next();
      if (step.done) return step.value;
    }
  }

  /**
   * {@link decode} a few milliseconds at a time: go on with `next()` in a later turn of the event loop until it is `done`; the `value`
   * is then the result. Usual bodies are done at once. Several may be under way; one may be given up at any point. The body must
   * not be changed meanwhile.
   */
  *decodeInSlices(body: Uint8Array, version: RemoteWriteVersion, maxBytes: number): Generator<void, RemoteWriteResult> {
    try {
      const block = new SnappyBlock(body, maxBytes);
      const work = this.#spare.pop() ?? { bytes: new Uint8Array(0), columns: new WriteColumns() };
      if (work.bytes.length < block.roomBytes) work.bytes = Buffer.allocUnsafeSlow(block.roomBytes);
      block.begin(work.bytes);
      while (!block.step(SLICE_BYTES)) yield;
      return yield* this.#read(work, block.size, version);
    } catch (error) {
      if (error instanceof BlockTooLarge) return { kind: 'too_large' };
      if (error instanceof InvalidBody) return { kind: 'invalid', message: error.message };
      throw error;
    }
  }

  *#read(work: Work, size: number, version: RemoteWriteVersion): Generator<void, RemoteWriteResult> {
    const { columns } = work;
    columns.clear(Math.ceil(size / USUAL_SAMPLE_BYTES));
    // A body keeps what it began with: its numbers are of that.
    if (this.#first.sizeBytes > MAX_KNOWN_BYTES) this.#first = createFirst();
    if (this.#second.sizeBytes > MAX_KNOWN_BYTES) this.#second = new SymbolSeries();
    const bytes = work.bytes.subarray(0, size);
    const known = version === '1.0' ? this.#first : this.#second.numbers;
    const reader =
      version === '1.0' ? new FirstBody(bytes, this.#first, columns) : new SecondBody(bytes, this.#second, columns);
    while (!reader.step(performance.now() + SLICE_MS)) yield;
    const { rejectedSamples, rejectedHistograms, reason, exemplars, metadata } = reader.rest;
    const histograms = columns.histograms();
    let isReleased = false;
    return {
      kind: 'ok',
      rows: {
        series: columns.series.subarray(0, columns.seriesCount),
        ends: columns.ends.subarray(0, columns.seriesCount),
        timestampsMs: columns.timestampsMs.subarray(0, columns.rows),
        values: columns.values.subarray(0, columns.rows),
        ...(histograms === undefined ? {} : { histograms }),
        known,
      },
      rejectedSamples,
      rejectedHistograms,
      reason,
      exemplars: exemplars.exemplars,
      droppedExemplars: exemplars.dropped,
      metadata,
      release: () => {
        if (isReleased) return;
        isReleased = true;
        if (this.#spare.length < MAX_SPARE && work.bytes.length + columns.sizeBytes <= MAX_SPARE_BYTES) {
          this.#spare.push(work);
        }
      },
    };
  }
}

function createFirst(): SeriesNumbers {
  return new SeriesNumbers((bytes) => readWireLabels(new WireReader(bytes), bytes.length));
}
