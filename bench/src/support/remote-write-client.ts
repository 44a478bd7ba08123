import { connect } from 'node:net';
import type { WriteLoad } from './remote-write-bodies.js';

/** What became of a load. */
export interface WriteRun {
  /** Samples of requests that were answered with 2xx. */
  readonly acknowledged: number;
  readonly elapsedMs: number;
  readonly longestMs: number;
  /** Answers that were no 2xx, the first of each kind. */
  readonly refusals: readonly string[];
}

/**
 * Sends the bodies over one socket a connection, each when the one before is answered, as a shard of a Prometheus does. The part from
 * body `from` on up to before `to`.
 */
export async function sendWrites(url: string, load: WriteLoad, from: number, to: number): Promise<WriteRun> {
  const { hostname, port, pathname } = new URL(url);
  const refusals = new Set<string>();
  let acknowledged = 0;
  let longestMs = 0;
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    'content-type: application/x-protobuf',
    'content-encoding: snappy',
    'x-prometheus-remote-write-version: 0.1.0',
    'user-agent: bench',
  ].join('\r\n');
  const started = performance.now();
  await Promise.all(
    load.connections.map(
      (bodies) =>
        new Promise<void>((resolve, reject) => {
          const part = bodies.slice(from, to);
          const socket = connect(Number(port), hostname);
          socket.setNoDelay(true);
          socket.setEncoding('latin1');
          let received = '';
          let sentMs = 0;
          let at = -1;
          const next = (): void => {
            at += 1;
            const body = part[at]?.body;
            if (body === undefined) {
              socket.end(() => resolve());
              return;
            }
            sentMs = performance.now();
            socket.cork();
            socket.write(`${head}\r\ncontent-length: ${body.length}\r\n\r\n`);
            socket.write(body);
            socket.uncork();
          };
          socket.once('connect', next);
          socket.once('error', reject);
          socket.once('close', () =>
            at < part.length ? reject(new Error(`${url} closed the connection`)) : resolve(),
          );
          socket.on('data', (text) => {
            received += String(text);
            if (!isWhole(received)) return;
            longestMs = Math.max(longestMs, performance.now() - sentMs);
            if (/^HTTP\/1\.1 2/.test(received)) acknowledged += part[at]?.samples ?? 0;
            else if (refusals.size < 5)
              refusals.add(`${received.slice(9, 12)} ${received.slice(received.indexOf('\r\n\r\n') + 4, 2000)}`);
            received = '';
            next();
          });
        }),
    ),
  );
  return { acknowledged, elapsedMs: performance.now() - started, longestMs, refusals: [...refusals] };
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return text.length >= end + 4 + Number(length ?? 0);
}
