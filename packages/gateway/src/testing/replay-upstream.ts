import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Cassette } from '@vedetta/providers/testing';
import { bodyOf } from './cassettes.js';

const nextTurn = promisify(setImmediate);

/** An upstream that replays recorded exchanges: `x-cassette` says which, `x-coding` how compressed, `x-pieces` in how many pieces. */
export interface ReplayUpstream {
  readonly url: string;
  readonly server: Server;
  /** Requests it was sent. */
  count: number;
  close(): Promise<void>;
}

/** Compresses as a Content-Encoding says. */
export function encode(body: Buffer, coding: string | undefined): Buffer {
  if (coding === 'gzip') return gzipSync(body);
  if (coding === 'deflate') return deflateSync(body);
  if (coding === 'br') return brotliCompressSync(body);
  return body;
}

export async function startReplayUpstream(cassettes: readonly Cassette[]): Promise<ReplayUpstream> {
  const upstream = { url: '', count: 0 };
  const { url, server, close } = await listen((request, response) => {
    request.resume();
    request.once('end', () => {
      upstream.count += 1;
      const { headers } = request;
      const cassette = cassettes[Number(headers['x-cassette'])];
      if (cassette === undefined) return void response.writeHead(500).end();
      void replay(cassette, headers, response);
    });
  });
  return Object.assign(upstream, { url, server, close });
}

async function replay(
  cassette: Cassette,
  headers: IncomingMessage['headers'],
  response: ServerResponse,
): Promise<void> {
  const coding = headers['x-coding'] as string | undefined;
  const body = encode(bodyOf(cassette), coding);
  const pieces = Number(headers['x-pieces'] ?? 1);
  response.writeHead(cassette.status, {
    'content-type': cassette.content_type,
    ...(coding === undefined ? {} : { 'content-encoding': coding }),
    ...(cassette.stream ? {} : { 'content-length': body.length }),
    'retry-after': '7',
    'X-RateLimit-Remaining': '41',
    'set-cookie': ['a=1', 'b=2'],
  });
  const size = Math.max(1, Math.ceil(body.length / pieces));
  for (let at = 0; at < body.length; at += size) {
    response.write(body.subarray(at, at + size));
    if (pieces > 1) await nextTurn();
  }
  response.end();
}

/** A server on a free port of this machine. */
export async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ readonly url: string; readonly port: number; readonly server: Server; close(): Promise<void> }> {
  const server = createServer(handle);
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, port, server, close };
}
