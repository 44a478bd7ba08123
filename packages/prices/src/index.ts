export type { Charge } from './call-cost.js';
export { chargeOf, costOfCall, ratesFor, toServiceTier } from './call-cost.js';
export { importPriceList } from './import/import-price-list.js';
export type { PriceDifference } from './merge.js';
export { comparePrices, withHistory } from './merge.js';
export { PriceListError, parseModels, parsePriceList } from './parse-price-list.js';
export type { FoundPrice, PriceIndex } from './price-index.js';
export { entryAt, indexPrices } from './price-index.js';
export type {
  ImagePrice,
  PriceEntry,
  PriceList,
  ServiceRates,
  ServiceTier,
  Tier,
  TokenRates,
  UnitRates,
} from './price-list.js';
export { entriesOf, PRICE_LIST_FORMAT, UNIT_RATES } from './price-list.js';
export { makerOf, toProviderKey } from './provider-key.js';
export { shippedPrices } from './shipped.js';
