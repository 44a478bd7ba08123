import { InvalidBody } from '../otlp/decode-result.js';
import { WireReader } from '../otlp/wire-reader.js';
import type { BodyReader } from './body-reader.js';
import { addHistogram, describe, emptyRest, endSeries, SAMPLES_A_TURN, SliceEnd } from './body-reader.js';
import type { ReadLabels } from './exemplars.js';
import { readSamples, SAMPLE_TAG } from './sample-fields.js';
import type { SymbolSeries } from './symbol-labels.js';
import { MAX_SERIES_BYTES, NUMBER_BYTES } from './symbol-labels.js';
import type { WriteColumns } from './write-columns.js';

const SYMBOL_TAG = 34;
const SERIES_TAG = 42;
const PACKED_REFS_TAG = 10;
const REF_TAG = 8;
const HISTOGRAM_TAG = 26;
const EXEMPLAR_TAG = 34;
const METADATA_TAG = 42;
const [TYPE_TAG, HELP_TAG, UNIT_TAG] = [8, 24, 32];

/** Of series that are new, of this body and others that are read meanwhile: some bytes may refer to a long symbol again and again. */
const MAX_LABEL_BYTES_A_BODY = 256 * 1024 * 1024;
/** A body of the usual size has some hundreds. */
const MAX_SYMBOLS = 1_000_000;

/** `io.prometheus.write.v2.Request`, the message of remote write 2.0. Start timestamps are passed over. */
export class SecondBody implements BodyReader {
  readonly rest = emptyRest();
  readonly #reader: WireReader;
  readonly #series: SymbolSeries;
  readonly #columns: WriteColumns;
  readonly #slice = new SliceEnd();
  readonly #exemplarLabels: ReadLabels = (tag, end, pairs) => {
    const reader = this.#reader;
    const refs: number[] = [];
    if (tag === REF_TAG) refs.push(reader.varint(), this.#nextRef(end));
    else if (tag === PACKED_REFS_TAG) {
      const refsEnd = reader.end(end);
      while (reader.pos < refsEnd) refs.push(reader.varint());
      if (reader.pos > refsEnd) throw tooLong();
    } else return false;
    const texts = this.#series.shortTexts(refs.map((ref) => this.#symbolOf(ref)));
    // What is no label has no name, and makes the exemplar one that is dropped.
    if (texts === undefined || texts.length % 2 !== 0) pairs.push(['', '']);
    else for (let i = 0; i < texts.length; i += 2) pairs.push([texts[i] ?? '', texts[i + 1] ?? '']);
    return true;
  };
  readonly #readBefore: number;
  /** Numbers of the body's symbols, in their order. */
  #symbols = new Uint32Array(1024);
  #symbolCount = 0;
  #hasSymbols = false;
  // The series that is being read.
  #refs = new DataView(new ArrayBuffer(256));
  #refBytes = 0;
  #seriesEnd = 0;
  #type = 0;
  #help = 0;
  #unit = 0;

  constructor(body: Uint8Array, series: SymbolSeries, columns: WriteColumns) {
    this.#reader = new WireReader(body);
    this.#series = series;
    this.#readBefore = series.readBytes;
    this.#columns = columns;
  }

