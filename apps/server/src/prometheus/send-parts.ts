import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { FastifyReply } from 'fastify';
import { acceptsGzip } from '../http/compression.js';

/** Answers up to this length are sent whole, as all others of the server are. */
const WHOLE_LENGTH = 1024 * 1024;
/** What is handed to the socket at once. */
const CHUNK_LENGTH = 256 * 1024;
/** A client that takes nothing for so long is left: what it asked for is held in memory meanwhile. */
const STALL_MS = 60_000;

/** Sends a text that is written in parts, JSON where nothing else is said: at once where it is short, else part by part, as fast as the client takes it. */
export function sendParts(reply: FastifyReply, parts: Iterable<string>, type = 'application/json'): FastifyReply {
  reply.type(type).serializer(String);
  const iterator = parts[Symbol.iterator]();
  const begin = take(iterator, WHOLE_LENGTH);
  if (begin.done) return reply.send(begin.text);
  reply.header('vary', 'accept-encoding');
  reply.raw.setTimeout(STALL_MS, () => reply.raw.destroy());
  const text = Readable.from(rest(begin.text, iterator), { objectMode: false });
  if (!acceptsGzip(reply.request.headers['accept-encoding'])) return reply.send(text);
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  // A client that goes away ends both.
  gzip.once('close', () => text.destroy());
  return reply.header('content-encoding', 'gzip').send(text.pipe(gzip));
}

/** Other work of the process goes between two chunks: a stream asks for the next one in a turn of its own. */
async function* rest(begin: string, iterator: Iterator<string>): AsyncGenerator<Buffer> {
  yield Buffer.from(begin);
  for (;;) {
    const { text, done } = take(iterator, CHUNK_LENGTH);
    if (text !== '') yield Buffer.from(text);
    if (done) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function take(iterator: Iterator<string>, length: number): { readonly text: string; readonly done: boolean } {
  const parts: string[] = [];
  let taken = 0;
  while (taken < length) {
    const next = iterator.next();
    if (next.done === true) return { text: parts.join(''), done: true };
    parts.push(next.value);
    taken += next.value.length;
  }
  return { text: parts.join(''), done: false };
}
