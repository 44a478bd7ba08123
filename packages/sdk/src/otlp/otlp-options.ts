import type { SdkEnvironment } from '../environment.js';

/** How spans are sent over OTLP/HTTP. Everything has a default. */
export interface OtlpSinkOptions {
  /** Base URL; `/v1/traces` is appended. Default: `VEDETTA_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, else the local server. */
  readonly endpoint?: string;
  /** Sent as `authorization: Bearer <key>`. Default: `VEDETTA_API_KEY`. */
  readonly apiKey?: string;
  readonly headers?: { readonly [name: string]: string };
  /** Overrides the monitor's. */
  readonly serviceName?: string;
  /**
   * Announce requests that still run. Default: yes, unless the endpoint came from `OTEL_EXPORTER_OTLP_ENDPOINT`: other
   * receivers take a span without an end for a broken one.
   */
  readonly announcements?: boolean;
  /** Spans that may wait; what comes on top is dropped and counted. Default 32768. */
  readonly maxQueueSpans?: number;
  /** Estimated bytes that may wait. Default 16 MiB. */
  readonly maxQueueBytes?: number;
  /** Spans in one call. Default 512. */
  readonly batchSpans?: number;
  /** Longest wait of a span for others to travel with, in milliseconds. Default 250. */
  readonly flushIntervalMs?: number;
  /** A call without an answer counts as lost after this, in milliseconds. Default 10000. */
  readonly timeoutMs?: number;
}

/** Options with every default filled in. */
export interface ResolvedOtlpOptions {
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly serviceName: string | undefined;
  readonly announcements: boolean;
  readonly maxQueueSpans: number;
  readonly maxQueueBytes: number;
  readonly batchSpans: number;
  readonly flushIntervalMs: number;
  readonly timeoutMs: number;
  /** What was given and could not be used, in a sentence. */
  readonly problem: string | undefined;
}

const DEFAULT_ENDPOINT = 'http://127.0.0.1:8080';
const PATH = '/v1/traces';

/** User's word, then the environment, then the default. */
export function resolveOtlpOptions(options: OtlpSinkOptions, environment: SdkEnvironment): ResolvedOtlpOptions {
  const own = options.endpoint ?? environment.endpoint;
  const wanted = own ?? environment.otlpEndpoint ?? DEFAULT_ENDPOINT;
  const url = tracesUrl(wanted);
  const isForeign = own === undefined && environment.otlpEndpoint !== undefined;
  const apiKey = options.apiKey ?? environment.apiKey;
  const headers: { [name: string]: string } = isForeign ? parseHeaderList(environment.otlpHeaders) : {};
  // Names in lower case, or the same header could be there twice.
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
  return {
    url: url ?? DEFAULT_ENDPOINT + PATH,
    headers,
    serviceName: options.serviceName,
    announcements: options.announcements ?? !isForeign,
    maxQueueSpans: positive(options.maxQueueSpans, 32_768),
    maxQueueBytes: positive(options.maxQueueBytes, 16 * 1024 * 1024),
    batchSpans: positive(options.batchSpans, 512),
    flushIntervalMs: positive(options.flushIntervalMs, 250),
    timeoutMs: positive(options.timeoutMs, 10_000),
    problem:
      url === undefined
        ? `the endpoint ${JSON.stringify(String(wanted).slice(0, 200))} is not an http or https URL; ${DEFAULT_ENDPOINT} is used instead`
        : undefined,
  };
}

/** `undefined` when the endpoint is no HTTP URL. */
function tracesUrl(endpoint: string): string | undefined {
  try {
    const url = new URL(endpoint);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    const path = url.pathname.replace(/\/+$/, '');
    url.pathname = path.endsWith(PATH) ? path : path + PATH;
    return url.href;
  } catch {
    return undefined;
  }
}

/** `k1=v1,k2=v2` with percent-encoded values, as `OTEL_EXPORTER_OTLP_HEADERS` has it. */
function parseHeaderList(text: string | undefined): { [name: string]: string } {
  const headers: { [name: string]: string } = {};
  for (const pair of (text ?? '').split(',')) {
    const equals = pair.indexOf('=');
    if (equals <= 0) continue;
    const value = pair.slice(equals + 1).trim();
    try {
      headers[pair.slice(0, equals).trim().toLowerCase()] = decodeURIComponent(value);
    } catch {
      headers[pair.slice(0, equals).trim().toLowerCase()] = value;
    }
  }
  return headers;
}

function positive(value: number | undefined, fallback: number): number {
  return typeof value === 'number' && value >= 1 && Number.isFinite(value) ? Math.floor(value) : fallback;
}