  step(untilMs: number): boolean {
    // Symbols may stand behind the series that use them: they are read first.
    if (!this.#hasSymbols) {
      if (!this.#each(SYMBOL_TAG, untilMs)) return false;
      this.#hasSymbols = true;
      this.#reader.pos = 0;
      this.#slice.restart();
    }
    return this.#each(SERIES_TAG, untilMs);
  }

  #each(wanted: typeof SYMBOL_TAG | typeof SERIES_TAG, untilMs: number): boolean {
    const reader = this.#reader;
    const size = reader.bytes.length;
    for (;;) {
      if (this.#seriesEnd > 0 && !this.#fields(untilMs)) return false;
      if (reader.pos >= size) return true;
      if (this.#slice.isReached(reader.pos, untilMs)) return false;
      const tag = reader.tag();
      if (tag !== wanted) {
        reader.skip(tag, size);
        continue;
      }
      const end = reader.end(size);
      if (wanted === SERIES_TAG) this.#begin(end);
      else {
        if (this.#symbolCount === MAX_SYMBOLS) throw new InvalidBody(`a body may have ${MAX_SYMBOLS} symbols`);
        if (this.#symbolCount === this.#symbols.length) this.#growSymbols();
        this.#symbols[this.#symbolCount++] = this.#series.symbolOf(reader.view, reader.pos, end);
        reader.pos = end;
      }
    }
  }

  #begin(end: number): void {
    this.#seriesEnd = end;
    this.#refBytes = 0;
    this.#type = 0;
    this.#help = 0;
    this.#unit = 0;
  }

  /** The fields of a series; false when the time is up before its end. */
  #fields(untilMs: number): boolean {
    const reader = this.#reader;
    const end = this.#seriesEnd;
    while (reader.pos < end) {
      if (this.#slice.isReached(reader.pos, untilMs)) return false;
      if (reader.bytes[reader.pos] === SAMPLE_TAG && reader.pos + 1 < end) {
        readSamples(reader, this.#columns, end, SAMPLES_A_TURN);
        continue;
      }
      const tag = reader.tag();
      if (tag === PACKED_REFS_TAG) {
        const refsEnd = reader.end(end);
        while (reader.pos < refsEnd) this.#addRef(reader.varint());
        if (reader.pos > refsEnd) throw tooLong();
      } else if (tag === REF_TAG) this.#addRef(reader.varint());
      else if (tag === METADATA_TAG) this.#metadata(reader.end(end));
      else if (tag === HISTOGRAM_TAG) addHistogram(reader, reader.end(end), this.#columns, this.rest);
      else if (tag === EXEMPLAR_TAG) this.rest.exemplars.read(reader, reader.end(end), this.#exemplarLabels);
      else reader.skip(tag, end);
    }
    if (reader.pos > end) throw tooLong();
    this.#seriesEnd = 0;
    this.#close();
    return true;
  }

  #close(): void {
    const { rest } = this;
    const number = this.#series.numberOf(this.#refs, this.#refBytes);
    if (this.#series.readBytes - this.#readBefore > MAX_LABEL_BYTES_A_BODY) {
      throw new InvalidBody('the labels of all series are longer than 256 MiB');
    }
    endSeries(this.#columns, rest, number);
    if (typeof number === 'string') return;
    if (this.#type === 0 && this.#help === 0 && this.#unit === 0) return;
    const [help, unit] = [this.#symbolOf(this.#help), this.#symbolOf(this.#unit)];
    // It comes with every series of every body, and is news once.
    if (!this.#series.isNews(number, this.#type, help, unit)) return;
    const name = this.#series.numbers.labelsOf(number).find(([label]) => label === '__name__')?.[1] ?? '';
    describe(rest, name, this.#type, this.#series.textOf(help), this.#series.textOf(unit));
  }

  /** The value that belongs to a name, where refs are not packed. */
  #nextRef(end: number): number {
    if (this.#reader.pos >= end || this.#reader.tag() !== REF_TAG) throw new InvalidBody('a label has no value');
    return this.#reader.varint();
  }

  #addRef(ref: number): void {
    if (this.#refBytes > MAX_SERIES_BYTES) throw new InvalidBody('a series has too many labels');
    if (this.#refBytes === this.#refs.byteLength) {
      const refs = new DataView(new ArrayBuffer(this.#refBytes * 2));
      new Uint8Array(refs.buffer).set(new Uint8Array(this.#refs.buffer));
      this.#refs = refs;
    }
    this.#refs.setUint32(this.#refBytes, this.#symbolOf(ref), true);
    this.#refBytes += NUMBER_BYTES;
  }

  #symbolOf(ref: number): number {
    if (ref >= this.#symbolCount) throw new InvalidBody(`something refers to symbol ${ref}, which is not there`);
    return this.#symbols[ref] as number;
  }

  #metadata(end: number): void {
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === TYPE_TAG) this.#type = reader.varint();
      else if (tag === HELP_TAG) this.#help = reader.varint();
      else if (tag === UNIT_TAG) this.#unit = reader.varint();
      else reader.skip(tag, end);
    }
    if (reader.pos > end) throw tooLong();
  }

  #growSymbols(): void {
    const symbols = new Uint32Array(this.#symbols.length * 2);
    symbols.set(this.#symbols);
    this.#symbols = symbols;
  }
}

function tooLong(): InvalidBody {
  return new InvalidBody('a field is longer than what holds it');
}
