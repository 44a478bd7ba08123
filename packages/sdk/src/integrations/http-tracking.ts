import { httpCallsOf } from '../metrics/http-calls.js';
import type { Monitor } from '../monitor.js';
import type { IncomingHeaders, RequestOptions, TrackedRequest } from '../request.js';
import type { RequestRecorder } from '../request-recorder.js';

/** What an integration knows of a call when it arrives. */
export interface HttpCall {
  /** In upper case. */
  readonly method: string;
  /** Without the query string: that may hold anything. */
  readonly path: string;
  readonly headers: IncomingHeaders;
}

/** How calls become requests. */
export interface HttpTrackingOptions {
  /** Which calls to track: leave out health checks and static files here. Default: all. */
  readonly track?: (call: HttpCall) => boolean;
  /** More about the request: its name, modality, user... Default name: method and path. */
  readonly describe?: (call: HttpCall) => RequestOptions;
  /**
   * Pattern of the call's route, `/orders/:id`, where no framework knows it: what is counted at `/metrics` is counted by it. A
   * handler may say it too, as the attribute `http.route` of `monitor.current()`. Default: the framework's, else `unknown`.
   */
  readonly route?: (call: HttpCall) => string | undefined;
  /** Which answers count as failed. Default: status 500 and above. */
  readonly isFailure?: (statusCode: number) => boolean;
}

/** How a call ended. */
export interface HttpOutcome {
  /** `undefined` when no answer was begun. */
  readonly statusCode: number | undefined;
  readonly responseSizeBytes: number | undefined;
  /** The client went away before the answer was complete. */
  readonly aborted: boolean;
}

/** A call that is tracked. */
export interface HttpTracking {
  readonly request: TrackedRequest;
  /** The body has arrived and the handler takes over. */
  received(): void;
  /** The framework was given an error, and goes on to answer. */
  failed(error: unknown): void;
  /** The handler threw and nobody is there to catch it: the request is over, and the process may be. */
  crashed(error: unknown): void;
  /** The route's pattern, when the framework knows it. */
  route(pattern: string): void;
  finish(outcome: HttpOutcome): void;
}

/** An attribute of the request: what was said last, by the framework or by the handler. */
const ROUTE = 'http.route';

/** Starts the request of a call, with the phases `total_request` and `request_received`; `undefined` for one that is not tracked. */
export function trackCall(
  monitor: Monitor,
  call: HttpCall,
  sizeBytes: number | undefined,
  options: HttpTrackingOptions,
): HttpTracking | undefined {
  if (!isTracked(call, options)) return undefined;
  const startMs = performance.now();
  const calls = httpCallsOf(monitor);
  calls?.started();
  let isCounted = false;
  const request = monitor.startRequest({
    name: `${call.method} ${call.path}`,
    headers: call.headers,
    ...(sizeBytes === undefined ? {} : { requestSizeBytes: sizeBytes }),
    attributes: { 'http.request.method': call.method, 'url.path': call.path },
    ...describe(call, options),
  });
  const total = request.startPhase('total_request');
  const arrival = total.phase('request_received');
  const pattern = routeOf(call, options);
  if (pattern !== undefined) request.set({ attributes: { [ROUTE]: pattern } });
  let thrown: { readonly error: unknown } | undefined;
  return {
    request,
    received: () => {
      arrival.end();
    },
    failed(error) {
      thrown ??= { error };
    },
    crashed(error) {
      request.end({ success: false, error });
    },
    route(pattern) {
      request.set({ attributes: { [ROUTE]: pattern } });
    },
    finish({ statusCode, responseSizeBytes, aborted }) {
      if (!isCounted) {
        isCounted = true;
        const route = (request as Partial<RequestRecorder>).details?.attributes?.get(ROUTE);
        calls?.ended(
          {
            method: call.method,
            status: statusCode ?? 'error',
            durationMs: performance.now() - startMs,
            ...(typeof route === 'string' ? { endpoint: route } : {}),
            ...(sizeBytes === undefined ? {} : { requestSizeBytes: sizeBytes }),
            ...(responseSizeBytes === undefined ? {} : { responseSizeBytes }),
          },
          { traceId: request.traceId, spanId: (request as Partial<RequestRecorder>).rootSpanId ?? '' },
        );
      }
      if (statusCode !== undefined) request.set({ attributes: { 'http.response.status_code': statusCode } });
      const failed = statusCode !== undefined && isFailure(statusCode, options);
      const sized = responseSizeBytes === undefined ? {} : { responseSizeBytes };
      if (aborted) {
        request.end({
          ...sized,
          success: false,
          status: 'cancelled',
          errorType: 'client_disconnected',
          errorMessage: 'the client went away before the answer was complete',
        });
      } else if (failed) {
        request.end({ ...sized, success: false, ...(thrown ?? { errorType: String(statusCode) }) });
      } else request.end(sized);
    },
  };
}

function isTracked(call: HttpCall, options: HttpTrackingOptions): boolean {
  try {
    return options.track?.(call) ?? true;
  } catch {
    return true;
  }
}

function describe(call: HttpCall, options: HttpTrackingOptions): RequestOptions {
  try {
    return options.describe?.(call) ?? {};
  } catch {
    return {};
  }
}

function routeOf(call: HttpCall, options: HttpTrackingOptions): string | undefined {
  try {
    return options.route?.(call);
  } catch {
    return undefined;
  }
}

function isFailure(statusCode: number, options: HttpTrackingOptions): boolean {
  try {
    return options.isFailure?.(statusCode) ?? statusCode >= 500;
  } catch {
    return statusCode >= 500;
  }
}

/** The path of a request target, without query and fragment. */
export function pathOf(target: string): string {
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}

/** A `content-length` as a number of bytes; `undefined` when it is absent or no number. */
export function contentLength(value: unknown): number | undefined {
  const bytes = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
