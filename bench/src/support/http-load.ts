import { connect } from 'node:net';

/** What one run of load measured. */
export interface Load {
  /** Answered with 200. */
  readonly requests: number;
  /** Answered with another status; they count as nothing else. */
  readonly failed: number;
  readonly elapsedMs: number;
  readonly latenciesMs: Float64Array;
}

const END_OF_HEADERS = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';

/**
 * Sends one request again and again over so many connections, each when its last answer is whole. It speaks HTTP/1.1 on bare sockets:
 * a client library would take more of the machine than what is measured.
 */
export async function load(url: string, body: string, connections: number, durationMs: number): Promise<Load> {
  const { hostname, port, pathname } = new URL(url);
  const message = Buffer.from(
    [
      `POST ${pathname} HTTP/1.1`,
      `host: ${hostname}:${port}`,
      'content-type: application/json',
      'authorization: Bearer sk-bench-0123456789',
      'x-portkey-provider: openai',
      ...(customHost === '' ? [] : [`x-portkey-custom-host: ${customHost}`]),
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  const latencies: number[] = [];
  let failed = 0;
  const started = performance.now();
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.setNoDelay(true);
      let sentMs = 0;
      let received = '';
      const send = (): void => {
        sentMs = performance.now();
        socket.write(message);
      };
      socket.setEncoding('latin1');
      socket.once('connect', send);
      socket.once('error', reject);
      socket.on('data', (text) => {
        received += String(text);
        if (!isWhole(received)) return;
        if (received.startsWith('HTTP/1.1 200')) latencies.push(performance.now() - sentMs);
        else failed += 1;
        received = '';
        if (performance.now() - started < durationMs) send();
        else socket.end(() => resolve());
      });
    });
  await Promise.all(Array.from({ length: connections }, run));
  return {
    requests: latencies.length,
    failed,
    elapsedMs: performance.now() - started,
    latenciesMs: Float64Array.from(latencies).sort(),
  };
}

let customHost = '';
/** Header that tells the compared gateway where the upstream is. */
export function setCustomHost(url: string): void {
  customHost = url;
}

function isWhole(text: string): boolean {
  const end = text.indexOf(END_OF_HEADERS);
  if (end === -1) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end))?.[1];
  return length === undefined ? text.endsWith(LAST_CHUNK) : text.length >= end + 4 + Number(length);
}
