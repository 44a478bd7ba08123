import type { PriceEntry, PriceList } from './price-list.js';
import { entriesOf, UNIT_RATES } from './price-list.js';

/**
 * A newer list with what the older one knew of the past: where a price changed, the old entries stay and the new one holds from
 * the date of the newer list. Models that the newer list no longer has stay as they were, so that history keeps its prices.
 */
export function withHistory(older: PriceList, newer: PriceList): PriceList {
  const models: { [key: string]: PriceEntry | readonly PriceEntry[] } = Object.create(null);
  for (const key of new Set([...Object.keys(older.models), ...Object.keys(newer.models)])) {
    const before = entriesOf(older, key);
    const after = entriesOf(newer, key);
    const entries = after.length === 0 ? before : mergeEntries(before, after, newer.date);
    models[key] = entries.length === 1 && entries[0] !== undefined ? entries[0] : entries;
  }
  return { ...newer, models };
}

function mergeEntries(
  before: readonly PriceEntry[],
  after: readonly PriceEntry[],
  date: string,
): readonly PriceEntry[] {
  const last = before.at(-1);
  // A list that tells its own history needs none of ours.
  if (last === undefined || after.length > 1 || after[0]?.validFrom !== undefined) return after;
  if (samePrices(last, after[0])) return before;
  return [...before.filter(({ validFrom = '' }) => validFrom < date), { ...after[0], validFrom: date }];
}

/** Whether two entries ask the same, whenever they began. */
export function samePrices(a: PriceEntry | undefined, b: PriceEntry | undefined): boolean {
  return canonical(a) === canonical(b);
}

function canonical(entry: PriceEntry | undefined): string {
  const sort = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sort);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).filter(([name]) => name !== 'validFrom');
    return Object.fromEntries(members.sort(([x], [y]) => (x < y ? -1 : 1)).map(([name, inner]) => [name, sort(inner)]));
  };
  return JSON.stringify(sort(entry ?? null));
}

/** A model whose prices differ between two lists. */
export interface PriceDifference {
  readonly key: string;
  readonly ours: PriceEntry;
  readonly theirs: PriceEntry;
}

/** Models of both lists whose price of input or output tokens, or of a unit that both price, differs by more than a thousandth. */
export function comparePrices(ours: PriceList, theirs: PriceList): readonly PriceDifference[] {
  return Object.keys(ours.models).flatMap((key) => {
    const a = entriesOf(ours, key).at(-1);
    const b = entriesOf(theirs, key).at(-1);
    if (a === undefined || b === undefined) return [];
    if (near(a.input, b.input) && near(a.output, b.output) && sameUnits(a, b)) return [];
    return [{ key, ours: a, theirs: b }];
  });
}

function sameUnits(a: PriceEntry, b: PriceEntry): boolean {
  if (!UNIT_RATES.every((name) => a[name] === undefined || b[name] === undefined || near(a[name], b[name])))
    return false;
  return (a.images ?? []).every(({ size, quality, usd }) => {
    const other = b.images?.find((image) => image.size === size && image.quality === quality);
    return other === undefined || near(usd, other.usd);
  });
}

function near(a = 0, b = 0): boolean {
  return Math.abs(a - b) <= 0.001 * Math.max(a, b);
}
