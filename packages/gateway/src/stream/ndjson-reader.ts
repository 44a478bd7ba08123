import { LineSplitter } from './line-splitter.js';
import type { OnEvent, StreamReader } from './stream-reader.js';
import { MAX_EVENT_BYTES } from './stream-reader.js';

/** One JSON document a line; empty lines are left out. */
export class NdjsonReader implements StreamReader {
  readonly #lines: LineSplitter;

  constructor(onEvent: OnEvent, maxBytes: number = MAX_EVENT_BYTES) {
    this.#lines = new LineSplitter(maxBytes, (line) => {
      if (line !== '') onEvent(line, '');
    });
  }

  get cut(): boolean {
    return this.#lines.cut;
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  end(): void {
    this.#lines.end();
  }
}
