import { InvalidBody } from '../otlp/decode-result.js';
import { WireReader } from '../otlp/wire-reader.js';
import type { PushedMetadata, TranslatedRows } from '../otlp-metrics/translated.js';
import { ColumnBuilder } from './column-builder.js';
import { LabelCache } from './label-cache.js';
import { readHistogram } from './native-histograms.js';
import { BlockTooLarge, decodeSnappyBlock } from './snappy.js';

/** Versions of the protocol. */
export type RemoteWriteVersion = '1.0' | '2.0';

/** What became of a body. */
export type RemoteWriteResult =
  | {
      readonly kind: 'ok';
      readonly rows: TranslatedRows;
      /** Samples of series whose labels cannot be taken. */
      readonly rejectedSamples: number;
      /** Native histograms that can never be stored. */
      readonly rejectedHistograms: number;
      /** Why the first was not taken; `''` when all were. */
      readonly reason: string;
      readonly exemplars: number;
      readonly metadata: readonly PushedMetadata[];
    }
  /** Answer 413. */
  | { readonly kind: 'too_large' }
  /** Answer 400. */
  | { readonly kind: 'invalid'; readonly message: string };

/** Types that metadata is kept of, by their numbers; of others nothing is kept. */
const TYPES: readonly (PushedMetadata['type'] | undefined)[] = [
  undefined,
  'counter',
  'gauge',
  'histogram',
  undefined,
  'summary',
];

/**
 * Reads bodies of Prometheus remote write, compressed with snappy: `prometheus.WriteRequest` and
 * `io.prometheus.write.v2.Request`. Keeps the labels of series it has seen, so that they are the same object each time. Never
 * throws for what the sender sent.
 */
export class RemoteWriteDecoder {
  readonly #labels = new LabelCache();

  /** `maxBytes` limits what the body decompresses to. */
  decode(body: Uint8Array, version: RemoteWriteVersion, maxBytes: number): RemoteWriteResult {
    try {
      return new BodyReader(decodeSnappyBlock(body, maxBytes), this.#labels, version).read();
    } catch (error) {
      if (error instanceof BlockTooLarge) return { kind: 'too_large' };
      if (error instanceof InvalidBody) return { kind: 'invalid', message: error.message };
      throw error;
    }
  }
}

class BodyReader {
  readonly #reader: WireReader;
  readonly #cache: LabelCache;
  readonly #second: boolean;
  readonly #columns = new ColumnBuilder();
  readonly #symbols: Uint8Array[] = [];
  readonly #symbolKeys: string[] = [];
  readonly #metadata: PushedMetadata[] = [];
  #rejected = 0;
  #histograms = 0;
  #exemplars = 0;
  #reason = '';

  constructor(body: Uint8Array, cache: LabelCache, version: RemoteWriteVersion) {
    this.#reader = new WireReader(body);
    this.#cache = cache;
    this.#second = version === '2.0';
  }

