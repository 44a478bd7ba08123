import type { Endpoint, RequestFacts, ResponseReader } from '@vedetta/providers';
import { AwsEventReader } from '../stream/aws-event-reader.js';
import { JsonArrayReader } from '../stream/json-array-reader.js';
import { NdjsonReader } from '../stream/ndjson-reader.js';
import { SseReader } from '../stream/sse-reader.js';
import type { OnEvent, StreamReader } from '../stream/stream-reader.js';
import { BodyCopy } from './body-copy.js';
import type { CaptureBudget } from './capture-budget.js';
import type { Coding } from './decode.js';
import { CopyDecoder, codingOf } from './decode.js';
import { NOT_JSON, parseJson, withoutSecrets } from './json-text.js';
import type { BodyState } from './request-copy.js';

/** A stream's chunks are read when so many wait, so that a long one does not pile up until its end. */
const READ_AT_BYTES = 64 * 1024;

type Framing = 'sse' | 'ndjson' | 'json_array' | 'aws' | 'none';

/** What a response's head says of its body. */
export interface ResponseHead {
  readonly status: number;
  readonly contentType: string;
  readonly contentEncoding: string;
}

/** The copy of a response's body, read apart from the call: as a whole, or event by event with the time each came at. */
export class ResponseCopy {
  readonly body: BodyCopy;
  readonly reader: ResponseReader;
  readonly #head: ResponseHead;
  readonly #framing: Framing;
  readonly #coding: Coding;
  readonly #secrets: readonly string[];
  readonly #budget: CaptureBudget;
  readonly #stream: StreamReader | undefined;
  readonly #decoder: CopyDecoder | undefined;
  #waiting: { readonly chunk: Buffer; readonly atMs: number }[] = [];
  #waitingBytes = 0;
  #decoding: Promise<void> | undefined;
  #nowMs = 0;
  #decoded: Buffer[] = [];
  #lost = false;
  state: BodyState = 'empty';
  /** When the first content came, and the first that is no reasoning; on the clock that `push` was given. */
  firstContentMs: number | undefined;
  firstVisibleMs: number | undefined;
  sawReasoning = false;
  /** Pieces of content so far, about a token each. */
  contentPieces = 0;
  events = 0;

