import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Monitor } from '../monitor.js';
import type { HttpTracking, HttpTrackingOptions } from './http-tracking.js';
import { contentLength, pathOf, trackCall } from './http-tracking.js';

/**
 * Tracks a call of node:http from now until its answer is sent or its client is gone. Express, Fastify and Hono on Node
 * hand out the same two objects. Listens and counts only: what goes over the wire is untouched.
 */
export function trackNodeCall(
  monitor: Monitor,
  request: IncomingMessage,
  response: ServerResponse,
  options: HttpTrackingOptions,
  target: string = request.url ?? '/',
): HttpTracking | undefined {
  const { method = 'GET', headers } = request;
  const size = contentLength(headers['content-length']);
  const tracking = trackCall(monitor, { method, path: pathOf(target), headers }, size, options);
  if (tracking === undefined) return undefined;
  const sent = countBody(response);
  if (hasBody(request)) request.once('end', () => tracking.received());
  else tracking.received();
  const finish = (aborted: boolean) => {
    tracking.finish({
      statusCode: response.headersSent ? response.statusCode : undefined,
      responseSizeBytes: sent.bytes,
      aborted,
    });
  };
  // A close without a finish before it is a client that went away; after one it changes nothing.
  response.once('finish', () => finish(false));
  response.once('close', () => finish(true));
  return tracking;
}

/** A body that nobody reads never ends, so a call without one must not wait for its end. */
function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (contentLength(headers['content-length']) ?? 0) > 0;
}

/** Counts the bytes of the body as they are handed to the response, through its two methods that take them. */
function countBody(response: ServerResponse): { readonly bytes: number } {
  const count = { bytes: 0 };
  const add = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk === 'string') {
      count.bytes += Buffer.byteLength(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
    } else if (ArrayBuffer.isView(chunk)) count.bytes += chunk.byteLength;
  };
  const { write, end } = response;
  let inEnd = false;
  response.write = function countedWrite(this: ServerResponse, ...args: unknown[]) {
    // `end` may hand its chunk to `write`.
    if (!inEnd) add(args[0], args[1]);
    return Reflect.apply(write, this, args);
  } as ServerResponse['write'];
  response.end = function countedEnd(this: ServerResponse, ...args: unknown[]) {
    if (!inEnd) add(args[0], args[1]);
    inEnd = true;
    try {
      return Reflect.apply(end, this, args);
    } finally {
      inEnd = false;
    }
  } as ServerResponse['end'];
  return count;
}
