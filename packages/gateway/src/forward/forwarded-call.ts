import type { IncomingMessage, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Endpoint } from '@vedetta/providers';
import type { Dispatcher } from 'undici';
import { MAX_COPY_BYTES } from '../capture/body-copy.js';
import type { CaptureBudget } from '../capture/capture-budget.js';
import type { CallOutcome, CallRecording } from '../record/call-recording.js';
import type { Upstream } from '../upstream.js';
import { EventFilter } from './event-filter.js';
import type { RequestHeaders } from './headers.js';
import { headerValue, readResponseHeaders, withHeader } from './headers.js';
import { refuse } from './refusal.js';
import { askForUsage } from './usage-request.js';

/**
 * Bodies up to this size are sent on in one piece, so that usage can be asked for, while there is room for them; longer ones, and
 * those of unknown length, pass as they come.
 */
const MAX_WHOLE_BODY = MAX_COPY_BYTES;
/** Bodies up to this size need no room. */
const SMALL_BODY = 64 * 1024;

/** What a call is made of. */
export interface CallParts {
  readonly dispatcher: Dispatcher;
  readonly upstream: Upstream;
  /** With the upstream's base path and the query. */
  readonly path: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly headers: RequestHeaders;
  /** `undefined` for routes that call no model. */
  readonly recording: CallRecording | undefined;
  readonly endpoint: Endpoint | undefined;
  readonly injectUsage: boolean;
  readonly budget: CaptureBudget;
  readonly timeouts: CallTimeouts;
  /** Runs what belongs to recording, and counts what it throws. */
  readonly guard: (work: () => void) => void;
  readonly onEnd: (call: ForwardedCall, outcome: CallOutcome) => void;
  readonly onUsageAsked: () => void;
}

/** How long an upstream may take, in milliseconds. */
export interface CallTimeouts {
  /** Until a connection takes the call. */
  readonly connectMs: number;
  /** From there until the response's headers. */
  readonly headersMs: number;
  /** Between two pieces of the response. */
  readonly idleMs: number;
}

/**
 * One call on its way: the client's request to the upstream, the upstream's response back, byte for byte, with back-pressure both
 * ways. It is the handler of one undici dispatch: one request upstream, never a second.
 */
export class ForwardedCall {
  readonly #parts: CallParts;
  #abortUpstream: ((error?: Error) => void) | undefined;
  #resumeUpstream: (() => void) | undefined;
  #filter: EventFilter | undefined;
  #ended = false;
  #headed = false;
  #flowing = false;
  #sent = false;
  #connected = false;
  /** A piece was passed on, or the upstream was told to wait. */
  #activeMs = performance.now();
  #blocked = false;
  #timeout: string | undefined;
  #upload: PassThrough | undefined;
  /** Room in the budget that the body waits in. */
  #reserved = 0;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  start(): void {
    const { request, response, headers } = this.#parts;
    response.once('close', () => {
      if (!response.writableFinished) this.#cancel();
    });
    const { contentLength, chunked } = headers;
    if (!chunked && (contentLength === undefined || contentLength === 0)) {
      this.#send(null);
      request.resume();
    } else if (!chunked && this.#hasRoom(contentLength as number)) this.#sendWhole();
    else this.#sendStream();
  }

