import type { ScrapedSample } from '@vedetta/receive';
import { parseExposition } from '@vedetta/receive';
import type { Upstream, WatchedUpstream } from '@vedetta/watch';
import { ModelWatch } from '@vedetta/watch';
import type { Logger } from 'pino';

/** A check that takes longer than this has failed. */
const CHECK_TIMEOUT_MS = 5000;
/** Pages of inference engines have some hundreds of samples. */
const METRIC_LIMITS = { maxSamples: 50_000, maxLabels: 64, maxTextLength: 4096 };

/** What the watch is made of. */
export interface ModelWatchParts {
  readonly upstreams: readonly Upstream[];
  readonly intervalSeconds: number;
  readonly log: Pick<Logger, 'info'>;
  readonly now: () => number;
}

/** Creates the watch over the models of all upstreams; it begins with `start`. */
export function watchModels({ upstreams, intervalSeconds, log, now }: ModelWatchParts): ModelWatch {
  return new ModelWatch({
    upstreams,
    intervalMs: intervalSeconds * 1000,
    timeoutMs: CHECK_TIMEOUT_MS,
    now,
    parseMetrics,
    onChange: (upstream) => logChange(upstream, log),
  });
}

function parseMetrics(text: string): readonly ScrapedSample[] {
  const page = parseExposition(text, 'text', METRIC_LIMITS);
  return page.kind === 'parsed' ? page.samples : [];
}

/** Changes only: an upstream that is down for a day is one line. */
function logChange({ name, state, isService }: WatchedUpstream, log: Pick<Logger, 'info'>): void {
  if (!isService) return;
  if (state.kind === 'unreachable') log.info({ upstream: name, reason: state.reason }, 'an upstream does not answer');
  else if (state.kind === 'reachable') {
    log.info({ upstream: name, models: state.models?.length ?? null }, 'an upstream answers');
  }
}
