// Error types that say how a request ended, by what they contain once lower-cased and without separators. Seen as:
// TimeoutError, asyncio.TimeoutError, openai.APITimeoutError, httpx.ReadTimeout, ETIMEDOUT, DEADLINE_EXCEEDED,
// UND_ERR_HEADERS_TIMEOUT; AbortError, APIUserAbortError, CancelledError, context.Canceled, ClientDisconnected.
const TIMEOUT_TYPE = /timeout|timedout|deadlineexceeded/;
const CANCELLED_TYPE = /abort|cancelled|canceled|cancellation|clientdisconnect|clientclosed/;

// HTTP status codes used as error type: request timeout, gateway timeout; client closed request.
const STATUS_STATES: { readonly [status: string]: 'timeout' | 'cancelled' | undefined } = {
  __proto__: null as never,
  '408': 'timeout',
  '504': 'timeout',
  '499': 'cancelled',
};

// Messages that say the same where the type is only `Error`, `_OTHER` or missing.
const TIMEOUT_MESSAGE = /context deadline exceeded|timed out|\btimeout\b/i;
const CANCELLED_MESSAGE =
  /context canceled|operation was aborted|request was aborted|request aborted|was cancelled|was canceled/i;

/** How a failed span ended when it was neither success nor plain failure; `undefined` when the error does not say. */
export function stateOfError(errorType: string, errorMessage: string): 'timeout' | 'cancelled' | undefined {
  const type = errorType
    .slice(0, 200)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  const known = STATUS_STATES[type];
  if (known !== undefined) return known;
  if (TIMEOUT_TYPE.test(type)) return 'timeout';
  if (CANCELLED_TYPE.test(type)) return 'cancelled';
  if (type !== '' && type !== 'error' && type !== 'other' && type !== 'exception') return undefined;
  const message = errorMessage.slice(0, 500);
  if (TIMEOUT_MESSAGE.test(message)) return 'timeout';
  return CANCELLED_MESSAGE.test(message) ? 'cancelled' : undefined;
}
