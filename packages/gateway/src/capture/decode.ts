import type { Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** What a copy may grow to: a small body must not become a large one. */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;
const ZLIB_METHOD_DEFLATE = 8;

/** A coding that copies can be read in; `identity` needs no work; `unknown` is left unread. */
export type Coding = 'identity' | 'gzip' | 'deflate' | 'br' | 'unknown';

export function codingOf(contentEncoding: string): Coding {
  switch (contentEncoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      return 'identity';
    case 'gzip':
    case 'x-gzip':
      return 'gzip';
    case 'deflate':
      return 'deflate';
    case 'br':
      return 'br';
    default:
      return 'unknown';
  }
}

/**
 * Decodes a copy piece by piece, off the event loop's thread. What was cut short gives what came until then; damage ends it without
 * an error, since the copy is for reading only.
 */
export class CopyDecoder {
  readonly #coding: Coding;
  readonly #onData: (chunk: Buffer) => void;
  #transform: Transform | undefined;
  #decodedBytes = 0;
  #over = false;
  /** Decoding ended before the bytes did. */
  failed = false;

  constructor(coding: Coding, onData: (chunk: Buffer) => void) {
    this.#coding = coding;
    this.#onData = onData;
  }

  /** Resolves when what this chunk says has been given. */
  write(chunk: Buffer): Promise<void> {
    if (this.#over || chunk.length === 0) return Promise.resolve();
    this.#transform ??= this.#create(chunk);
    const transform = this.#transform;
    return new Promise((resolve) => {
      const done = (): void => {
        transform.off('close', done);
        resolve();
      };
      transform.once('close', done);
      transform.write(chunk, done);
    });
  }

  end(): Promise<void> {
    const transform = this.#transform;
    if (transform === undefined || this.#over) return Promise.resolve();
    return new Promise((resolve) => {
      transform.once('close', () => resolve());
      transform.end();
    });
  }

  #create(first: Buffer): Transform {
    const transform = createTransform(this.#coding, first);
    transform.on('data', (data: Buffer) => {
      this.#decodedBytes += data.length;
      if (this.#decodedBytes > MAX_DECODED_BYTES) {
        this.failed = true;
        this.#over = true;
        transform.destroy();
      } else this.#onData(data);
    });
    transform.on('error', () => {
      this.failed = true;
      this.#over = true;
    });
    return transform;
  }
}

function createTransform(coding: Coding, first: Buffer): Transform {
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  switch (coding) {
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case 'deflate':
      // Some servers send `deflate` without the zlib header that RFC 9110 asks for.
      return ((first[0] ?? 0) & 0x0f) === ZLIB_METHOD_DEFLATE ? createInflate(options) : createInflateRaw(options);
    default:
      return createGunzip(options);
  }
}
