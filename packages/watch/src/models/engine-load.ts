import { known } from './json-values.js';
import type { EngineLoad } from './served-model.js';

/** Metric names of vLLM and of llama.cpp's server for each figure; the first that is there counts. */
const NAMES: { readonly [K in keyof EngineLoad]-?: readonly string[] } = {
  runningRequests: ['vllm:num_requests_running', 'llamacpp:requests_processing'],
  waitingRequests: ['vllm:num_requests_waiting', 'llamacpp:requests_deferred'],
  cacheUsage: ['vllm:kv_cache_usage_perc', 'vllm:gpu_cache_usage_perc', 'llamacpp:kv_cache_usage_ratio'],
  promptTokensTotal: ['vllm:prompt_tokens_total', 'llamacpp:prompt_tokens_total'],
  generatedTokensTotal: ['vllm:generation_tokens_total', 'llamacpp:tokens_predicted_total'],
};

/** A sample of a metrics page. */
export interface MetricSample {
  /** With its colon, such as `vllm:num_requests_running`. */
  readonly name: string;
  readonly value: number;
}

/**
 * The load of an inference engine from its Prometheus metrics: vLLM (`vllm:`) and llama.cpp (`llamacpp:`). Series of several
 * engines or models on one server are added up; of the cache the fullest counts. `undefined` when it is another program's page.
 */
export function readEngineLoad(samples: readonly MetricSample[]): EngineLoad | undefined {
  const load = {
    ...known('runningRequests', gather(samples, NAMES.runningRequests, add)),
    ...known('waitingRequests', gather(samples, NAMES.waitingRequests, add)),
    ...known('cacheUsage', gather(samples, NAMES.cacheUsage, Math.max)),
    ...known('promptTokensTotal', gather(samples, NAMES.promptTokensTotal, add)),
    ...known('generatedTokensTotal', gather(samples, NAMES.generatedTokensTotal, add)),
  };
  return Object.keys(load).length === 0 ? undefined : load;
}

function gather(
  samples: readonly MetricSample[],
  names: readonly string[],
  combine: (a: number, b: number) => number,
): number | undefined {
  for (const wanted of names) {
    const values = samples.filter(({ name, value }) => name === wanted && Number.isFinite(value));
    if (values.length > 0) return values.map(({ value }) => value).reduce((a, b) => combine(a, b));
  }
  return undefined;
}

function add(a: number, b: number): number {
  return a + b;
}
