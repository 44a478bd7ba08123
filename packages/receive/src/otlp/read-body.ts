import { createGunzip, createInflate } from 'node:zlib';

/** Bytes that OTLP 1.11 recommends as the limit of a request, before and after decompression. */
export const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;

/** What became of a request's body. */
export type BodyResult =
  | { readonly kind: 'ok'; readonly body: Uint8Array }
  /** Answer 413. */
  | { readonly kind: 'too_large'; readonly maxBytes: number }
  /** Answer 415. */
  | { readonly kind: 'unsupported_encoding'; readonly encoding: string }
  /** Answer 400; also when the client went away in the middle. */
  | { readonly kind: 'invalid'; readonly message: string };

/** How a body is read. */
export interface BodyOptions {
  /** The `Content-Encoding` header; absent, `''` and `identity` are the same. `gzip` and `deflate` are understood. */
  readonly contentEncoding?: string | undefined;
  /** Limit for the bytes as they arrive and for what they decompress to, 64 MiB by default. */
  readonly maxBytes?: number;
  /** Stops reading; the result is then `invalid`. */
  readonly signal?: AbortSignal;
}

/**
 * Collects a request's body, decompressing as it comes. It stops at the first byte over the limit, so that a small body that
 * decompresses to gigabytes costs no more than the limit. A body that is cut short is `invalid`. Never rejects for what the
 * client sent.
 */
export async function readBody(chunks: AsyncIterable<Uint8Array>, options: BodyOptions = {}): Promise<BodyResult> {
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BODY_BYTES;
  const encoding = (options.contentEncoding ?? '').trim().toLowerCase();
  const limited = limit(chunks, maxBytes, options.signal);
  try {
    if (encoding === '' || encoding === 'identity') return { kind: 'ok', body: await collect(limited, maxBytes) };
    if (encoding === 'gzip' || encoding === 'x-gzip') return await inflate(limited, createGunzip(), maxBytes);
    if (encoding === 'deflate') return await inflate(limited, createInflate(), maxBytes);
    return { kind: 'unsupported_encoding', encoding };
  } catch (error) {
    if (error instanceof TooLarge) return { kind: 'too_large', maxBytes };
    return { kind: 'invalid', message: describe(error, encoding) };
  }
}

class TooLarge extends Error {}
class Aborted extends Error {}

async function* limit(chunks: AsyncIterable<Uint8Array>, maxBytes: number, signal: AbortSignal | undefined) {
  let size = 0;
  for await (const chunk of chunks) {
    if (signal?.aborted === true) throw new Aborted();
    size += chunk.length;
    if (size > maxBytes) throw new TooLarge();
    yield chunk;
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxBytes) throw new TooLarge();
    parts.push(chunk);
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, size);
}

async function inflate(
  chunks: AsyncIterable<Uint8Array>,
  stream: ReturnType<typeof createGunzip> | ReturnType<typeof createInflate>,
  maxBytes: number,
): Promise<BodyResult> {
  const feeding = feed(chunks, stream);
  // Its failure also ends the reading below; this handler only keeps it from being reported twice.
  feeding.catch(() => {});
  try {
    const body = await collect(stream, maxBytes);
    await feeding;
    return { kind: 'ok', body };
  } finally {
    stream.destroy();
  }
}

async function feed(chunks: AsyncIterable<Uint8Array>, stream: ReturnType<typeof createGunzip>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (stream.destroyed) return;
      if (!stream.write(chunk)) await drained(stream);
    }
    stream.end();
  } catch (error) {
    stream.destroy(error instanceof Error ? error : new Aborted());
    throw error;
  }
}

function drained(stream: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

function describe(error: unknown, encoding: string): string {
  if (error instanceof Aborted) return 'the request was given up while its body was read';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_')) return `the body is not valid ${encoding}, or it is cut short`;
  return 'the body could not be read to its end';
}
