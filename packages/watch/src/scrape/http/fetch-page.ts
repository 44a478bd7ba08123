import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import { createGunzip } from 'node:zlib';
import type { PageFormat } from '../loop/page.js';

/** A page as text. */
export type FetchedPage =
  | { readonly kind: 'text'; readonly text: string; readonly format: PageFormat }
  | { readonly kind: 'failed'; readonly reason: string };

export interface FetchOptions {
  readonly agents: { readonly http: http.Agent; readonly https: () => Promise<https.Agent> };
  /** `authorization` is for the first host only. */
  readonly headers: Readonly<Record<string, string>>;
  readonly followRedirects: boolean;
  /** After decompression; a page of this size is too large. */
  readonly maxBytes: number;
  /** How a page of no type that is known here is read. */
  readonly fallbackFormat: PageFormat;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];
/** The body of a redirect is read so far for the sake of the connection; one that is longer is given up with it. */
const MAX_REDIRECT_BODY_BYTES = 2048;
/** As much of what a target says as messages show. */
const SHOWN = 100;

/** Fetches a page of metrics. The body is counted while it is unpacked, so that it takes no more memory than allowed. Never throws. */
export async function fetchPage(url: string, options: FetchOptions): Promise<FetchedPage> {
  try {
    return await follow(new URL(url), options);
  } catch (error) {
    const { reason } = options.signal;
    if (options.signal.aborted && reason instanceof Error) return { kind: 'failed', reason: reason.message };
    return { kind: 'failed', reason: describe(error) };
  }
}

async function follow(first: URL, options: FetchOptions): Promise<FetchedPage> {
  let url = first;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const response = await send(url, first, options);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (options.followRedirects && REDIRECTS.includes(status) && location !== undefined) {
      discard(response);
      const next = URL.canParse(location, url.href) ? new URL(location, url) : undefined;
      if (next === undefined || !/^https?:$/.test(next.protocol))
        return { kind: 'failed', reason: 'it redirects to no page' };
      url = next;
      continue;
    }
    if (status !== 200) {
      response.destroy();
      const said = (response.statusMessage ?? '').slice(0, SHOWN);
      return { kind: 'failed', reason: `server returned HTTP status ${status} ${said}`.trim() };
    }
    return readPage(response, options);
  }
  return { kind: 'failed', reason: `it redirects more than ${MAX_REDIRECTS} times` };
}

/** A connection kept alive may be closed just as it is used again: then, and only then, it is asked once more. */
async function send(url: URL, first: URL, options: FetchOptions): Promise<IncomingMessage> {
  let request: ClientRequest | undefined;
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? await options.agents.https() : options.agents.http;
  const once = (): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { authorization, ...headers } = options.headers;
      const sameHost = url.host === first.host && url.protocol === first.protocol;
      const settings: RequestOptions = {
        agent,
        headers: sameHost && authorization !== undefined ? { ...headers, authorization } : headers,
        signal: options.signal,
      };
      request = (isSecure ? https : http).get(url, settings, resolve).on('error', reject);
    });
  try {
    return await once();
  } catch (error) {
    const isReset =
      error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
    if (request?.reusedSocket && isReset && !options.signal.aborted) return once();
    throw error;
  }
}

function discard(response: IncomingMessage): void {
  let size = 0;
  response.on('error', () => {});
  response.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size > MAX_REDIRECT_BODY_BYTES) response.destroy();
  });
}

async function readPage(
  response: IncomingMessage,
  { maxBytes, fallbackFormat }: Pick<FetchOptions, 'maxBytes' | 'fallbackFormat'>,
): Promise<FetchedPage> {
  const type = (response.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === 'application/vnd.google.protobuf') {
    response.destroy();
    return { kind: 'failed', reason: 'it answers in the binary format, which is not supported' };
  }
  const encoding = (response.headers['content-encoding'] ?? 'identity').toLowerCase();
  if (encoding !== 'identity' && encoding !== 'gzip') {
    response.destroy();
    return { kind: 'failed', reason: `it answers with the encoding ${JSON.stringify(encoding.slice(0, SHOWN))}` };
  }
  const body = await readBody(response, encoding === 'gzip', maxBytes);
  if (body === undefined) return { kind: 'failed', reason: 'body size limit exceeded' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return { kind: 'failed', reason: 'the page is no UTF-8' };
  }
  return { kind: 'text', text, format: formatOf(type, fallbackFormat) };
}

function formatOf(type: string | undefined, fallback: PageFormat): PageFormat {
  if (type === 'application/openmetrics-text') return 'openmetrics';
  return type === 'text/plain' ? 'text' : fallback;
}

/** The whole body; `undefined` when it is too large. */
function readBody(response: IncomingMessage, isPacked: boolean, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const body = isPacked ? response.pipe(createGunzip()) : response;
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (): void => {
      response.destroy();
      if (body !== response) body.destroy();
    };
    const fail = (error: Error): void => {
      stop();
      reject(error);
    };
    response
      .on('error', fail)
      .on('aborted', () => fail(new Error('the connection was closed before the page was whole')));
    if (body !== response) body.on('error', fail);
    body.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size >= maxBytes) {
        // Before the end of the connection is told of, which is no failure here.
        resolve(undefined);
        stop();
      } else chunks.push(chunk);
    });
    body.on('end', () => resolve(Buffer.concat(chunks, size)));
  });
}

/** Node tries each address of a name and wraps what happened. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error instanceof Error ? error.message : String(error);
}
