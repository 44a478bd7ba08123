import type { SampleTier } from '../api/sample-store.js';
import type { Store } from '../api/store.js';
import type { SeriesLimits } from '../samples/series-limits.js';

/** What a case may ask of the store it opens; adapters map it to their options. */
export interface ContractStoreOptions {
  readonly clock: () => number;
  readonly maxQueuedSpans?: number;
  readonly sampleLimits?: Partial<SeriesLimits>;
  readonly sampleTiers?: readonly SampleTier[];
}

/**
 * How an adapter takes part: opens a store over the data of one place, which is empty at first and keeps its data after
 * `close`. Each case has a place of its own.
 */
export type OpenContractStore = (place: string, options: ContractStoreOptions) => Promise<Store>;

/** One promise of the interface. */
export interface ContractCase {
  readonly name: string;
  run(context: ContractContext): Promise<void>;
}

/** What a case works with. */
export interface ContractContext {
  /** Opens the store of this case; a second call closes it and opens it anew over the same data. */
  open(options?: Partial<ContractStoreOptions>): Promise<Store>;
  /** The clock given to the store, in milliseconds since the epoch. */
  readonly clock: { nowMs: number };
}
