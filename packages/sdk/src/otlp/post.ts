import type { IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { readRejected, readRejectedJson } from './partial-success.js';

/** What became of one export. */
export type PostResult =
  /** The server has it; `rejected` spans or points of it can never succeed and were left out. */
  | { readonly kind: 'delivered'; readonly rejected: number; readonly reason: string }
  /** It may work later (OTLP's retryable answers, and no answer). */
  | { readonly kind: 'retry'; readonly afterMs: number | undefined; readonly reason: string }
  /** It will never work. */
  | { readonly kind: 'refused'; readonly status: number | undefined; readonly reason: string };

/** Sends one body. Never rejects. */
export type Post = (body: Uint8Array, gzipped: boolean) => Promise<PostResult>;

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** Answers are a few bytes; OTLP asks clients to stop reading at some point. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_SOCKETS = 4;
/**
 * A connection under way keeps the process alive, whatever one does about it (libuv counts the request), so it may not take long.
 * Looking up the name is not counted: a slow resolver is no reason never to deliver.
 */
const CONNECT_MS = 1_000;

/** A sender with its own connections; `headers` say what the bodies are. Nothing it does keeps the process alive. */
export function createPost(
  url: string,
  headers: { readonly [name: string]: string },
  timeoutMs: number,
): { readonly post: Post; close(): void } {
  const secure = url.startsWith('https:');
  const agentOptions = { keepAlive: true, maxSockets: MAX_SOCKETS };
  const agent = secure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const send = secure ? httpsRequest : httpRequest;
  const byAddress = isIP(new URL(url).hostname.replace(/^\[|\]$/g, '')) !== 0;
  const post: Post = (body, gzipped) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => finish(lost(`no answer within ${timeoutMs} ms`)), timeoutMs).unref();
      let request: ReturnType<typeof httpRequest> | undefined;
      const finish = (result: PostResult) => {
        clearTimeout(timer);
        resolve(result);
        if (result.kind === 'retry' && result.afterMs === undefined) request?.destroy();
      };
      try {
        request = send(url, {
          method: 'POST',
          agent,
          headers: {
            ...headers,
            'content-length': body.length,
            ...(gzipped ? { 'content-encoding': 'gzip' } : {}),
          },
        });
        request.on('socket', (socket) => {
          socket.unref();
          if (!socket.connecting) return;
          boundConnect(socket, byAddress, () => finish(lost(`no connection within ${CONNECT_MS} ms`)));
        });
        request.on('error', (error: NodeJS.ErrnoException) => finish(lost(error.code ?? error.message)));
        request.on('response', (response) => readAnswer(response, finish));
        request.end(body);
      } catch (error) {
        // A header that is not legal, say: no later attempt would be.
        finish({
          kind: 'refused',
          status: undefined,
          reason: error instanceof Error ? error.message : 'the request could not be made',
        });
      }
    });
  return { post, close: () => agent.destroy() };
}

function boundConnect(socket: Socket, byAddress: boolean, late: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer ??= setTimeout(late, CONNECT_MS).unref();
  };
  const stop = () => clearTimeout(timer);
  if (byAddress) start();
  else socket.once('lookup', start);
  socket.once('connect', stop);
  socket.once('close', stop);
}

function lost(reason: string): PostResult {
  return { kind: 'retry', afterMs: undefined, reason };
}

function readAnswer(response: IncomingMessage, finish: (result: PostResult) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_ANSWER_BYTES) chunks.push(chunk);
  });
  response.on('error', () => finish(lost('the answer broke off')));
  response.on('end', () => finish(classifyAnswer(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))));
}

/** OTLP/HTTP's table of answers: 2xx is final even when a part was rejected, four statuses are worth a retry. */
export function classifyAnswer(
  status: number,
  headers: { readonly 'retry-after'?: string | undefined; readonly 'content-type'?: string | undefined },
  body: Uint8Array,
): PostResult {
  if (status >= 200 && status < 300) {
    const isJson = headers['content-type']?.startsWith('application/json') === true;
    const { rejected, message } = isJson ? readRejectedJson(body) : readRejected(body);
    return { kind: 'delivered', rejected, reason: message };
  }
  const reason = `the server answered ${status}`;
  if (!RETRYABLE_STATUS.has(status)) return { kind: 'refused', status, reason };
  return { kind: 'retry', afterMs: parseRetryAfter(headers['retry-after'], Date.now()) ?? 0, reason };
}

/** Seconds or an HTTP date, in milliseconds from now; `undefined` when absent or unreadable. */
export function parseRetryAfter(value: string | undefined, nowUnixMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(date - nowUnixMs, 0);
}
