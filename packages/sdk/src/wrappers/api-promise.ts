import type { Abandonable } from './abandoned.js';
import { whenCollected } from './abandoned.js';
import type { CallRecorder } from './call-recorder.js';
import { define } from './observe-iterator.js';
import type { StreamUsage } from './observe-stream.js';
import { isStream, observeStream } from './observe-stream.js';
import { safely } from './safely.js';

/**
 * What the clients of OpenAI and Anthropic answer a call with: a promise that sends the call at once and parses the answer when
 * it is first waited for. Both parts are plain members, and helpers of the clients make further promises out of them.
 */
export interface ApiPromiseLike {
  responsePromise: Promise<ResponseProps>;
  parseResponse: (client: unknown, props: ResponseProps) => Promise<unknown>;
}

/** An answer whose body was not read yet. */
interface ResponseProps {
  readonly response?: Response;
  readonly retryOfRequestLogID?: unknown;
}

/** True for a promise of that kind. */
export function isApiPromise(value: unknown): value is ApiPromiseLike {
  if (!(value instanceof Promise)) return false;
  const { responsePromise, parseResponse } = value as Promise<unknown> & Partial<ApiPromiseLike>;
  return responsePromise instanceof Promise && typeof parseResponse === 'function';
}

/** Listens in on a call without changing when it is sent, when it is parsed, or who hears of its errors. */
export function observeApiPromise(promise: ApiPromiseLike, call: CallRecorder, usage: StreamUsage | undefined): void {
  const { parseResponse } = promise;
  const state = new ReadState(call);
  const sent = promise.responsePromise.then(
    (props) => {
      safely(() => noteResponse(call, props));
      return props;
    },
    (error: unknown) => {
      safely(() => call.fail(error));
      throw error;
    },
  );
  noticeRawReading(sent, call, state);
  promise.responsePromise = sent;
  promise.parseResponse = async (client, props) => {
    state.isParsed = true;
    let result: unknown;
    try {
      result = await Reflect.apply(parseResponse, promise, [client, props]);
    } catch (error) {
      safely(() => call.fail(error));
      throw error;
    }
    safely(() => readResult(result, call, usage));
    return result;
  };
  whenCollected(promise, call, state);
}

function readResult(result: unknown, call: CallRecorder, usage: StreamUsage | undefined): void {
  if (isStream(result)) observeStream(result, call, usage);
  // A binary answer is handed over as it is: reading it is the caller's.
  else if (result instanceof Response) call.end();
  else call.document(result);
}

function noteResponse(call: CallRecorder, { response, retryOfRequestLogID }: ResponseProps): void {
  const { status } = response ?? {};
  if (typeof status === 'number') call.note('http.response.status_code', status);
  if (typeof retryOfRequestLogID === 'string') call.note('vedetta.client.retried', true);
  call.responded();
}

/**
 * `asResponse()` hands the answer's body to the caller and parses nothing: the call is over when that happens. Parsing begins
 * inside the same callback, so that a callback which returns without having begun it is the other kind.
 */
function noticeRawReading(sent: Promise<ResponseProps>, call: CallRecorder, state: ReadState): void {
  const { then } = Promise.prototype;
  define(sent, 'then', (onValue, onError) => {
    if (typeof onValue !== 'function') return Reflect.apply(then, sent, [onValue, onError]);
    const listener = (props: ResponseProps) => {
      const answer: unknown = onValue(props);
      if (!state.isParsed) queueMicrotask(() => safely(() => state.isParsed || call.end()));
      return answer;
    };
    return Reflect.apply(then, sent, [listener, onError]);
  });
}

/** Whether the client has begun to parse an answer. Does not know the promise, which may be collected before. */
class ReadState implements Abandonable {
  isParsed = false;
  readonly #call: CallRecorder;

  constructor(call: CallRecorder) {
    this.#call = call;
  }

  abandoned(): void {
    if (!this.isParsed) this.#call.unreachable();
  }
}
