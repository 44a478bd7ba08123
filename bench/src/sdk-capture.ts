import { createMonitor, memorySink } from '@vedetta/sdk';
import type { BenchResult } from './result.js';

const MAX_MS = 5;
const RUNS = 7;

/** How long a caller waits who attaches something enormous to an event: the first time, when nothing is known of the object. */
export async function run(): Promise<BenchResult[]> {
  const monitor = createMonitor({ sinks: [memorySink()], flushOnExit: false });
  const capture = (data: unknown) => {
    const startMs = performance.now();
    monitor.event('capture', data);
    return performance.now() - startMs;
  };
  for (let i = 0; i < 50; i += 1) capture(members(2_000));
  const results: BenchResult[] = [];
  for (const [name, make] of CASES) {
    const ms = median(Array.from({ length: RUNS }, () => capture(make())));
    results.push({ name, value: ms, unit: 'ms', aim: `at most ${MAX_MS}`, pass: ms <= MAX_MS });
  }
  for (const count of [10_000, 20_000, 50_000, 200_000, 1_000_000]) {
    const objects = Array.from({ length: RUNS }, () => members(count));
    const first = median(objects.map(capture));
    const again = median(objects.map(capture));
    const listing = median(Array.from({ length: RUNS }, () => list(members(count))));
    const name = `object of ${count.toLocaleString('en')} members`;
    results.push(
      {
        name: `${name}: first time`,
        value: first,
        unit: 'ms',
        ratioTo: { peer: 'listing alone', ratio: first / listing },
      },
      { name: `${name}: again`, value: again, unit: 'ms', aim: `at most ${MAX_MS}`, pass: again <= MAX_MS },
      { name: `${name}: Object.keys alone`, value: listing, unit: 'ms' },
    );
  }
  return results;
}

const CASES: readonly (readonly [string, () => unknown])[] = [
  ['text of 50,000,000 characters', () => Buffer.alloc(50_000_000, 'a').toString()],
  ['the same in parts, as += leaves it', () => 'a'.repeat(50_000_000)],
  ['text of 2,000,000 characters in parts', () => 'é'.repeat(2_000_000)],
  ['text of nothing but escapes', () => '"\u0000'.repeat(1_000_000)],
  ['string object of 50,000,000 characters', () => Object(Buffer.alloc(50_000_000, 'a').toString())],
  ['array of 1,000,000', () => Array.from({ length: 1_000_000 }, (_, i) => i)],
  ['array of 4,294,967,295 holes', () => new Array(4_294_967_295)],
  ['map of 1,000,000', () => new Map(Array.from({ length: 1_000_000 }, (_, i) => [i, i]))],
  ['set of 1,000,000', () => new Set(Array.from({ length: 1_000_000 }, (_, i) => i))],
  ['typed array of 40 MB', () => new Float64Array(5_000_000)],
  ['list of 100,000 objects', () => Array.from({ length: 100_000 }, (_, i) => ({ id: i, tags: ['a', 'b'] }))],
];

/** Members one by one, as caches are filled: V8 keeps such an object as a hash table. */
function members(count: number): object {
  const object: { [name: string]: number } = {};
  for (let i = 0; i < count; i += 1) object[`key${i}`] = i;
  return object;
}

function list(object: object): number {
  const startMs = performance.now();
  Object.keys(object);
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
