import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithPrometheus } from '../support/real-prometheus.js';
import { demoSeries } from './demo-series.js';
import { nastySeries } from './nasty-series.js';
import { type ServerPair, startServerPair } from './server-pair.js';
import { DATA_END_MS, DATA_START_MS } from './test-series.js';

const at = (minutesBeforeEnd: number): string => String(DATA_END_MS / 1000 - minutesBeforeEnd * 60 + 7.5);
const NOW = at(13);
const [START, END] = [String(DATA_START_MS / 1000 - 60), String(DATA_END_MS / 1000)];
const DEMO = 'demo_memory_usage_bytes';

type Form = readonly (readonly [name: string, value: string])[];
interface Question {
  readonly path: string;
  readonly form: Form;
}
const ask = (path: string, ...form: Form): Question => ({ path, form });

/** Questions about series and labels, whose answers are lists; their order is compared where Prometheus sorts. */
const LISTS: readonly Question[] = [
  ask('series', ['match[]', DEMO]),
  ask('series', ['match[]', DEMO], ['match[]', 'demo_num_cpus']),
  ask('series', ['match[]', `${DEMO}{type="free"}`], ['match[]', `{__name__=~"demo_.*",type=~"f.+"}`]),
  ask('series', ['match[]', '{kind=~".+"}'], ['start', START], ['end', END]),
  ask('series', ['match[]', 'nothing_of_the_kind']),
  ask('series', ['match[]', DEMO], ['start', END], ['end', START]),
  ask('series'),
  ask('series', ['match[]', '']),
  ask('series', ['match[]', '{}']),
  ask('series', ['match[]', '{__name__=~".*"}']),
  ask('series', ['match[]', 'sum(up)']),
  ask('series', ['match[]', 'up{']),
  ask('series', ['match[]', DEMO], ['start', 'yesterday']),
  ask('series', ['match[]', DEMO], ['end', '2025-13-45']),
  ask('labels'),
  ask('labels', ['match[]', DEMO]),
  ask('labels', ['match[]', 'nasty_bucket'], ['match[]', 'join_errors_total'], ['start', START], ['end', END]),
  ask('labels', ['match[]', 'nothing_of_the_kind']),
  ask('labels', ['match[]', 'rate(x[5m])']),
  ask('labels', ['start', 'x']),
  ask('label/__name__/values'),
  ask('label/job/values'),
  ask('label/kind/values', ['match[]', 'nasty_label']),
  ask('label/value/values', ['match[]', 'nasty_label'], ['start', START], ['end', END]),
  ask('label/instance/values', ['match[]', DEMO], ['match[]', '{code="500"}']),
  ask('label/none/values'),
  ask('label/kind/values', ['match[]', '{']),
];

