import type { Counter, Histogram } from '@vedetta/metrics';
import type { HttpRequestFacts } from './facts.js';
import type { CurrentTrace, MeasureHost } from './measures.js';
import { exemplarOf, toAmount, toSeconds } from './measures.js';

/** Of every size from a short JSON to a large upload. */
const SIZE_BOUNDS_BYTES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864];

/** What the routers of some frameworks call the route of everything. */
const NO_ROUTES: ReadonlySet<string> = new Set(['', '*', '/*']);
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS QUERY CONNECT TRACE PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK'.split(
    ' ',
  ),
);

/** Calls and their time: the two metrics that the server too derives from a request's span. */
export class HttpMeasures {
  readonly #host: MeasureHost;
  readonly #requests: Counter;
  readonly #seconds: Histogram;

  constructor(host: MeasureHost) {
    this.#host = host;
    const { registry } = host;
    this.#requests = registry.counter({
      name: 'http_requests_total',
      help: 'HTTP requests that were answered.',
      labels: ['method', 'endpoint', 'status'],
    });
    this.#seconds = registry.histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer an HTTP request.',
      labels: ['method', 'endpoint'],
    });
  }

  record(facts: HttpRequestFacts, trace: CurrentTrace | undefined = this.#host.trace()): void {
    const method = methodOf(facts.method);
    const endpoint = endpointOf(facts.endpoint);
    const seconds = toSeconds(facts.durationMs);
    const exemplar = exemplarOf(this.#host, seconds ?? 0, trace);
    this.#requests.add([method, endpoint, String(facts.status)], 1, exemplar);
    if (seconds !== undefined) this.#seconds.observe([method, endpoint], seconds, exemplar);
    this.#host.changed();
  }
}

/** What the server does not know of calls: their sizes as histograms, and how many run now. */
export class HttpSizeMeasures {
  readonly #host: MeasureHost;
  readonly #requestBytes: Histogram;
  readonly #responseBytes: Histogram;
  #inFlight = 0;

  constructor(host: MeasureHost) {
    this.#host = host;
    const { registry } = host;
    const labels = ['method', 'endpoint'];
    this.#requestBytes = registry.histogram({
      name: 'http_request_size_bytes',
      help: 'Size of the body of an HTTP request.',
      labels,
      bounds: SIZE_BOUNDS_BYTES,
    });
    this.#responseBytes = registry.histogram({
      name: 'http_response_size_bytes',
      help: 'Size of the body of the answer to an HTTP request.',
      labels,
      bounds: SIZE_BOUNDS_BYTES,
    });
    registry.collector('http_requests_in_flight', {
      collect: () => ({
        name: 'http_requests_in_flight',
        help: 'HTTP requests that are being answered now.',
        labels: [],
        kind: 'gauge',
        series: [{ labelValues: [], value: this.#inFlight }],
      }),
    });
  }

  started(): void {
    this.#inFlight += 1;
  }

  ended(): void {
    this.#inFlight -= 1;
  }

  record({ method, endpoint, requestSizeBytes, responseSizeBytes }: HttpRequestFacts): void {
    const labels = [methodOf(method), endpointOf(endpoint)];
    const asked = toAmount(requestSizeBytes);
    const answered = toAmount(responseSizeBytes);
    if (asked !== undefined) this.#requestBytes.observe(labels, asked);
    if (answered !== undefined) this.#responseBytes.observe(labels, answered);
    this.#host.changed();
  }
}

function methodOf(method: unknown): string {
  if (typeof method !== 'string') return '_OTHER';
  if (METHODS.has(method)) return method;
  const upper = method.length > 20 ? '' : method.toUpperCase();
  return METHODS.has(upper) ? upper : '_OTHER';
}

function endpointOf(endpoint: string | undefined): string {
  return endpoint === undefined || NO_ROUTES.has(endpoint) ? 'unknown' : endpoint;
}
