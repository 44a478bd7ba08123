import { statSync } from 'node:fs';
import type { PriceIndex, PriceList } from '@vedetta/prices';
import { indexPrices, shippedPrices, withHistory } from '@vedetta/prices';
import { priceFile, readPriceFile } from './price-file.js';

/** Whether the file changed is looked at this often at most: it takes some microseconds. */
const LOOK_MS = 2000;
const DAY_MS = 86_400_000;

/** The prices that hold now. */
export interface CurrentPrices {
  readonly index: PriceIndex;
  /** The list below the overrides. */
  readonly list: PriceList;
  readonly origin: 'shipped' | 'updated';
  /** Models of `prices.overrides`. */
  readonly overrides: number;
}

/** Where the server has its prices from: the list shipped, a newer one in the data directory, and the configuration's overrides on top. */
export interface PriceSource {
  /** Notices within seconds when the file in the data directory was replaced. */
  current(): CurrentPrices;
  ageDays(): number;
  /** Why the file in the data directory is not used; `''` when it is, or there is none. */
  readonly fault: string;
}

/** What a source is made from. */
export interface PriceSourceOptions {
  readonly dataDir: string;
  readonly overrides: PriceList['models'];
  readonly now: () => number;
}

/** Makes a {@link PriceSource}. */
export function createPriceSource({ dataDir, overrides, now }: PriceSourceOptions): PriceSource {
  const file = priceFile(dataDir);
  let lookedMs = Number.NEGATIVE_INFINITY;
  let seen = '';
  let fault = '';
  let kept: CurrentPrices | undefined;

  function take(list: PriceList, origin: CurrentPrices['origin']): CurrentPrices {
    // Overrides are the user's word: they bear the list's date, and hold for all times.
    const lists = [list, { ...list, models: overrides }];
    return { index: indexPrices(lists), list, origin, overrides: Object.keys(overrides).length };
  }

  function look(): void {
    const stat = statSync(file, { throwIfNoEntry: false });
    const version = stat === undefined ? 'none' : `${stat.ino}:${stat.mtimeMs}:${stat.size}`;
    if (version === seen) return;
    seen = version;
    fault = '';
    if (stat === undefined) {
      kept = take(shippedPrices(), 'shipped');
      return;
    }
    try {
      const list = readPriceFile(file);
      // A newer product brings a newer list than an old update.
      kept =
        list.date < shippedPrices().date ? take(withHistory(list, shippedPrices()), 'shipped') : take(list, 'updated');
    } catch (error) {
      // Prices that worked a moment ago are better than none.
      fault = `${file} is no price list: ${error instanceof Error ? error.message : String(error)}`;
      kept ??= take(shippedPrices(), 'shipped');
    }
  }

  const source = {
    current() {
      if (kept === undefined || now() - lookedMs >= LOOK_MS) {
        lookedMs = now();
        look();
      }
      return kept as CurrentPrices;
    },
    ageDays: () => Math.max(0, Math.floor((now() - Date.parse(source.current().list.date)) / DAY_MS)),
    get fault() {
      source.current();
      return fault;
    },
  };
  return source;
}