  read(): RemoteWriteResult {
    const size = this.#reader.bytes.length;
    // Symbols may stand behind the series that use them: they are read first.
    if (this.#second) {
      this.#each(size, (tag, end) => {
        if (tag !== 34) return false;
        const bytes = this.#reader.bytes.subarray(this.#reader.pos, end);
        this.#symbols.push(bytes);
        this.#symbolKeys.push(`${bytes.length}:${bytes.toString('latin1')}`);
        return true;
      });
      this.#reader.pos = 0;
    }
    const seriesTag = this.#second ? 42 : 10;
    this.#each(size, (tag, end) => {
      if (tag === seriesTag) this.#series(end);
      else if (tag === 26 && !this.#second) this.#firstMetadata(end);
      else return false;
      return true;
    });
    const { series, ends } = this.#columns;
    return {
      kind: 'ok',
      rows: { series, ends, ...this.#columns.finish() },
      rejectedSamples: this.#rejected,
      rejectedHistograms: this.#histograms,
      reason: this.#reason,
      exemplars: this.#exemplars,
      metadata: this.#metadata,
    };
  }

  /** Every field up to `limit`; `take` gets those with a length, and says whether it knew the field. */
  #each(limit: number, take: (tag: number, end: number) => boolean): void {
    const reader = this.#reader;
    while (reader.pos < limit) {
      const tag = reader.tag();
      if ((tag & 7) !== 2) {
        reader.skip(tag, limit);
        continue;
      }
      const end = reader.end(limit);
      take(tag, end);
      reader.pos = end;
    }
    if (reader.pos > limit) throw new InvalidBody('a field is longer than what holds it');
  }

  #series(limit: number): void {
    const reader = this.#reader;
    const texts: number[] = [];
    const refs: number[] = [];
    let key = '';
    let about: readonly [type: number, help: number, unit: number] | undefined;
    const histogramTag = this.#second ? 26 : 34;
    this.#each(limit, (tag, end) => {
      if (tag === 18) this.#sample(end);
      else if (tag === 10 && this.#second) {
        while (reader.pos < end) refs.push(reader.varint());
        if (reader.pos > end) throw new InvalidBody('a field is longer than what holds it');
      } else if (tag === 10) {
        texts.push(reader.pos, end);
        key += `${end - reader.pos}:${reader.bytes.toString('latin1', reader.pos, end)}`;
      } else if (tag === histogramTag) this.#histogram(end);
      else if (tag === (this.#second ? 34 : 26)) this.#exemplars += 1;
      else if (tag === 42 && this.#second) about = this.#numbers(end, [1, 3, 4]);
      else return false;
      return true;
    });
    for (const ref of refs) {
      const part = this.#symbolKeys[ref];
      if (part === undefined) throw new InvalidBody(`a label refers to symbol ${ref}, which is not there`);
      key += part;
    }
    // The two messages write labels differently, so that their keys must not meet.
    const labels = this.#cache.get(`${this.#second ? '2' : '1'}${key}`, () =>
      this.#second ? refs.map((ref) => this.#symbols[ref] as Uint8Array) : this.#pairs(texts),
    );
    reader.pos = limit;
    if (typeof labels === 'string') {
      this.#refuse(labels);
      this.#rejected += this.#columns.pending;
      this.#columns.end(undefined);
      return;
    }
    this.#columns.end(labels);
    if (about === undefined || (about[0] === 0 && about[1] === 0 && about[2] === 0)) return;
    const name = labels.find(([label]) => label === '__name__')?.[1] ?? '';
    this.#describe(name, about[0], this.#symbol(about[1]), this.#symbol(about[2]));
  }

  #sample(limit: number): void {
    const reader = this.#reader;
    let [low, high, timeMs] = [0, 0, 0];
    while (reader.pos < limit) {
      const tag = reader.tag();
      if (tag === 9) {
        if (reader.pos + 8 > limit) throw new InvalidBody('a sample is cut short');
        low = reader.view.getUint32(reader.pos, true);
        high = reader.view.getUint32(reader.pos + 4, true);
        reader.pos += 8;
      } else if (tag === 16) timeMs = Number(reader.int64());
      else reader.skip(tag, limit);
    }
    if (reader.pos > limit) throw new InvalidBody('a sample is cut short');
    this.#columns.add(timeMs, low, high);
  }

  #histogram(limit: number): void {
    const read = readHistogram(this.#reader, limit);
    if (read.kind !== 'refused')
      this.#columns.addHistogram(read.timeMs, read.kind === 'stale' ? undefined : read.histogram);
    else {
      this.#histograms += 1;
      this.#refuse(read.reason);
    }
  }

  #pairs(ranges: readonly number[]): Uint8Array[] {
    const { bytes } = this.#reader;
    const texts: Uint8Array[] = [];
    for (let i = 0; i < ranges.length; i += 2) {
      const pair: [Uint8Array, Uint8Array] = [bytes.subarray(0, 0), bytes.subarray(0, 0)];
      this.#reader.pos = ranges[i] as number;
      this.#each(ranges[i + 1] as number, (tag, end) => {
        if (tag === 10) pair[0] = bytes.subarray(this.#reader.pos, end);
        else if (tag === 18) pair[1] = bytes.subarray(this.#reader.pos, end);
        return true;
      });
      texts.push(...pair);
    }
    return texts;
  }

  #numbers(limit: number, fields: readonly [number, number, number]): [number, number, number] {
    const found: [number, number, number] = [0, 0, 0];
    while (this.#reader.pos < limit) {
      const tag = this.#reader.tag();
      const at = (tag & 7) === 0 ? fields.indexOf(tag >>> 3) : -1;
      if (at < 0) this.#reader.skip(tag, limit);
      else found[at] = this.#reader.varint();
    }
    return found;
  }

  #firstMetadata(limit: number): void {
    const texts = new Map<number, string>();
    const start = this.#reader.pos;
    this.#each(limit, (tag, end) => {
      texts.set(tag >>> 3, this.#reader.text(end));
      return true;
    });
    this.#reader.pos = start;
    const [type] = this.#numbers(limit, [1, -1, -1]);
    this.#describe(texts.get(2) ?? '', type, texts.get(4) ?? '', texts.get(5) ?? '');
  }

  #describe(name: string, type: number, help: string, unit: string): void {
    const known = TYPES[type];
    if (name !== '' && known !== undefined) this.#metadata.push({ name, type: known, help, unit });
  }

  #symbol(ref: number): string {
    const bytes = this.#symbols[ref];
    if (bytes === undefined) throw new InvalidBody(`metadata refers to symbol ${ref}, which is not there`);
    return Buffer.from(bytes).toString();
  }

  #refuse(reason: string): void {
    if (this.#reason === '') this.#reason = reason;
  }
}
