import { describe, it } from 'vitest';
import type { Store } from '../api/store.js';
import { derivationCases } from './derivation-cases.js';
import { filterCases } from './filter-cases.js';
import { maintenanceCases } from './maintenance-cases.js';
import { readingCases } from './reading-cases.js';
import { sqlCases } from './sql-cases.js';
import { statsCases } from './stats-cases.js';
import { writingCases } from './writing-cases.js';

/** What a case may ask of the store it opens; adapters map it to their options. */
export interface ContractStoreOptions {
  readonly clock: () => number;
  readonly maxQueuedSpans?: number;
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

const CASES = {
  writing: writingCases,
  derivation: derivationCases,
  reading: readingCases,
  filters: filterCases,
  statistics: statsCases,
  maintenance: maintenanceCases,
  'users’ SQL': sqlCases,
} as const;

/**
 * The behaviour every store adapter is held to, as vitest suites. An adapter's test calls it once.
 *
 * A case is left out only with a reason: `skips` maps the case's name to it, and the reason is printed. A name that is no
 * case is an error, so that a renamed case does not stay skipped.
 */
export function runStoreContract(
  name: string,
  openStore: OpenContractStore,
  skips: Readonly<Record<string, string>> = {},
): void {
  const known = new Set(Object.values(CASES).flatMap((cases) => cases.map((each) => each.name)));
  for (const skipped of Object.keys(skips)) {
    if (!known.has(skipped)) throw new Error(`There is no contract case ${JSON.stringify(skipped)} to skip.`);
  }
  let places = 0;
  describe(`${name} keeps the store contract`, () => {
    for (const [topic, cases] of Object.entries(CASES)) {
      describe(topic, () => {
        for (const { name: caseName, run } of cases) {
          const reason = skips[caseName];
          if (reason !== undefined) {
            it.skip(`${caseName} (skipped: ${reason})`);
            continue;
          }
          it(caseName, async () => {
            const place = `case-${++places}`;
            const clock = { nowMs: Date.UTC(2026, 2, 1, 12) };
            let store: Store | undefined;
            try {
              await run({
                clock,
                async open(options) {
                  await store?.close();
                  store = await openStore(place, { clock: () => clock.nowMs, ...options });
                  return store;
                },
              });
            } finally {
              await store?.close();
            }
          });
        }
      });
    }
  });
}
