import type * as t from './types.js';

/** An answer of the API with a status of 400 or more; carries the problem details. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly problem: t.Problem;
  constructor(problem: t.Problem) {
    super(problem.detail || problem.title);
    this.status = problem.status;
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Where the server is, such as `http://127.0.0.1:8080`; `''` in a page it serves. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  readonly fetch?: typeof fetch;
}

type Query = { readonly [key: string]: string | number | boolean | undefined };

/** Typed access to the HTTP API; the dashboard and the CLI use nothing else. Methods throw {@link ApiError} on 4xx and 5xx. */
export type VedettaClient = ReturnType<typeof createClient>;

/**
 * Creates a client of Vedetta's HTTP API.
 *
 * @example
 * const vedetta = createClient({ baseUrl: 'http://127.0.0.1:8080' });
 * const { requests } = await vedetta.listRequests({ status: 'failed', from: '1h' });
 */
export function createClient(options: ClientOptions) {
  const doFetch = options.fetch ?? fetch;
  const base = options.baseUrl.replace(/\/+$/, '');

  async function call<T>(
    method: string,
    path: string,
    query?: object,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    const response = await doFetch(base + path + toQueryString(query as Query | undefined), {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!response.ok) throw new ApiError(await readProblem(response));
    return (await response.json()) as T;
  }

  const get = <T>(path: string, query?: object, signal?: AbortSignal) => call<T>('GET', path, query, undefined, signal);
  const id = encodeURIComponent;

  return {
    status: (signal?: AbortSignal) => get<t.Status>('/api/status', undefined, signal),
    health: (signal?: AbortSignal) => get<t.Health>('/api/v1/monitoring/health', undefined, signal),
    stats: (query?: t.ScopeQuery, signal?: AbortSignal) => get<t.Stats>('/api/stats', query, signal),
    timeline: (query?: t.TimelineQuery, signal?: AbortSignal) => get<t.Timeline>('/api/stats/timeline', query, signal),
    daily: (query?: t.DailyQuery, signal?: AbortSignal) => get<t.Daily>('/api/stats/daily', query, signal),
    listRequests: (query?: t.ListRequestsQuery, signal?: AbortSignal) =>
      get<t.RequestPage>('/api/requests', query, signal),
    request: (requestId: string, signal?: AbortSignal) =>
      get<t.Request>(`/api/requests/${id(requestId)}`, undefined, signal),
    requestTimeline: (requestId: string, signal?: AbortSignal) =>
      get<t.RequestTimeline>(`/api/requests/${id(requestId)}/timeline`, undefined, signal),
    active: (signal?: AbortSignal) => get<t.ActiveRequests>('/api/active', undefined, signal),
    errors: (query?: t.LimitQuery, signal?: AbortSignal) => get<t.Errors>('/api/errors', query, signal),
    distribution: (by: t.DistributionKey, query?: t.LimitQuery, signal?: AbortSignal) =>
      get<t.Distribution>(`/api/distribution/${by}`, query, signal),
    models: (query?: t.LimitQuery, signal?: AbortSignal) => get<t.Models>('/api/models', query, signal),
    postEvent: (event: t.PostEvent) => call<t.PostEventResponse>('POST', '/api/events/custom', undefined, event),
    postScore: (requestId: string, score: t.PostScore) =>
      call<t.PostScoreResponse>('POST', `/api/requests/${id(requestId)}/scores`, undefined, score),
    prices: (query?: t.PriceQuery, signal?: AbortSignal) => get<t.Prices>('/api/prices', query, signal),
    recost: (request: t.RecostRequest = {}) => call<t.RecostResponse>('POST', '/api/prices/recost', undefined, request),
    clearLogs: (days: number, samplesDays: number = days) =>
      call<t.ClearLogsResponse>('DELETE', '/api/logs/clear', { days, samples_days: samplesDays }),
    systemMetrics: (query?: t.SystemMetricsQuery, signal?: AbortSignal) =>
      get<t.SystemMetrics>('/api/metrics/system', query, signal),
    metricsSummary: (query?: t.MetricsSummaryQuery, signal?: AbortSignal) =>
      get<t.MetricsSummary>('/api/metrics/summary', query, signal),
    dashboards: (signal?: AbortSignal) => get<t.DashboardList>('/api/dashboards', undefined, signal),
    dashboard: (uid: string, signal?: AbortSignal) =>
      get<t.StoredDashboard>(`/api/dashboards/${id(uid)}`, undefined, signal),
    putDashboard: (uid: string, body: t.PutDashboard) =>
      call<t.PutDashboardResponse>('PUT', `/api/dashboards/${id(uid)}`, undefined, body),
    deleteDashboard: (uid: string, query?: t.DeleteDashboardQuery) =>
      call<t.DeleteDashboardResponse>('DELETE', `/api/dashboards/${id(uid)}`, query),
    sql: (request: t.SqlRequest, signal?: AbortSignal) =>
      call<t.SqlResponse>('POST', '/api/sql', undefined, request, signal),
  };
}

/** `?a=1&b=2`, or `''` when nothing is set; undefined and empty values are left out. */
export function toQueryString(
  query: { readonly [key: string]: string | number | boolean | undefined } | undefined,
): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

async function readProblem(response: Response): Promise<t.Problem> {
  const fallback = { type: 'about:blank', title: response.statusText, status: response.status };
  try {
    const body = (await response.json()) as Partial<t.Problem> & { message?: string };
    return { ...fallback, ...body, detail: body.detail ?? body.message ?? response.statusText };
  } catch {
    return { ...fallback, detail: `the server answered ${response.status} ${response.statusText}` };
  }
}
