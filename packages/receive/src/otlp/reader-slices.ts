import { InvalidBody } from './decode-result.js';
import type { WireReader } from './wire-reader.js';

// Some milliseconds of work. Counted in bytes, not spans or points: a body can be long and hold none.
const SLICE_BYTES = 256 * 1024;
/** What a field costs beside its length: a body can be long and hold only empty ones. */
const FIELD_BYTES = 64;
/** No position of a body. */
export const PAUSE = -1;

/** Tells a reader of a long body when other work should have its turn. */
export class ReaderSlices {
  readonly #reader: WireReader;
  #start = 0;

  constructor(reader: WireReader) {
    this.#reader = reader;
  }

  /** True once when the work of a slice is done; the next slice has begun then. */
  isDone(): boolean {
    if (this.#reader.pos - this.#start < SLICE_BYTES) return false;
    this.#start = this.#reader.pos;
    return true;
  }

  /** A field was read or passed over. */
  countField(): void {
    this.#start -= FIELD_BYTES;
  }

  /** Goes elsewhere, which is no work; what was read already still counts. */
  jump(pos: number): void {
    this.#start += pos - this.#reader.pos;
    this.#reader.pos = pos;
  }

  /**
   * Gives the end of every length-delimited field of a message with the wanted tag, for the caller to read up to it, and passes
   * over the others. Gives `PAUSE` instead when a slice of the body is done. Throws `InvalidBody` where a field is longer than its
   * message.
   */
  *fields(end: number, wanted: number): Generator<number, void> {
    const reader = this.#reader;
    while (reader.pos < end) {
      const tag = reader.tag();
      if (tag === wanted) {
        const stop = reader.end(end);
        yield stop;
        checkEnd(reader, stop);
      } else reader.skip(tag, end);
      this.countField();
      if (this.isDone()) yield PAUSE;
    }
    checkEnd(reader, end);
  }
}

/** Throws `InvalidBody` when a message does not end where it said. */
export function checkEnd(reader: WireReader, end: number): void {
  if (reader.pos !== end) throw new InvalidBody(`a message ends at byte ${end} in the middle of a field`);
}
