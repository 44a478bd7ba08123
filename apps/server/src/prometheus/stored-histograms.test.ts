import path from 'node:path';
import type { SampleReader } from '@vedetta/query';
import type { MemoryReader } from '@vedetta/query/testing';
import { parseJsonScript, readShared, runBlocks } from '@vedetta/query/testing';
import type { Store } from '@vedetta/store';
import { openDuckDbStore } from '@vedetta/store/duckdb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tempDir } from '../testing/test-server.js';

const script = readShared('promql-tests/promqltest.jsonl');
/** The samples of language tests are from 1970. */
const HUNDRED_YEARS_MS = 36_525 * 86_400_000;

describe.skipIf(script === undefined)('language tests with native histograms (skipped: no shared data)', () => {
  // Experimental ones ask for the times at which counters began, which are not stored.
  const blocks = parseJsonScript(script ?? '').filter(
    ({ experimental, steps }) => !experimental && steps.some((step) => step.kind === 'eval' && step.native),
  );
  let store: Store;

  beforeAll(async () => {
    const file = path.join(tempDir(), 'histograms.duckdb');
    store = await openDuckDbStore({ path: file, sampleRetentionMs: HUNDRED_YEARS_MS });
  });
  afterAll(() => store?.close());

  /** Puts what a block has loaded into the store before it is asked, and asks the store. */
  function storedReader(memory: MemoryReader): SampleReader {
    let stored: unknown;
    return {
      async select(matchers, range, limits, hints) {
        const all = memory.all();
        if (stored !== all) {
          await store.samples.deleteBefore(Date.now());
          expect(await store.samples.write(all)).toMatchObject({ kind: 'stored', rejected: {} });
          // To the table: what is asked was packed, stored and unpacked.
          await store.samples.checkpoint();
          stored = all;
        }
        return store.samples.select(matchers, range, limits, hints);
      },
    };
  }

  test('give the same over stored samples', { timeout: 60_000 }, async () => {
    expect(blocks.length).toBeGreaterThan(40);
    const outcomes = await runBlocks(blocks, storedReader);
    expect(outcomes.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(outcomes.length).toBeGreaterThan(600);
  });
});