/** Questions that are refused, or that show how parameters are read. */
const QUERIES: readonly Question[] = [
  ask('query', ['query', DEMO], ['time', NOW]),
  ask('query', ['query', DEMO], ['time', new Date(Number(NOW) * 1000).toISOString()]),
  ask('query', ['query', DEMO], ['time', '2025-01-15T12:47:07.500+01:00']),
  ask('query', ['query', DEMO], ['time', '1.73694162e9']),
  ask('query', ['query', DEMO], ['time', 'now']),
  ask('query', ['query', DEMO], ['time', NOW], ['timeout', '10s'], ['unknown', 'x']),
  ask('query', ['query', DEMO], ['time', NOW], ['timeout', '2.5']),
  ask('query', ['query', DEMO], ['time', NOW], ['timeout', 'soon']),
  ask('query', ['query', 'nothing +'], ['time', NOW]),
  ask('query', ['time', NOW]),
  ask('query', ['query', 'time()'], ['time', '-1']),
  ask('query', ['query', 'time()'], ['time', '0.0004']),
  ask('query', ['query', `${DEMO} + on (job) ${DEMO}`], ['time', NOW]),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', '15s']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', '1m30s']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', '0.5m']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', '7.25']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', '0']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', '-5']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW], ['step', 'x']),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['end', NOW]),
  ask('query_range', ['query', DEMO], ['start', at(20)], ['step', '15']),
  ask('query_range', ['query', DEMO], ['end', NOW], ['step', '15']),
  ask('query_range', ['query', DEMO], ['start', NOW], ['end', at(20)], ['step', '15']),
  ask('query_range', ['query', DEMO], ['start', NOW], ['end', NOW], ['step', '15']),
  ask('query_range', ['query', DEMO], ['start', '0'], ['end', '11000'], ['step', '1']),
  ask('query_range', ['query', DEMO], ['start', '0'], ['end', '11001'], ['step', '1']),
  ask('query_range', ['query', `${DEMO}[5m]`], ['start', at(20)], ['end', NOW], ['step', '15']),
  ask('query_range', ['query', '"text"'], ['start', at(20)], ['end', NOW], ['step', '15']),
  ask('query_range', ['query', '1 + 1'], ['start', at(20)], ['end', at(19)], ['step', '15']),
  ask('format_query', ['query', 'sum(rate(a_total{b!="c",d=~"e"}[5m]))by(f)/ignoring(g)group_left(h) i offset 5m']),
  ask('format_query', ['query', 'sum(']),
  ask('format_query'),
  ask('query_exemplars', ['query', DEMO], ['start', START], ['end', END]),
  ask('query_exemplars', ['query', `sum(rate(demo_cpu_usage_seconds_total[5m])) by (mode) / 5`]),
  ask('query_exemplars', ['query', 'sum('], ['start', START], ['end', END]),
  ask('query_exemplars', ['query', DEMO], ['start', END], ['end', START]),
  ask('query_exemplars', ['query', DEMO], ['start', 'x'], ['end', END]),
  ask('metadata', ['metric', 'nothing_of_the_kind']),
  ask('metadata', ['limit', 'x']),
  ask('rules', ['type', 'alert']),
  ask('rules', ['type', 'neither']),
  ask('alerts'),
  ask('alertmanagers'),
  ask('targets', ['state', 'dropped']),
  ask('targets/metadata', ['match_target', '{job="none"}']),
  ask('targets/metadata', ['match_target', '{']),
  ask('nothing_of_the_kind'),
];

/** These are asked by GET alone. */
const GET_ONLY = /^(?:label\/|metadata|rules|alerts|alertmanagers|targets|nothing)/;

describeWithPrometheus('the HTTP API of Prometheus and of Vedetta', () => {
  let pair: ServerPair;
  beforeAll(async () => {
    pair = await startServerPair([...demoSeries(), ...nastySeries()]);
  });
  afterAll(() => pair?.stop());

  test.each([...LISTS, ...QUERIES].map((question) => [nameOf(question), question] as const))(
    '%s',
    async (_, question) => {
      const expected = await send(pair.prometheus, 'GET', question);
      expect(await send(pair.vedetta, 'GET', question)).toEqual(expected);
      if (GET_ONLY.test(question.path)) return;
      expect(await send(pair.vedetta, 'POST', question)).toEqual(expected);
    },
  );
});

function nameOf({ path, form }: Question): string {
  return `${path} ${form.map(([name, value]) => `${name}=${value}`).join(' ')}`;
}

/** The answer without the text of an error. */
async function send(url: string, method: 'GET' | 'POST', { path, form }: Question) {
  const parameters = new URLSearchParams(form.map(([name, value]): [string, string] => [name, value]));
  const answer =
    method === 'GET'
      ? await fetch(`${url}/api/v1/${path}?${parameters}`)
      : await fetch(`${url}/api/v1/${path}`, { method, body: parameters });
  const text = await answer.text();
  if (answer.status === 404) return { httpStatus: 404 };
  const { error, warnings, infos, ...rest } = JSON.parse(text) as Record<string, unknown>;
  return { httpStatus: answer.status, hasError: error !== undefined, ...sorted(rest) };
}

/** Series and vectors come in no order. */
function sorted(answer: Record<string, unknown>): Record<string, unknown> {
  const { data } = answer;
  if (Array.isArray(data) && typeof data[0] === 'object') return { ...answer, data: byText(data) };
  if (typeof data !== 'object' || data === null) return answer;
  if ('activeTargets' in data) {
    // Prometheus 2.42 does not count yet what it dropped.
    const { droppedTargetCounts, ...targets } = data as Record<string, unknown>;
    return { ...answer, data: targets };
  }
  if (!('result' in data)) return answer;
  const { result } = data;
  if (!Array.isArray(result) || typeof result[0] !== 'object') return answer;
  return { ...answer, data: { ...data, result: byText(result) } };
}

function byText(items: readonly unknown[]): unknown[] {
  const text = (item: unknown): string =>
    JSON.stringify(Object.entries((item as { metric?: object }).metric ?? (item as object)).sort());
  return [...items].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
