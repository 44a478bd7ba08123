import { isUtf8 } from 'node:buffer';
import type { SeriesLabels } from '../otlp-metrics/series-cache.js';
import { ByteTable } from './byte-table.js';
import { MAX_LABEL_BYTES, SeriesNumbers, TOO_LONG } from './series-numbers.js';
import { MAX_LABELS, NO_UTF8, TOO_MANY_LABELS, toSeriesLabels } from './wire-labels.js';

/** Bytes of the number of a symbol. */
export const NUMBER_BYTES = 4;
/** What is longer is no series that is taken. */
export const MAX_SERIES_BYTES = 8 * NUMBER_BYTES * MAX_LABELS;
const MAX_TEXT_BYTES = 4096;
const SYMBOLS = 2 ** 24;
/** Labels of an exemplar have 128 characters together. */
const MAX_EXEMPLAR_TEXTS = 256;
const MAX_EXEMPLAR_BYTES = 512;

/**
 * Series of remote write 2.0. Each body has a table of its own for its texts; here they have the same number in all bodies, so that
 * a series is known by the numbers of its names and values.
 */
export class SymbolSeries {
  readonly symbols = new ByteTable();
  /** By little-endian numbers of symbols, {@link NUMBER_BYTES} each: names and values in turn. */
  readonly numbers = new SeriesNumbers((bytes) => this.#labels(bytes));

  /** Bytes of all texts of labels that were read: one symbol may be a label of very many series. */
  readBytes = 0;
  #said = new Float64Array(0);

  get sizeBytes(): number {
    return this.#said.byteLength + this.symbols.sizeBytes + this.numbers.sizeBytes;
  }

  /** The number of a text. */
  symbolOf(view: DataView, from: number, to: number): number {
    const known = this.symbols.find(view, from, to);
    return known >= 0 ? known : this.symbols.add();
  }

  /** Text of metadata, cut where it is very long. */
  textOf(symbol: number): string {
    return this.symbols.bytesOf(symbol).toString('utf8', 0, MAX_TEXT_BYTES);
  }

  /** The number of a series by the numbers of its symbols, or why its labels cannot be taken. */
  numberOf(symbols: DataView, bytes: number): number | string {
    return this.numbers.numberOf(symbols, 0, bytes, () =>
      this.#labels(Buffer.from(symbols.buffer, symbols.byteOffset, bytes)),
    );
  }

  /** Texts of an exemplar's labels; `undefined` where they are not UTF-8, or longer than those of any exemplar. */
  shortTexts(symbols: readonly number[]): readonly string[] | undefined {
    if (symbols.length > MAX_EXEMPLAR_TEXTS) return undefined;
    if (symbols.reduce((sum, symbol) => sum + this.symbols.lengthOf(symbol), 0) > MAX_EXEMPLAR_BYTES) return undefined;
    const texts: string[] = [];
    for (const symbol of symbols) {
      const text = this.#labelText(symbol);
      if (text === undefined) return undefined;
      texts.push(text);
    }
    return texts;
  }

  /** Whether something else was said of the series before, or nothing. */
  isNews(series: number, type: number, help: number, unit: number): boolean {
    if (series >= this.#said.length) {
      const said = new Float64Array(this.numbers.ids.length);
      said.set(this.#said);
      this.#said = said;
    }
    // Memory ends long before there are 2^24 symbols: all three fit into a number.
    const now = ((type & 7) * SYMBOLS + help) * SYMBOLS + unit + 1;
    if (this.#said[series] === now) return false;
    this.#said[series] = now;
    return true;
  }

  #labelText(symbol: number): string | undefined {
    const bytes = this.symbols.bytesOf(symbol);
    this.readBytes += bytes.length;
    return isUtf8(bytes) ? bytes.toString() : undefined;
  }

  #labels(bytes: Buffer): SeriesLabels | string {
    if (bytes.length % (2 * NUMBER_BYTES) !== 0) return 'a label has no value';
    if (bytes.length > 2 * NUMBER_BYTES * MAX_LABELS) return TOO_MANY_LABELS;
    let length = 0;
    for (let at = 0; at < bytes.length; at += NUMBER_BYTES) length += this.symbols.lengthOf(bytes.readUInt32LE(at));
    if (length > MAX_LABEL_BYTES) return TOO_LONG;
    const pairs: [string, string][] = [];
    for (let at = 0; at < bytes.length; at += 2 * NUMBER_BYTES) {
      const name = this.#labelText(bytes.readUInt32LE(at));
      const value = this.#labelText(bytes.readUInt32LE(at + NUMBER_BYTES));
      if (name === undefined || value === undefined) return NO_UTF8;
      pairs.push([name, value]);
    }
    return toSeriesLabels(pairs);
  }
}
