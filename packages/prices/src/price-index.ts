import { dated, namesOf, undated } from './model-names.js';
import type { PriceEntry, PriceList } from './price-list.js';
import { entriesOf } from './price-list.js';
import { makerOf, toProviderKey } from './provider-key.js';

/** An entry of the price list that was found. */
export interface FoundPrice {
  /** `openai/gpt-4o` */
  readonly key: string;
  /** Its prices over time, the oldest first. */
  readonly entries: readonly PriceEntry[];
  /** Date of the list it stands in. */
  readonly date: string;
}

/** Finds what models cost; made once a list, asked for every call. */
export interface PriceIndex {
  /**
   * The price of a model at a provider (both by any of their names; `''` when unknown), or `undefined` when the list has none.
   * The order of matching is documented in docs/cost.md.
   */
  find(provider: string, model: string): FoundPrice | undefined;
  /** Date of the newest list. */
  readonly date: string;
  /** Number of keys. */
  readonly size: number;
  readonly keys: readonly string[];
  /** Prices of a key over time, the oldest first. */
  entries(key: string): readonly PriceEntry[] | undefined;
}

/** Answers that are kept: names come from outside, so their number is bounded. */
const MAX_KEPT = 10_000;
/** Providers that sell the models of another at the same prices, where the list does not name them apart. */
const SAME_PRICES: { readonly [provider: string]: readonly string[] | undefined } = {
  __proto__: null as never,
  azure: ['openai'],
  vertex: ['gemini'],
};

/** Builds the index over lists; entries of a later list replace those of an earlier one. */
export function indexPrices(lists: readonly PriceList[]): PriceIndex {
  const found = new Map<string, FoundPrice>();
  for (const list of lists) {
    for (const key of Object.keys(list.models)) {
      found.set(key.toLowerCase(), { key: key.toLowerCase(), entries: entriesOf(list, key), date: list.date });
    }
  }
  const providers = new Set([...found.keys()].map((key) => key.slice(0, key.indexOf('/'))));
  const newest = newestByBase(found.keys());
  const kept = new Map<string, FoundPrice | undefined>();

  function findAt(provider: string, model: string): FoundPrice | undefined {
    const names = namesOf(provider, model);
    for (const name of names) {
      const exact = found.get(`${provider}/${name}`);
      if (exact !== undefined) return exact;
    }
    for (const other of SAME_PRICES[provider] ?? []) {
      for (const name of names) {
        const same = found.get(`${other}/${name}`);
        if (same !== undefined) return same;
      }
    }
    const base = names[0] === undefined ? undefined : undated(names[0]);
    return base === undefined ? undefined : found.get(newest.get(`${provider}/${base}`)?.key ?? '');
  }

  function search(provider: string, model: string): FoundPrice | undefined {
    const key = toProviderKey(provider);
    if (providers.has(key)) return findAt(key, model);
    // The provider is not known, or its name is one of a proxy: the name of the model must tell.
    const name = model
      .trim()
      .toLowerCase()
      .replace(/^models\//, '');
    const slash = name.indexOf('/');
    const named = slash > 0 ? toProviderKey(name.slice(0, slash)) : makerOf(name);
    if (named === undefined || !providers.has(named)) return undefined;
    return findAt(named, slash > 0 ? name.slice(slash + 1) : name);
  }

  return {
    find(provider, model) {
      if (model === '') return undefined;
      const asked = `${provider}\n${model}`;
      if (kept.has(asked)) return kept.get(asked);
      const answer = search(provider, model);
      if (kept.size >= MAX_KEPT) kept.clear();
      kept.set(asked, answer);
      return answer;
    },
    date:
      lists
        .map((list) => list.date)
        .sort()
        .at(-1) ?? '',
    size: found.size,
    keys: [...found.keys()],
    entries: (key) => found.get(key)?.entries,
  };
}

function newestByBase(keys: Iterable<string>): Map<string, { key: string; day: string }> {
  const newest: Map<string, { key: string; day: string }> = new Map();
  for (const key of keys) {
    const parts = dated(key);
    if (parts === undefined) continue;
    const before = newest.get(parts.base);
    if (before === undefined || before.day < parts.day) newest.set(parts.base, { key, day: parts.day });
  }
  return newest;
}

/** The prices that held at a time; the oldest known when the time is before all of them. */
export function entryAt(entries: readonly PriceEntry[], unixMs: number): PriceEntry | undefined {
  if (entries.length <= 1) return entries[0];
  const day = new Date(unixMs).toISOString().slice(0, 10);
  return entries.findLast(({ validFrom = '' }) => validFrom <= day) ?? entries[0];
}
