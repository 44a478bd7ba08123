import { InvalidBody } from '../otlp/decode-result.js';
import { WireReader } from '../otlp/wire-reader.js';
import type { BodyReader } from './body-reader.js';
import {
  addHistogram,
  describe,
  emptyRest,
  endSeries,
  readShortText,
  SAMPLES_A_TURN,
  SliceEnd,
} from './body-reader.js';
import type { ReadLabels } from './exemplars.js';
import { readSamples, SAMPLE_TAG } from './sample-fields.js';
import type { SeriesNumbers } from './series-numbers.js';
import { MAX_LABEL_BYTES } from './series-numbers.js';
import { readWireLabel, readWireLabels } from './wire-labels.js';
import type { WriteColumns } from './write-columns.js';

const SERIES_TAG = 10;
const METADATA_TAG = 26;
const LABEL_TAG = 10;
const EXEMPLAR_TAG = 26;
const HISTOGRAM_TAG = 34;
const [TYPE_TAG, FAMILY_TAG, HELP_TAG, UNIT_TAG] = [8, 18, 34, 42];

/** `prometheus.WriteRequest`, the message of remote write 1.0. */
export class FirstBody implements BodyReader {
  readonly rest = emptyRest();
  readonly #reader: WireReader;
  readonly #numbers: SeriesNumbers;
  readonly #columns: WriteColumns;
  readonly #slice = new SliceEnd();
  readonly #readLabels = () => {
    this.#reader.pos = this.#seriesStart;
    return readWireLabels(this.#reader, this.#labelsEnd);
  };
  readonly #exemplarLabels: ReadLabels = (tag, end, pairs) => {
    if (tag !== LABEL_TAG) return false;
    const labelEnd = this.#reader.end(end);
    // What is no text has no name, and makes the exemplar one that is dropped.
    pairs.push(readWireLabel(this.#reader, labelEnd) ?? ['', '']);
    this.#reader.pos = labelEnd;
    return true;
  };
  // The series that is being read: where it ends, and its number or why it has none.
  #seriesStart = 0;
  #labelsEnd = 0;
  #seriesEnd = 0;
  /** Some labels stand behind other fields. */
  #isScattered = false;
  #series: number | string = 0;

  constructor(body: Uint8Array, numbers: SeriesNumbers, columns: WriteColumns) {
    this.#reader = new WireReader(body);
    this.#numbers = numbers;
    this.#columns = columns;
  }

  step(untilMs: number): boolean {
    const reader = this.#reader;
    const size = reader.bytes.length;
    for (;;) {
      if (this.#seriesEnd > 0 && !this.#samples(untilMs)) return false;
      if (reader.pos >= size) return true;
      if (this.#slice.isReached(reader.pos, untilMs)) return false;
      const tag = reader.tag();
      if (tag === SERIES_TAG) this.#begin(reader.end(size));
      else if (tag === METADATA_TAG) this.#metadata(reader.end(size));
      else reader.skip(tag, size);
    }
  }

  /** Labels come first, one behind the other: these bytes are what a series is known by. */
  #begin(end: number): void {
    const reader = this.#reader;
    const { bytes } = reader;
    const start = reader.pos;
    while (reader.pos < end && bytes[reader.pos] === LABEL_TAG) {
      reader.pos += 1;
      reader.pos = reader.end(end);
    }
    this.#seriesStart = start;
    this.#seriesEnd = end;
    this.#labelsEnd = reader.pos;
    this.#series = this.#numbers.numberOf(reader.view, start, reader.pos, this.#readLabels);
    reader.pos = this.#labelsEnd;
  }

  /** The rest of a series; false when the time is up before its end. */
  #samples(untilMs: number): boolean {
    const reader = this.#reader;
    const end = this.#seriesEnd;
    while (reader.pos < end) {
      if (this.#slice.isReached(reader.pos, untilMs)) return false;
      if (reader.bytes[reader.pos] === SAMPLE_TAG && reader.pos + 1 < end) {
        readSamples(reader, this.#columns, end, SAMPLES_A_TURN);
        continue;
      }
      const tag = reader.tag();
      if (tag === LABEL_TAG) {
        this.#isScattered = true;
        reader.pos = reader.end(end);
      } else if (tag === HISTOGRAM_TAG) addHistogram(reader, reader.end(end), this.#columns, this.rest);
      else if (tag === EXEMPLAR_TAG) this.rest.exemplars.read(reader, reader.end(end), this.#exemplarLabels);
      else reader.skip(tag, end);
    }
    if (reader.pos > end) throw new InvalidBody('a field is longer than what holds it');
    if (this.#isScattered) this.#series = this.#gathered();
    this.#isScattered = false;
    this.#seriesEnd = 0;
    endSeries(this.#columns, this.rest, this.#series);
    return true;
  }

  /** Labels that stand between other fields, put together. */
  #gathered(): number | string {
    const reader = this.#reader;
    const { pos } = reader;
    const parts: Uint8Array[] = [];
    if (pos - this.#seriesStart > MAX_LABEL_BYTES)
      throw new InvalidBody('labels stand far behind samples of their series');
    reader.pos = this.#seriesStart;
    while (reader.pos < this.#seriesEnd) {
      const from = reader.pos;
      const tag = reader.tag();
      reader.skip(tag, this.#seriesEnd);
      if (tag === LABEL_TAG) parts.push(reader.bytes.subarray(from, reader.pos));
    }
    reader.pos = pos;
    const labels = new WireReader(Buffer.concat(parts));
    const { length } = labels.bytes;
    return this.#numbers.numberOf(labels.view, 0, length, () => readWireLabels(labels, length));
  }

  #metadata(end: number): void {
    const reader = this.#reader;
    let type = 0;
    const texts = { [FAMILY_TAG]: '', [HELP_TAG]: '', [UNIT_TAG]: '' };
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === TYPE_TAG) type = reader.varint();
      else if (tag === FAMILY_TAG || tag === HELP_TAG || tag === UNIT_TAG) {
        texts[tag] = readShortText(reader, reader.end(end));
      } else reader.skip(tag, end);
    }
    if (reader.pos > end) throw new InvalidBody('a field is longer than what holds it');
    describe(this.rest, texts[FAMILY_TAG] ?? '', type, texts[HELP_TAG] ?? '', texts[UNIT_TAG] ?? '');
  }
}
