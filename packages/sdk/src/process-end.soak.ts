import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildForChildren } from './testing/child.js';
import { POOL_ENDS, runPool } from './testing/pool.js';

let folder = '';
beforeAll(async () => {
  folder = await buildForChildren();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MEMBERS = 8;
const SPANS = 10_000;
const ROUNDS = 3;

test.each(Object.entries(POOL_ENDS))(`${MEMBERS} %s lose none of ${SPANS} spans each`, async (name, how) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { arrived, repeated, longestEndMs } = await runPool(folder, how, MEMBERS, SPANS);
    const load = (loadavg()[0] ?? 0).toFixed(1);
    process.stdout.write(
      `${name}: ${arrived} arrived, ${repeated} twice, longest end ${longestEndMs.toFixed()} ms, load ${load}\n`,
    );
    expect(arrived).toBe(MEMBERS * SPANS);
  }
});