  constructor(
    endpoint: Endpoint,
    /** What the request says; asked only when the response's head leaves open whether it streams. */
    request: () => RequestFacts | undefined,
    head: ResponseHead,
    budget: CaptureBudget,
    secrets: readonly string[],
  ) {
    this.#head = head;
    this.#budget = budget;
    this.#secrets = secrets;
    this.#coding = codingOf(head.contentEncoding);
    this.#framing = framingOf(endpoint, request, head);
    this.body = new BodyCopy(budget);
    this.reader = endpoint.readResponse();
    this.#stream = createReader(this.#framing, (text, name) => this.#takeEvent(text, name));
    if (this.#coding !== 'identity' && this.#coding !== 'unknown') {
      this.#decoder = new CopyDecoder(this.#coding, (chunk) => {
        if (this.#stream === undefined) this.#decoded.push(chunk);
        else this.#stream.push(chunk);
      });
    }
  }

  /** The response is read event by event. */
  get isStream(): boolean {
    return this.#stream !== undefined;
  }

  push(chunk: Buffer, atMs: number): void {
    if (this.#stream === undefined) {
      this.body.push(chunk);
      return;
    }
    this.body.sizeBytes += chunk.length;
    if (this.#lost) return;
    if (!this.#budget.take(chunk.length)) {
      // A gap in a stream would join the halves of two events.
      this.#lost = true;
      return;
    }
    this.#waiting.push({ chunk, atMs });
    this.#waitingBytes += chunk.length;
    if (this.#waitingBytes >= READ_AT_BYTES) this.readWaiting();
  }

  /** Reads the events of a stream that have come; never waits. */
  readWaiting(): void {
    const stream = this.#stream;
    if (stream === undefined || this.#waiting.length === 0 || this.#coding === 'unknown') return;
    if (this.#decoder !== undefined) {
      this.#decoding ??= this.#decodeWaiting();
      return;
    }
    for (const { chunk, atMs } of this.#takeWaiting()) {
      this.#nowMs = atMs;
      stream.push(chunk);
    }
  }

  /** Reads what is left, once everything has passed. */
  finish(): Promise<void> | undefined {
    if (this.#decoder !== undefined) return this.#finishDecoding(this.#decoder);
    if (this.#stream === undefined) {
      const { truncated } = this.body;
      const bytes = this.body.take();
      this.#readDocument(this.#coding === 'unknown' ? undefined : bytes, truncated);
      return undefined;
    }
    this.readWaiting();
    this.#takeWaiting();
    this.#endStream();
    return undefined;
  }

  /** Gives back the memory of what was not read. */
  release(): void {
    this.body.release();
    this.#takeWaiting();
  }

  #takeWaiting(): { readonly chunk: Buffer; readonly atMs: number }[] {
    const waiting = this.#waiting;
    this.#budget.give(this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    return waiting;
  }

  async #decodeWaiting(): Promise<void> {
    while (this.#waiting.length > 0) {
      for (const { chunk, atMs } of this.#takeWaiting()) {
        this.#nowMs = atMs;
        await this.#decoder?.write(chunk);
      }
    }
    this.#decoding = undefined;
  }

  async #finishDecoding(decoder: CopyDecoder): Promise<void> {
    if (this.#stream === undefined) {
      const { truncated } = this.body;
      await decoder.write(this.body.take());
      await decoder.end();
      this.#readDocument(Buffer.concat(this.#decoded), truncated || decoder.failed);
      this.#decoded = [];
      return;
    }
    this.readWaiting();
    await this.#decoding;
    await decoder.end();
    if (decoder.failed) this.#lost = true;
    this.#endStream();
  }

  #readDocument(bytes: Buffer | undefined, truncated: boolean): void {
    if (this.body.sizeBytes === 0) return;
    const value =
      bytes === undefined || truncated ? NOT_JSON : parseJson(withoutSecrets(bytes.toString('utf8'), this.#secrets));
    this.state = value !== NOT_JSON ? 'json' : truncated ? 'truncated' : 'not_json';
    if (value !== NOT_JSON) this.reader.document(value);
  }

  #endStream(): void {
    this.#stream?.end();
    if (this.#lost || this.#stream?.cut === true) this.state = 'truncated';
    else if (this.#coding === 'unknown') this.state = 'not_json';
    else if (this.events > 0) this.state = 'json';
    else this.state = this.body.sizeBytes === 0 ? 'empty' : 'not_json';
  }

  #takeEvent(text: string, name: string): void {
    // `[DONE]` ends the streams of OpenAI's kind: the one event that is no JSON by design.
    const value = text === '[DONE]' ? text : parseJson(withoutSecrets(text, this.#secrets));
    if (value === NOT_JSON) return;
    this.events += 1;
    const kind = this.reader.event(value, name);
    if (kind === 'none') return;
    this.contentPieces += 1;
    this.firstContentMs ??= this.#nowMs;
    if (kind === 'reasoning') this.sawReasoning = true;
    else this.firstVisibleMs ??= this.#nowMs;
  }

  get status(): number {
    return this.#head.status;
  }
}

function framingOf(endpoint: Endpoint, request: () => RequestFacts | undefined, head: ResponseHead): Framing {
  const { contentType, status } = head;
  if (contentType.includes('text/event-stream')) return 'sse';
  if (contentType.includes('vnd.amazon.eventstream')) return 'aws';
  if (/ndjson|jsonl|stream\+json/.test(contentType)) return 'ndjson';
  if (status >= 400) return 'none';
  // A server that answers a streaming request with one JSON document says so by its type; arrays and lines have no type of their own.
  if (endpoint.streamFraming === 'sse' && (contentType.includes('json') || contentType.startsWith('audio/')))
    return 'none';
  const streams = request()?.stream ?? endpoint.streamsByDefault ?? false;
  return streams ? endpoint.streamFraming : 'none';
}

function createReader(framing: Framing, onEvent: OnEvent): StreamReader | undefined {
  switch (framing) {
    case 'sse':
      return new SseReader(onEvent);
    case 'ndjson':
      return new NdjsonReader(onEvent);
    case 'json_array':
      return new JsonArrayReader(onEvent);
    case 'aws':
      return new AwsEventReader(onEvent);
    case 'none':
      return undefined;
  }
}
