import { beforeEach, expect, test } from 'vitest';
import { reuse } from './reuse.js';

let now = 0;
let version = 0;
let calls = 0;
const read = (tookMs: number) =>
  reuse(
    async () => {
      calls += 1;
      await Promise.resolve();
      now += tookMs;
      return calls;
    },
    { maxAgeMs: 1000, version: () => version, now: () => now },
  );

beforeEach(() => {
  [now, version, calls] = [1_000_000, 0, 0];
});

test('an answer is used again while nothing changed, for a second', async () => {
  const ask = read(0);
  expect([await ask(), await ask()]).toEqual([1, 1]);
  now += 999;
  expect(await ask()).toBe(1);
  now += 1;
  expect(await ask()).toBe(2);
});

test('a quick answer is asked for anew as soon as something changed', async () => {
  const ask = read(0);
  await ask();
  version += 1;
  expect(await ask()).toBe(2);
});

test.each([
  [20, 200],
  [500, 1000],
])('one that takes %d ms is asked for anew after %d ms at the soonest', async (tookMs, againMs) => {
  const ask = read(tookMs);
  const startMs = now;
  await ask();
  version += 1;
  now = startMs + againMs - 1;
  expect(await ask()).toBe(1);
  now += 1;
  expect(await ask()).toBe(2);
});

test('callers at the same time share one call, also when something changes meanwhile', async () => {
  const ask = read(0);
  const first = ask();
  version += 1;
  expect(await Promise.all([first, ask(), ask()])).toEqual([1, 1, 1]);
});

test('a failed answer is not kept', async () => {
  let fails = true;
  const ask = reuse(
    async () => {
      if (fails) throw new Error('down');
      return 'up';
    },
    { maxAgeMs: 1000, version: () => 0, now: () => 0 },
  );
  await expect(ask()).rejects.toThrow('down');
  fails = false;
  expect(await ask()).toBe('up');
});
