/** Where the server answers as Prometheus does. */
export const PROMETHEUS_URL = '/prometheus';

export type Labels = Readonly<Record<string, string>>;

/** A sample of a native histogram as the API writes it: count and sum, without the buckets. */
export interface HistogramSample {
  readonly timeMs: number;
  readonly count: number;
  readonly sum: number;
}

/** One series of an answer, with its samples in columns. */
export interface PromSeries {
  readonly labels: Labels;
  /** Milliseconds since the epoch, ascending. */
  readonly times: readonly number[];
  /** As many as times; `NaN` and infinities too. */
  readonly values: readonly number[];
  /** Samples that are native histograms, apart from the others. */
  readonly histograms: readonly HistogramSample[];
}

/** What a query gives. The series of a vector have one sample each. */
export type PromData =
  | { readonly type: 'matrix' | 'vector'; readonly series: readonly PromSeries[] }
  | { readonly type: 'scalar'; readonly timeMs: number; readonly value: number }
  | { readonly type: 'string'; readonly timeMs: number; readonly value: string };

export interface PromAnswer<Data> {
  readonly data: Data;
  /** The answer may not be what was meant. */
  readonly warnings: readonly string[];
  /** The query may not be what was meant. */
  readonly infos: readonly string[];
  /** From the question to the whole of the answer. */
  readonly durationMs: number;
}

export interface MetricMetadata {
  /** `counter`, `gauge`, `histogram`, `summary` or another word. */
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** An error as Prometheus' API states it. */
export class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
  /** `bad_data`, `execution`, `timeout`, `unavailable` and others; `''` when the answer was none of this API. */
  readonly kind: string;
  readonly status: number;
  constructor(kind: string, status: number, message: string) {
    super(message);
    this.kind = kind;
    this.status = status;
  }
}

/** Evaluates at one time; now by the server's clock where it is absent. Throws {@link PrometheusError}, or an AbortError. */
export async function queryInstant(
  query: string,
  options: { readonly timeMs?: number; readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<PromAnswer<PromData>> {
  const { timeMs, limit, signal } = options;
  const answer = await ask<RawData>('query', { query, time: toSeconds(timeMs), limit: limit?.toString() }, signal);
  return { ...answer, data: readData(answer.data) };
}

/** Evaluates at every step of a range, both ends included. At most 11,000 steps. Errors as {@link queryInstant}. */
export async function queryRange(
  query: string,
  options: {
    readonly startMs: number;
    readonly endMs: number;
    readonly stepMs: number;
    readonly limit?: number;
    readonly signal?: AbortSignal;
  },
): Promise<PromAnswer<Extract<PromData, { type: 'matrix' | 'vector' }>>> {
  const { startMs, endMs, stepMs, limit, signal } = options;
  const form = {
    query,
    start: toSeconds(startMs),
    end: toSeconds(endMs),
    step: toSeconds(stepMs),
    limit: limit?.toString(),
  };
  const answer = await ask<RawData>('query_range', form, signal);
  const data = readData(answer.data);
  if (data.type !== 'matrix') throw new PrometheusError('', 200, `a range query gave a ${data.type}`);
  return { ...answer, data };
}

/** Exemplars of one series. */
export interface SeriesExemplars {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: number; readonly timeMs: number }[];
}

/** Exemplars of all series that some selector of the query lets pass, with times from `startMs` to `endMs`. */
export async function queryExemplars(
  query: string,
  options: { readonly startMs: number; readonly endMs: number; readonly signal?: AbortSignal },
): Promise<readonly SeriesExemplars[]> {
  const form = { query, start: toSeconds(options.startMs), end: toSeconds(options.endMs) };
  const { data } = await ask<RawExemplars[]>('query_exemplars', form, options.signal);
  return data.map(({ seriesLabels, exemplars }) => ({
    seriesLabels,
    exemplars: exemplars.map(({ labels, value, timestamp }) => ({
      labels,
      value: readValue(value),
      timeMs: toMs(timestamp),
    })),
  }));
}

/** Names of labels, of all series or those that a selector lets pass, sorted. */
export async function labelNames(match: readonly string[] = [], signal?: AbortSignal): Promise<readonly string[]> {
  return (await ask<string[]>('labels', { 'match[]': match }, signal)).data;
}

/** Values of a label, likewise. The names of all metrics are those of `__name__`. */
export async function labelValues(
  label: string,
  match: readonly string[] = [],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const path = `label/${encodeURIComponent(escapeName(label))}/values`;
  return (await ask<string[]>(path, { 'match[]': match }, signal, 'GET')).data;
}

/** Labels of the series that some selector lets pass, at most `limit`. */
export async function listSeries(
  match: readonly string[],
  limit?: number,
  signal?: AbortSignal,
): Promise<readonly Labels[]> {
  return (await ask<Labels[]>('series', { 'match[]': match, limit: limit?.toString() }, signal)).data;
}

/** Kind and help of every metric that the server knows them of, by name. */
export async function listMetadata(signal?: AbortSignal): Promise<ReadonlyMap<string, MetricMetadata>> {
  const { data } = await ask<Record<string, readonly MetricMetadata[]>>('metadata', {}, signal, 'GET');
  return new Map(Object.entries(data).flatMap(([name, [first]]) => (first === undefined ? [] : [[name, first]])));
}

/** The query laid out over lines as Prometheus does. */
export async function formatQuery(query: string, signal?: AbortSignal): Promise<string> {
  return (await ask<string>('format_query', { query }, signal)).data;
}

/** `name{a="b"}`, as in a query; `{}` for a series without labels. */
export function seriesName(labels: Labels): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.entries(rest).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  if (pairs.length === 0) return name === '' ? '{}' : name;
  return `${name}{${pairs.join(', ')}}`;
}

