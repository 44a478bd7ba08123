import type { Availability, Model, Models, Upstream } from '@vedetta/client';
import type { DurationStats, ModelStats } from '@vedetta/store';
import type { ServedModel, WatchedUpstream } from '@vedetta/watch';
import { toDurationJson, toIso } from '../json/stats-json.js';

/** What the GenAI conventions call the provider behind an upstream, where it is not the upstream's own word. */
const GEN_AI_NAMES: ReadonlyMap<string, string> = new Map([
  ['azure', 'azure.ai.openai'],
  ['gemini', 'gcp.gemini'],
]);
const NO_CALLS: DurationStats = {
  meanMs: undefined,
  p50Ms: undefined,
  p95Ms: undefined,
  p99Ms: undefined,
  maxMs: undefined,
};
/** What providers put behind a name for its version: `-2024-07-18`, `-20241022`. */
const DATED = /^-(?:\d{4}-\d{2}-\d{2}|\d{8})$/;
/** Azure lists base models, not the deployments that calls name: a model that is not listed may be there. */
const LISTS_OTHER_NAMES: ReadonlySet<string> = new Set(['azure']);

/**
 * Puts together what the upstreams say of their models and how calls of models went: models that were called first, in
 * the order given, then those that are only served.
 */
export function describeModels(upstreams: readonly WatchedUpstream[], stats: readonly ModelStats[]): Models {
  const taken = new Set<ServedModel>();
  const called = stats.map((figures) => {
    const place = findPlace(upstreams, figures);
    if (place?.served !== undefined) taken.add(place.served);
    return toModelJson(figures.model, place, figures);
  });
  const served = upstreams.flatMap((upstream) =>
    listOf(upstream)
      .filter((model) => !taken.has(model))
      .map((model) => toModelJson(model.model, { upstream, served: model }, undefined)),
  );
  return { upstreams: upstreams.map(toUpstreamJson), models: [...called, ...served] };
}

/** Names of the models that upstreams which answer list. */
export function servedModelNames(upstreams: readonly WatchedUpstream[]): readonly string[] {
  return upstreams.flatMap(listOf).map(({ model }) => model);
}

interface Place {
  readonly upstream: WatchedUpstream;
  /** `undefined` when the upstream does not list the model. */
  readonly served: ServedModel | undefined;
}

/** Where calls of a model went: an upstream of their provider that lists it, else the first of that provider. */
function findPlace(upstreams: readonly WatchedUpstream[], { provider, model }: ModelStats): Place | undefined {
  const candidates = upstreams.filter((upstream) => isOf(upstream, provider));
  const places = candidates.map((upstream) => ({
    upstream,
    served: listOf(upstream).find((served) => isSame(served.model, model)),
  }));
  return places.find(({ served }) => served !== undefined) ?? places[0];
}

/** Calls may name a model without Ollama's tag, and answers may name the dated version of what was asked for. */
function isSame(served: string, called: string): boolean {
  return (
    served === called ||
    served === `${called}:latest` ||
    (called.startsWith(served) && DATED.test(called.slice(served.length)))
  );
}

function isOf(upstream: WatchedUpstream, provider: string): boolean {
  return (
    provider !== '' &&
    (provider === upstream.name || provider === upstream.provider || provider === GEN_AI_NAMES.get(upstream.provider))
  );
}

function listOf({ state }: WatchedUpstream): readonly ServedModel[] {
  return state.kind === 'reachable' ? (state.models ?? []) : [];
}

function availabilityOf({ upstream, served }: Place): Availability {
  switch (upstream.state.kind) {
    case 'unchecked':
      return 'unknown';
    case 'unreachable':
      return 'unavailable';
    case 'reachable':
      if (served !== undefined) return 'available';
      return upstream.state.models === undefined || LISTS_OTHER_NAMES.has(upstream.provider)
        ? 'unknown'
        : 'unavailable';
  }
}

function toModelJson(model: string, place: Place | undefined, figures: ModelStats | undefined): Model {
  const served = place?.served;
  return {
    model,
    provider: figures?.provider ?? place?.upstream.name ?? '',
    upstream: place?.upstream.name ?? '',
    availability: place === undefined ? 'unknown' : availabilityOf(place),
    loaded: served?.loaded ?? null,
    vram_bytes: served?.vramBytes ?? null,
    size_bytes: served?.sizeBytes ?? null,
    unloads_at: served?.unloadsAtUnixMs === undefined ? null : toIso(served.unloadsAtUnixMs),
    context_length: served?.contextLength ?? null,
    parameter_size: served?.parameterSize ?? '',
    quantization: served?.quantization ?? '',
    ...toFiguresJson(figures),
  };
}

function toFiguresJson(figures: ModelStats | undefined) {
  const input = figures?.inputTokens ?? 0;
  const output = figures?.outputTokens ?? 0;
  return {
    requests: figures?.calls ?? 0,
    failed: figures === undefined ? 0 : figures.failed + figures.timeout,
    cancelled: figures?.cancelled ?? 0,
    success_rate: figures?.successRate ?? null,
    average_response_ms: figures?.duration.meanMs ?? null,
    p95_response_ms: figures?.duration.p95Ms ?? null,
    duration: toDurationJson(figures?.duration ?? NO_CALLS),
    time_to_first_token: toDurationJson(figures?.timeToFirstToken ?? NO_CALLS),
    tokens_per_second: figures?.tokensPerSecond ?? null,
    input_tokens: input,
    output_tokens: output,
    total_tokens: input + output,
    cache_read_tokens: figures?.cacheReadTokens ?? 0,
    cache_write_tokens: figures?.cacheWriteTokens ?? 0,
    reasoning_tokens: figures?.reasoningTokens ?? 0,
    estimated_calls: figures?.estimatedCalls ?? 0,
    cost_usd: figures?.costUsd ?? null,
    unpriced_calls: figures?.unpricedCalls ?? 0,
    elsewhere_usd: figures?.elsewhereUsd ?? null,
    first_used: figures === undefined ? null : toIso(figures.firstUsedUnixMs),
    last_used: figures === undefined ? null : toIso(figures.lastUsedUnixMs),
    scores: (figures?.scores ?? []).map(({ mean, ...score }) => ({ ...score, average: mean })),
  };
}

function toUpstreamJson(upstream: WatchedUpstream): Upstream {
  const { state } = upstream;
  const checked = state.kind === 'unchecked' ? undefined : state;
  const load = state.kind === 'reachable' ? state.load : undefined;
  return {
    name: upstream.name,
    provider: upstream.provider,
    url: withoutCredentials(upstream.url),
    state: state.kind,
    checked_at: checked === undefined ? null : toIso(checked.checkedUnixMs),
    response_ms: checked?.responseMs ?? null,
    listed_models: state.kind === 'reachable' ? (state.models?.length ?? null) : null,
    reason: checked?.reason ?? upstream.uncheckedReason ?? '',
    load:
      load === undefined
        ? null
        : {
            running_requests: load.runningRequests ?? null,
            waiting_requests: load.waitingRequests ?? null,
            cache_usage: load.cacheUsage ?? null,
            prompt_tokens_total: load.promptTokensTotal ?? null,
            generated_tokens_total: load.generatedTokensTotal ?? null,
          },
  };
}

function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return '';
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/$/, '');
}
