import type { SeriesSamples } from '@vedetta/store';

/** What the series of a day are made of. */
export interface QueryData {
  readonly series: readonly SeriesSamples[];
  readonly startMs: number;
  /** Just behind the last sample. */
  readonly endMs: number;
}

const INTERVAL_MS = 15_000;
const MODELS = [
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4o-mini'],
  ['openai', 'o3'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-haiku-4-5'],
  ['google', 'gemini-2.5-pro'],
  ['google', 'gemini-2.5-flash'],
  ['ollama', 'qwen3:32b'],
] as const;
const ROUTES = ['/chat', '/chat/:id', '/search', '/documents', '/documents/:id', '/health'];
const QUEUES = ['embed', 'index', 'rerank', 'chat', 'batch', 'export', 'mail', 'crawl'];
const BOUNDS = ['0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '20', '30', '60', '+Inf'];
/** Samples between two restarts of an instance. */
const RESTART = 2000;

/**
 * What some instances of an application that calls models count in so many hours, scraped every 15 s: counters that begin anew now
 * and then, gauges, classic histograms. Each instance has its own second; no sample is at a full second, so that it makes no
 * difference whether a range includes its left end.
 */
export function createQueryData(hours: number, instances: number, endMs: number): QueryData {
  const startMs = endMs - hours * 3_600_000;
  const count = Math.floor((endMs - startMs) / INTERVAL_MS);
  const random = createRandom();
  const series: SeriesSamples[] = [];
  for (let i = 0; i < instances; i += 1) {
    const phaseMs = 137 + ((i * 3_713) % (INTERVAL_MS - 1000));
    const timestampsMs = Float64Array.from({ length: count }, (_, at) => startMs + at * INTERVAL_MS + phaseMs);
    const restart = (at: number): boolean => (at + i * 97) % RESTART === 0;
    const add = (name: string, labels: Readonly<Record<string, string>>, values: Float64Array): void => {
      const all = { __name__: name, instance: `app-${String(i).padStart(2, '0')}:8080`, job: 'app', ...labels };
      series.push({ labels: Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)), timestampsMs, values });
    };
    const counter = (perScrape: number): Float64Array =>
      accumulate(count, restart, () => Math.floor(random() * perScrape));
    add('up', {}, new Float64Array(count).fill(1));
    add(
      'process_cpu_seconds_total',
      {},
      accumulate(count, restart, () => random() * 4),
    );
    add(
      'process_resident_memory_bytes',
      {},
      walk(count, 2e8, () => Math.floor((random() - 0.5) * 64) * 4096),
    );
    for (const queue of QUEUES)
      add(
        'queue_depth',
        { queue },
        walk(count, 20, () => Math.floor(random() * 7) - 3),
      );
    for (const [provider, model] of MODELS) {
      for (const status of ['success', 'error']) {
        add('llm_requests_total', { provider, model, status }, counter(status === 'error' ? 1.1 : 30));
      }
      for (const direction of ['input', 'output']) {
        add('llm_tokens_total', { provider, model, direction }, counter(direction === 'input' ? 40_000 : 9000));
      }
      if (i % 2 === 0) {
        const { buckets, sum } = histogram(count, restart, random);
        for (const [at, le] of BOUNDS.entries()) {
          add('llm_request_duration_seconds_bucket', { provider, model, le }, buckets[at] as Float64Array);
        }
        add('llm_request_duration_seconds_count', { provider, model }, buckets.at(-1) as Float64Array);
        add('llm_request_duration_seconds_sum', { provider, model }, sum);
      }
    }
    for (const route of ROUTES) {
      for (const method of ['GET', 'POST']) {
        for (const code of ['200', '404', '500']) {
          add('http_requests_total', { route, method, code }, counter(code === '200' ? 60 : 1.3));
        }
      }
    }
  }
  return { series, startMs, endMs };
}

function accumulate(count: number, restart: (at: number) => boolean, next: () => number): Float64Array {
  const values = new Float64Array(count);
  let value = 0;
  for (let at = 0; at < count; at += 1) {
    value = restart(at) ? 0 : value + next();
    values[at] = value;
  }
  return values;
}

function walk(count: number, first: number, change: () => number): Float64Array {
  const values = new Float64Array(count);
  let value = first;
  for (let at = 0; at < count; at += 1) {
    value = Math.max(0, value + change());
    values[at] = value;
  }
  return values;
}

/** Counts up to each bound, which never fall from bound to bound. */
function histogram(count: number, restart: (at: number) => boolean, random: () => number) {
  const buckets = BOUNDS.map(() => new Float64Array(count));
  const sum = new Float64Array(count);
  const seen = new Float64Array(BOUNDS.length);
  let total = 0;
  for (let at = 0; at < count; at += 1) {
    if (restart(at)) {
      seen.fill(0);
      total = 0;
    }
    for (let requests = Math.floor(random() * 12); requests > 0; requests -= 1) {
      const seconds = 0.04 * (1 / (1 - random()) ** 1.5);
      total += seconds;
      for (let bound = BOUNDS.length - 1; bound >= 0; bound -= 1) {
        if (seconds > Number(BOUNDS[bound]?.replace('+Inf', 'Infinity'))) break;
        seen[bound] = (seen[bound] as number) + 1;
      }
    }
    for (const [bound, values] of buckets.entries()) values[at] = seen[bound] as number;
    sum[at] = total;
  }
  return { buckets, sum };
}

function createRandom(): () => number {
  let seed = 42;
  return () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
}