  /** Ends the call when the upstream takes too long; called several times a second. */
  checkTime(nowMs: number): void {
    if (this.#ended || this.#blocked) return;
    const { timeouts } = this.#parts;
    const waitedMs = nowMs - this.#activeMs;
    if (this.#headed) {
      if (waitedMs > timeouts.idleMs) this.#giveUp(`the upstream sent nothing for ${seconds(timeouts.idleMs)}`);
    } else if (this.#connected) {
      if (waitedMs > timeouts.headersMs)
        this.#giveUp(`the upstream did not answer within ${seconds(timeouts.headersMs)}`);
    } else if (!this.#sent) {
      // The client's body does not come: there is nobody to answer.
      if (waitedMs > timeouts.idleMs) this.#parts.response.destroy();
    } else if (waitedMs > timeouts.connectMs) {
      this.#giveUp(`the upstream took no connection within ${seconds(timeouts.connectMs)}`);
    }
  }

  #hasRoom(bytes: number): boolean {
    if (bytes <= SMALL_BODY) return true;
    if (!(bytes <= MAX_WHOLE_BODY && this.#parts.budget.take(bytes))) return false;
    this.#reserved = bytes;
    return true;
  }

  #giveRoom(): void {
    this.#parts.budget.give(this.#reserved);
    this.#reserved = 0;
  }

  #sendWhole(): void {
    const { request } = this.#parts;
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => {
      this.#activeMs = performance.now();
      chunks.push(chunk);
    });
    request.once('end', () => {
      if (this.#ended) return;
      const [first] = chunks;
      const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
      this.#giveRoom();
      this.#record((recording) => {
        recording.times.bodyMs = performance.now();
        recording.request.body.push(body);
      });
      this.#send(this.#withUsage(body) ?? body);
    });
  }

  /** The body changed so that usage comes with the stream, and the response watched for what comes because of it. */
  #withUsage(body: Buffer): Buffer | undefined {
    const { endpoint, injectUsage, upstream, headers, guard, onUsageAsked } = this.#parts;
    if (endpoint === undefined || !injectUsage || !upstream.asksUsage || headers.contentEncoding !== '')
      return undefined;
    let changed: Buffer | undefined;
    guard(() => {
      const asked = askForUsage(endpoint, body);
      if (asked === undefined) return;
      this.#filter = new EventFilter(asked.option);
      changed = asked.body;
      onUsageAsked();
    });
    return changed;
  }

  #sendStream(): void {
    const { request } = this.#parts;
    // Undici ends a body it could not send, and with the request itself the client's connection would go, unanswered.
    const upload = new PassThrough();
    this.#upload = upload;
    request.on('data', (chunk: Buffer) => {
      this.#activeMs = performance.now();
      this.#record((recording) => recording.request.body.push(chunk));
    });
    request.once('aborted', () => upload.destroy(new Error('the client left')));
    upload.on('error', () => {});
    request.pipe(upload);
    upload.once('close', () => {
      request.unpipe(upload);
      request.resume();
    });
    this.#send(upload);
  }

  #send(body: Buffer | PassThrough | null): void {
    const { dispatcher, upstream, path, request, headers } = this.#parts;
    let { forwarded } = headers;
    if (this.#filter !== undefined && body instanceof Buffer) {
      forwarded = withHeader(
        withHeader(forwarded, 'content-length', String(body.length)),
        'accept-encoding',
        'identity',
      );
    }
    this.#activeMs = performance.now();
    this.#sent = true;
    this.#record((recording) => {
      recording.times.sentMs = this.#activeMs;
    });
    try {
      dispatcher.dispatch(
        { origin: upstream.origin, path, method: request.method as Dispatcher.HttpMethod, headers: forwarded, body },
        this,
      );
    } catch (error) {
      // Undici refuses what is no valid HTTP, such as a header that Node let in.
      this.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  // The handler of the dispatch: undici calls these.

  onConnect(abort: (error?: Error) => void): void {
    if (this.#ended) {
      abort();
      return;
    }
    this.#abortUpstream = abort;
    this.#connected = true;
    this.#activeMs = performance.now();
    this.#record((recording) => {
      recording.times.connectedMs = this.#activeMs;
    });
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, statusText: string): boolean {
    if (status < 200) return true;
    const { response } = this.#parts;
    this.#activeMs = performance.now();
    this.#resumeUpstream = resume;
    const headers = readResponseHeaders(raw);
    const contentType = headerValue(headers, 'content-type').toLowerCase();
    const contentEncoding = headerValue(headers, 'content-encoding');
    if (
      this.#filter !== undefined &&
      !(contentType.includes('text/event-stream') && /^(?:identity)?$/i.test(contentEncoding))
    ) {
      this.#filter = undefined;
    }
    // A stream that loses an event is shorter than its upstream said.
    const passed = this.#filter === undefined ? headers : withHeader(headers, 'content-length', undefined);
    response.sendDate = false;
    response.writeHead(status, statusText, passed);
    this.#headed = true;
    response.on('drain', () => {
      this.#blocked = false;
      this.#activeMs = performance.now();
      this.#resumeUpstream?.();
    });
    this.#record((recording) => {
      recording.times.headersMs = this.#activeMs;
      recording.takeHead({ status, contentType, contentEncoding });
    });
    // The headers go with the first piece when it is there already, else by themselves.
    process.nextTick(() => {
      if (!this.#flowing && !this.#ended) response.flushHeaders();
    });
    return true;
  }

  onData(chunk: Buffer): boolean {
    const { response } = this.#parts;
    this.#activeMs = performance.now();
    this.#flowing = true;
    const passed = this.#filter === undefined ? chunk : this.#filter.push(chunk);
    const room = passed.length === 0 || response.write(passed);
    this.#record((recording) => recording.takeChunk(chunk));
    this.#blocked = !room;
    return room;
  }

  onComplete(trailers: readonly (Buffer | string)[] | null): void {
    const { response } = this.#parts;
    if (this.#ended) return;
    if (this.#filter !== undefined) {
      const rest = this.#filter.end();
      if (rest.length > 0) response.write(rest);
    }
    if (trailers !== null && trailers.length > 0)
      response.addTrailers(pairs(readResponseHeaders(trailers.map(toBuffer))));
    response.end();
    this.#end({ kind: 'answered' });
  }

  onError(error: Error): void {
    if (this.#ended) return;
    const { response, upstream, path } = this.#parts;
    const timedOut = this.#timeout !== undefined || codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT';
    const message = this.#timeout ?? describe(error, upstream);
    // What has begun cannot end well: the client must see a broken connection, not the end of an answer.
    if (this.#headed) response.destroy();
    else {
      const query = path.indexOf('?');
      refuse(
        response,
        timedOut ? 504 : 502,
        `${upstream.name}: ${message}`,
        query === -1 ? path : path.slice(0, query),
      );
    }
    this.#end(timedOut ? { kind: 'timeout', message } : { kind: 'failed', errorType: errorType(error), message });
  }

  /** The server closes: the call is cut. */
  cut(): void {
    this.#giveUpWith('the gateway is closing');
  }

  #giveUp(reason: string): void {
    this.#timeout = reason;
    this.#giveUpWith(reason);
  }

  #giveUpWith(reason: string): void {
    const error = new Error(reason);
    this.onError(error);
    this.#abortUpstream?.(error);
    this.#upload?.destroy();
  }

  /** The client left. */
  #cancel(): void {
    if (this.#ended) return;
    this.#end({ kind: 'cancelled' });
    this.#abortUpstream?.(new Error('the client left'));
    this.#upload?.destroy();
  }

  #end(outcome: CallOutcome): void {
    this.#ended = true;
    this.#giveRoom();
    this.#record((recording) => {
      recording.times.endMs = performance.now();
    });
    this.#parts.onEnd(this, outcome);
  }

  #record(work: (recording: CallRecording) => void): void {
    const { recording, guard } = this.#parts;
    if (recording !== undefined) guard(() => work(recording));
  }
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function errorType(error: Error): string {
  return codeOf(error) || error.name;
}

/** Says what failed without quoting the request: an error's own words may hold a header. */
function describe(error: Error, { host, port }: Upstream): string {
  const code = codeOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${host}:${port}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${host} could not be resolved (${code})`;
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `${host}:${port} took no connection in time`;
    case 'UND_ERR_SOCKET':
    case 'ECONNRESET':
      return `${host}:${port} closed the connection before the answer was whole`;
    case '':
      return 'the call could not be passed on';
    default:
      return `the call could not be passed on (${code})`;
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const list: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) list.push([flat[i] as string, flat[i + 1] as string]);
  return list;
}

function toBuffer(value: Buffer | string): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
}
