import { describeError, toText } from '../text.js';

/** What an error says of a call of a model. */
export interface CallError {
  readonly type: string;
  readonly message: string;
  /** Neither success nor failure in the ordinary way. */
  readonly state: 'timeout' | 'cancelled' | undefined;
  /** HTTP status of the answer, when there was one. */
  readonly statusCode: number | undefined;
}

const TIMEOUTS: ReadonlySet<string> = new Set([
  'TimeoutError',
  'APIConnectionTimeoutError',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const ABORTS: ReadonlySet<string> = new Set(['AbortError', 'APIUserAbortError', 'ResponseAborted']);

/**
 * Reads what a client threw. The clients of OpenAI and Anthropic leave `name` at `Error` and tell by the class and by the
 * provider's own `type`. An abort that a signal's time-out caused is a time-out: the signal knows, the error often does not.
 */
export function describeCallError(error: unknown, signal: AbortSignal | undefined): CallError {
  const { type, message } = describeError(error);
  try {
    const {
      constructor: maker,
      type: providerType,
      status,
      status_code,
      statusCode: code,
      cause,
    } = (error ?? {}) as ClientErrorLike;
    const className = typeof maker === 'function' ? toText(maker.name, 200) : '';
    const names = [type, className, ...(cause === undefined || cause === null ? [] : causeNames(cause))];
    const statusCode = [status, status_code, code].find(
      (value) => typeof value === 'number' && value >= 100 && value < 1000,
    );
    const isAbort = names.some((name) => ABORTS.has(name));
    const isTimeout = names.some((name) => TIMEOUTS.has(name)) || (isAbort && isTimedOut(signal));
    const own = type === 'Error' ? className || type : type;
    return {
      type: typeof providerType === 'string' && providerType !== '' ? toText(providerType, 200) : own,
      message,
      state: isTimeout ? 'timeout' : isAbort ? 'cancelled' : undefined,
      statusCode: typeof statusCode === 'number' ? statusCode : undefined,
    };
  } catch {
    return { type, message, state: undefined, statusCode: undefined };
  }
}

/** The signal was aborted by its own clock: `AbortSignal.timeout`, alone or in `AbortSignal.any`. */
export function isTimedOut(signal: AbortSignal | undefined): boolean {
  try {
    return signal?.aborted === true && describeError(signal.reason).type === 'TimeoutError';
  } catch {
    return false;
  }
}

interface ClientErrorLike {
  readonly constructor?: unknown;
  readonly type?: unknown;
  readonly status?: unknown;
  readonly status_code?: unknown;
  readonly statusCode?: unknown;
  readonly cause?: unknown;
}

/** `fetch` says what went wrong in the cause of its `TypeError`. */
function causeNames(cause: unknown): string[] {
  const { code } = cause as { readonly code?: unknown };
  return [describeError(cause).type, ...(typeof code === 'string' ? [code] : [])];
}