type RawSample = readonly [seconds: number, value: string];
type RawHistogram = readonly [seconds: number, histogram: { readonly count: string; readonly sum: string }];

interface RawSeries {
  readonly metric: Labels;
  readonly value?: RawSample;
  readonly values?: readonly RawSample[];
  readonly histogram?: RawHistogram;
  readonly histograms?: readonly RawHistogram[];
}

interface RawExemplars {
  readonly seriesLabels: Labels;
  readonly exemplars: readonly { readonly labels: Labels; readonly value: string; readonly timestamp: number }[];
}

type RawData =
  | { readonly resultType: 'matrix' | 'vector'; readonly result: readonly RawSeries[] }
  | { readonly resultType: 'scalar'; readonly result: RawSample }
  | { readonly resultType: 'string'; readonly result: RawSample };

interface Envelope<Data> {
  readonly status?: string;
  readonly data?: Data;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

type Form = Readonly<Record<string, string | readonly string[] | undefined>>;

async function ask<Data>(
  path: string,
  form: Form,
  signal: AbortSignal | undefined,
  method: 'GET' | 'POST' = 'POST',
): Promise<PromAnswer<Data>> {
  const startedMs = performance.now();
  const parameters = toParameters(form);
  const query = method === 'GET' && parameters.size > 0 ? `?${parameters}` : '';
  const response = await fetch(`${PROMETHEUS_URL}/api/v1/${path}${query}`, {
    method,
    headers: { accept: 'application/json' },
    // A query may be longer than an address may be.
    ...(method === 'POST' && { body: parameters }),
    ...(signal !== undefined && { signal }),
  });
  const body = await readEnvelope<Data>(response);
  if (body.status !== 'success' || body.data === undefined) {
    const message = body.error ?? `the server answered ${response.status} ${response.statusText}`;
    throw new PrometheusError(body.errorType ?? '', response.status, message);
  }
  const { data, warnings = [], infos = [] } = body;
  return { data, warnings, infos, durationMs: performance.now() - startedMs };
}

async function readEnvelope<Data>(response: Response): Promise<Envelope<Data>> {
  try {
    const body = (await response.json()) as Envelope<Data> & { readonly detail?: string };
    // Who may not ask at all is told so in the form of the other routes.
    return body.detail !== undefined && body.error === undefined ? { ...body, error: body.detail } : body;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    return {};
  }
}

function toParameters(form: Form): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(form)) {
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) parameters.append(key, one);
  }
  return parameters;
}

function readData(data: RawData): PromData {
  switch (data.resultType) {
    case 'matrix':
    case 'vector':
      return { type: data.resultType, series: data.result.map(readSeries) };
    case 'scalar':
      return { type: 'scalar', timeMs: toMs(data.result[0]), value: readValue(data.result[1]) };
    case 'string':
      return { type: 'string', timeMs: toMs(data.result[0]), value: data.result[1] };
  }
}

function readSeries({ metric, value, values, histogram, histograms }: RawSeries): PromSeries {
  const samples = values ?? (value === undefined ? [] : [value]);
  const others = histograms ?? (histogram === undefined ? [] : [histogram]);
  return {
    labels: metric,
    times: samples.map(([seconds]) => toMs(seconds)),
    values: samples.map(([, text]) => readValue(text)),
    histograms: others.map(([seconds, { count, sum }]) => ({
      timeMs: toMs(seconds),
      count: readValue(count),
      sum: readValue(sum),
    })),
  };
}

/** Numbers come as text: JSON has no infinities. */
function readValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

function toSeconds(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : String(ms / 1000);
}

/** A label's name that is no plain one, as paths have it: `U__http_2e_status`. */
function escapeName(name: string): string {
  if (/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) && !name.startsWith('U__')) return name;
  const escaped = [...name].map((char) => {
    if (char === '_') return '__';
    return /[a-zA-Z0-9]/.test(char) ? char : `_${char.codePointAt(0)?.toString(16)}_`;
  });
  return `U__${escaped.join('')}`;
}
