import type { SdkEnvironment } from '../environment.js';

/** Who exports go to, as the user says it. */
export interface TargetOptions {
  readonly endpoint?: string;
  readonly apiKey?: string;
  readonly headers?: { readonly [name: string]: string };
}

/** Who exports go to. */
export interface Target {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** Only `OTEL_EXPORTER_OTLP_ENDPOINT` says where to send: what listens there need not be Vedetta. */
  readonly isForeign: boolean;
  /** What was given and could not be used, in a sentence. */
  readonly problem: string | undefined;
}

const DEFAULT_ENDPOINT = 'http://127.0.0.1:8080';
/** Of the signals of OTLP/HTTP: an endpoint that ends in one of them is taken for its base. */
const SIGNAL_PATH = /\/v1\/(?:traces|metrics|logs)$/;

/** User's word, then the environment, then the local server. `path` is that of the signal. */
export function resolveTarget(
  options: TargetOptions,
  environment: SdkEnvironment,
  path: '/v1/traces' | '/v1/metrics',
): Target {
  const own = options.endpoint ?? environment.endpoint;
  const wanted = own ?? environment.otlpEndpoint ?? DEFAULT_ENDPOINT;
  const url = signalUrl(wanted, path);
  const isForeign = own === undefined && environment.otlpEndpoint !== undefined;
  const apiKey = options.apiKey ?? environment.apiKey;
  const headers: { [name: string]: string } = isForeign ? parseHeaderList(environment.otlpHeaders) : {};
  // Names in lower case, or the same header could be there twice.
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = String(value);
  if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
  return {
    url: url ?? DEFAULT_ENDPOINT + path,
    headers,
    isForeign,
    problem:
      url === undefined
        ? `the endpoint ${JSON.stringify(String(wanted).slice(0, 200))} is not an http or https URL; ${DEFAULT_ENDPOINT} is used instead`
        : undefined,
  };
}

/** `undefined` when the endpoint is no HTTP URL. */
function signalUrl(endpoint: string, path: string): string | undefined {
  try {
    const url = new URL(endpoint);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
    url.pathname = url.pathname.replace(/\/+$/, '').replace(SIGNAL_PATH, '') + path;
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
