import type { CallCost, LlmCallRow, Span, Usage } from '@vedetta/model';
import { LLM_CALL_OPERATIONS } from '@vedetta/model';
import type { FoundPrice } from '@vedetta/prices';
import { chargeOf, entryAt, makerOf } from '@vedetta/prices';
import { isLocalProvider, isPrivateHost } from './local-models.js';
import type { PriceSource } from './price-source.js';

const NANO_PER_MS = 1_000_000n;

/** Says what calls cost. */
export interface Pricer {
  /** Sets `genAi.cost` of LLM calls, in place; a cost that is not known stays absent. */
  priceSpans(spans: readonly Span[]): void;
  /** Prices stored calls anew, one answer a call. */
  priceRows(calls: readonly LlmCallRow[]): readonly (CallCost | undefined)[];
}

/** What a pricer is made from. */
export interface PricerOptions {
  readonly source: PriceSource;
  /** `prices.local`: providers, hosts, or `provider/model`, lower case. */
  readonly local: readonly string[];
  /** `prices.compareWith`: entry of the list that local models are compared with. */
  readonly compareWith: string;
}

/** A call as far as its price depends on it. */
interface PricedCall {
  readonly provider: string;
  /** Models to look for, the one that answered first. */
  readonly models: readonly string[];
  readonly operation: string;
  readonly usage: Usage | undefined;
  readonly serviceTier: string;
  readonly startUnixMs: number;
  /** Where the model was reached; `''` when unknown. */
  readonly host: string;
}

export function createPricer({ source, local, compareWith }: PricerOptions): Pricer {
  const named = new Set(local);

  function price(call: PricedCall, wasLocal = false): CallCost | undefined {
    const { index } = source.current();
    const model = call.models[0] ?? '';
    if (wasLocal || isLocalProvider(call.provider, model, named) || named.has(call.host)) return localCost(call);
    let found: FoundPrice | undefined;
    for (const name of call.models) found ??= index.find(call.provider, name);
    if (found !== undefined) return listCost(call, found);
    // An address on the own network is a proxy when the model is one that only its maker sells, else an engine.
    const elsewhere = call.models.some((name) => makerOf(name.toLowerCase()) !== undefined);
    return isPrivateHost(call.host) && !elsewhere ? localCost(call) : undefined;
  }

  function listCost(call: PricedCall, found: FoundPrice): CallCost | undefined {
    const entry = entryAt(found.entries, call.startUnixMs);
    const charge = entry && chargeOf(entry, call.usage, call.serviceTier, call.operation);
    return charge && { ...charge, source: 'priced', priceKey: found.key, priceDate: found.date };
  }

  function localCost(call: PricedCall): CallCost {
    const slash = compareWith.indexOf('/');
    const elsewhere =
      slash < 0 ? undefined : source.current().index.find(compareWith.slice(0, slash), compareWith.slice(slash + 1));
    const cost = elsewhere && listCost({ ...call, serviceTier: '' }, elsewhere);
    return {
      usd: 0,
      source: 'local',
      estimated: isEstimated(call),
      ...(cost === undefined || elsewhere === undefined
        ? {}
        : {
            elsewhereUsd: cost.usd,
            elsewhereKey: elsewhere.key,
            ...(cost.priceDate === undefined ? {} : { priceDate: cost.priceDate }),
          }),
    };
  }

  return {
    priceSpans(spans) {
      for (const span of spans) {
        const { genAi } = span;
        if (genAi === undefined || genAi.aggregate || !LLM_CALL_OPERATIONS.has(genAi.operation)) continue;
        if (genAi.suppliedCostUsd !== undefined) {
          span.genAi = { ...genAi, cost: { usd: genAi.suppliedCostUsd, source: 'supplied', estimated: false } };
          continue;
        }
        if (span.endUnixNano === 0n) continue;
        const cost = price({
          provider: genAi.provider ?? '',
          models: namesOf(genAi.responseModel, genAi.requestModel),
          operation: genAi.operation,
          usage: genAi.usage,
          serviceTier: genAi.serviceTier ?? '',
          startUnixMs: Number(span.startUnixNano / NANO_PER_MS),
          host: hostOf(span),
        });
        if (cost !== undefined) span.genAi = { ...genAi, cost };
      }
    },
    priceRows: (calls) =>
      calls.map((call) =>
        price(
          {
            provider: call.provider,
            models: namesOf(call.model, call.requestModel),
            operation: call.operation,
            usage: call.usage,
            serviceTier: call.serviceTier,
            startUnixMs: Number(call.startUnixNano / NANO_PER_MS),
            host: '',
          },
          // Rows do not keep the address: what was local stays so.
          call.cost?.source === 'local',
        ),
      ),
  };
}

function namesOf(model = '', requestModel = ''): readonly string[] {
  if (model === '') return requestModel === '' ? [] : [requestModel];
  return requestModel === '' || requestModel === model ? [model] : [model, requestModel];
}

function hostOf({ attributes }: Span): string {
  const host = attributes['server.address'];
  return typeof host === 'string' ? host.toLowerCase() : '';
}

function isEstimated({ usage }: PricedCall): boolean {
  return usage?.source === 'estimated';
}
