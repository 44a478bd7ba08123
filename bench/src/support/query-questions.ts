/** A question of Prometheus' HTTP API. */
export interface QueryQuestion {
  readonly name: string;
  /** When it asks about: what it touches depends on that. */
  readonly when: string;
  readonly path: string;
  readonly parameters: readonly (readonly [string, string])[];
  /** Written so that both answer it in the same order; no samples. */
  readonly isList: boolean;
}

const HOUR_MS = 3_600_000;

const EXPRESSIONS: readonly (readonly [name: string, query: string])[] = [
  ['selector, gauges', 'process_resident_memory_bytes'],
  ['selector, counters', 'llm_requests_total'],
  ['rate', 'rate(llm_requests_total[5m])'],
  ['sum by of rate', 'sum by (model) (rate(llm_tokens_total[5m]))'],
  [
    'histogram_quantile',
    'histogram_quantile(0.95, sum by (le, model) (rate(llm_request_duration_seconds_bucket[5m])))',
  ],
  ['topk of sums of rates', 'topk(5, sum by (instance, model) (rate(llm_tokens_total[5m])))'],
  ['topk of series', 'topk(10, llm_tokens_total)'],
  [
    'ratio of sums of rates',
    'sum by (route) (rate(http_requests_total{code=~"5.."}[5m])) / sum by (route) (rate(http_requests_total[5m]))',
  ],
  ['many to one', 'http_requests_total / on (instance) group_left sum by (instance) (http_requests_total)'],
  ['avg_over_time', 'avg_over_time(queue_depth[10m])'],
  ['quantile_over_time', 'quantile_over_time(0.9, queue_depth[10m])'],
  ['regular expressions', 'sum by (instance) (llm_requests_total{model=~"gpt-.*|claude-.*",instance!~".*[13]:8080"})'],
  // No step of it is at the left end of its range, which Prometheus 2 counts in and 3 does not.
  ['subquery', 'max_over_time(sum by (model) (rate(llm_requests_total[5m]))[29m59s:1m])'],
  ['increase over an hour', 'sum by (provider) (increase(llm_requests_total[1h]))'],
  ['count of all series', 'count by (__name__) ({job="app"})'],
  ['comparison', 'rate(llm_requests_total{status="error"}[5m]) > 0.01'],
];
/** What is asked about longer ago, and with more steps. */
const SOME = ['selector, counters', 'sum by of rate', 'histogram_quantile', 'avg_over_time'];

/** Each expression over each time, and what Grafana asks about labels. */
export function queryQuestions(startMs: number, endMs: number): QueryQuestion[] {
  const middleMs = startMs + Math.floor((endMs - startMs) / 2 / 60_000) * 60_000;
  const questions: QueryQuestion[] = [];
  for (const [name, query] of EXPRESSIONS) {
    questions.push(
      instant(name, query, 'at the end', endMs),
      range(name, query, 'last hour at 15 s', endMs - HOUR_MS, endMs, 15),
      range(name, query, 'a day at 5 min', startMs + HOUR_MS, endMs, 300),
    );
    if (!SOME.includes(name)) continue;
    questions.push(
      instant(name, query, 'half a day ago', middleMs),
      range(name, query, 'an hour half a day ago at 15 s', middleMs - HOUR_MS, middleMs, 15),
      range(name, query, 'a day at 1 min', startMs + HOUR_MS, endMs, 60),
    );
  }
  const times = [
    ['start', String((endMs - HOUR_MS) / 1000)],
    ['end', String(endMs / 1000)],
  ] as const;
  const list = (name: string, path: string, more: readonly (readonly [string, string])[]): QueryQuestion => ({
    name,
    when: 'last hour',
    path,
    parameters: [...times, ...more],
    isList: true,
  });
  return [
    ...questions,
    list('names of metrics', 'label/__name__/values', []),
    list('values of a label', 'label/model/values', [['match[]', 'llm_requests_total']]),
    list('names of labels', 'labels', [['match[]', 'http_requests_total']]),
    list('series of a metric', 'series', [['match[]', 'http_requests_total']]),
  ];
}

function instant(name: string, query: string, when: string, timeMs: number): QueryQuestion {
  const parameters = [
    ['query', query],
    ['time', String(timeMs / 1000)],
  ] as const;
  return { name, when, path: 'query', parameters, isList: false };
}

function range(
  name: string,
  query: string,
  when: string,
  startMs: number,
  endMs: number,
  stepSeconds: number,
): QueryQuestion {
  const parameters = [
    ['query', query],
    ['start', String(startMs / 1000)],
    ['end', String(endMs / 1000)],
    ['step', String(stepSeconds)],
  ] as const;
  return { name, when, path: 'query_range', parameters, isList: false };
}
