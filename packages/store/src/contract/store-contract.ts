import { describe, it } from 'vitest';
import type { Store } from '../api/store.js';
import type { OpenContractStore } from './contract-case.js';
import { derivationCases } from './derivation-cases.js';
import { filterCases } from './filter-cases.js';
import { llmCallCases } from './llm-call-cases.js';
import { maintenanceCases } from './maintenance-cases.js';
import { modelCases } from './model-cases.js';
import { readingCases } from './reading-cases.js';
import { recostCases } from './recost-cases.js';
import { sampleCases } from './sample-cases.js';
import { sortingCases } from './sorting-cases.js';
import { sqlCases } from './sql-cases.js';
import { statsCases } from './stats-cases.js';
import { writingCases } from './writing-cases.js';

const CASES = {
  writing: writingCases,
  derivation: derivationCases,
  reading: readingCases,
  sorting: sortingCases,
  'LLM calls': llmCallCases,
  models: modelCases,
  recosting: recostCases,
  filters: filterCases,
  statistics: statsCases,
  maintenance: maintenanceCases,
  samples: sampleCases,
  'users’ SQL': sqlCases,
} as const;

export type { ContractStoreOptions, OpenContractStore } from './contract-case.js';

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
