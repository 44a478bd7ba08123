import type { Span } from '@vedetta/model';
import type { ResolvedConfig } from '../config/config.js';
import { estimateUsage } from './estimate/estimate-usage.js';
import { createTokenizer } from './estimate/tokenizer.js';
import type { Pricer } from './price-calls.js';
import { createPricer } from './price-calls.js';
import type { PriceSource } from './price-source.js';
import { createPriceSource } from './price-source.js';

/** Usage and cost of LLM calls: the price list, what calls cost by it, and estimates of tokens. */
export interface Pricing {
  readonly source: PriceSource;
  readonly pricer: Pricer;
  /** Gives calls without usage an estimate, in place; `undefined` at once when there are none. */
  readonly estimate: (spans: readonly Span[]) => Promise<void> | undefined;
  /** The price list as `/api/status` shows it. */
  status(): PriceStatus;
  /** What is wrong with the price list, as sentences. */
  problems(): readonly string[];
  stop(): void;
}

/** The price list as `/api/status` shows it. */
export interface PriceStatus {
  date: string;
  age_days: number;
  stale: boolean;
  origin: 'shipped' | 'updated';
  models: number;
  estimated_calls_total: number;
  skipped_estimates_total: number;
}

/** Makes the parts from the configuration. */
export function createPricing({ dataDir, prices }: ResolvedConfig, now: () => number): Pricing {
  const source = createPriceSource({ dataDir, overrides: prices.overrides, now });
  const tokenizer = createTokenizer();
  const counters = { estimatedCalls: 0, skippedEstimates: 0 };
  return {
    source,
    pricer: createPricer({ source, local: prices.local, compareWith: prices.compareWith.toLowerCase() }),
    estimate: (spans) =>
      prices.estimateTokens === 'off' ? undefined : estimateUsage(spans, tokenizer, counters, prices.estimateTokens),
    status() {
      const { list, index, origin } = source.current();
      return {
        date: list.date,
        age_days: source.ageDays(),
        stale: source.ageDays() > prices.staleDays,
        origin,
        models: index.size,
        estimated_calls_total: counters.estimatedCalls,
        skipped_estimates_total: counters.skippedEstimates,
      };
    },
    // An old list is warned of in its own place; it makes nothing degraded.
    problems: () => (source.fault === '' ? [] : [source.fault]),
    stop: () => tokenizer.stop(),
  };
}
