import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DURATION_COLUMNS, durationColumns, durationStats, LASTED_COLUMNS, lastedStats } from './aggregates.js';

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

const HOUR_NS = 3_600_000_000_000n;
const START_NS = 1_700_000_000_000_000_000n;

interface Row {
  readonly start: bigint;
  readonly end: bigint | undefined;
}

/** Numbers that look random and are the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function someRows(seed: number, count: number, lasted: (random: () => number) => bigint | undefined): Row[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const start = START_NS + BigInt(i) * 7_919_000_001n;
    const ns = lasted(random);
    return { start, end: ns === undefined ? undefined : start + ns };
  });
}

const upTo = (limitNs: number) => (random: () => number) => BigInt(Math.floor(random() * limitNs));

async function statsOf(rows: readonly Row[]) {
  await connection.run('CREATE OR REPLACE TABLE lasted (start_ns BIGINT, end_ns BIGINT, duration_ms DOUBLE)');
  const values = rows.map(
    ({ start, end }) => `(${start}, ${end ?? 'NULL'}, ${end === undefined ? 'NULL' : toMs(end - start)})`,
  );
  if (values.length > 0) await connection.run(`INSERT INTO lasted VALUES ${values.join(', ')}`);
  const reader = await connection.runAndReadAll(
    `SELECT ${durationColumns('duration_ms')}, ${LASTED_COLUMNS} FROM lasted`,
  );
  const row: readonly DuckDBValue[] = reader.getRows()[0]!;
  return { ofMilliseconds: durationStats(row, 0), ofTimes: lastedStats(row, DURATION_COLUMNS) };
}

function toMs(ns: bigint): number {
  return Number(ns) / 1e6;
}

/** Linear interpolation between the two nearest values, in milliseconds. */
function quantile(sorted: readonly bigint[], q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return (Number(below) + Number(above - below) * (at - Math.floor(at))) / 1e6;
}

describe('how long rows lasted', () => {
  it.each<readonly [string, Row[]]>([
    ['one row', someRows(1, 1, upTo(1e9))],
    ['two rows', someRows(2, 2, upTo(1e9))],
    ['rows of no length', someRows(3, 100, () => 0n)],
    ['many equal ones', someRows(4, 3000, (random) => BigInt(Math.floor(random() * 5)) * 1_000_000n)],
    ['odd nanoseconds', someRows(5, 5000, upTo(5e9))],
    ['running ones between', someRows(6, 5000, (random) => (random() < 0.4 ? undefined : upTo(3e10)(random)))],
    ['more than 35 minutes', someRows(7, 3000, upTo(4e12))],
    [
      'hours and microseconds',
      someRows(8, 3000, (random) => (random() < 0.5 ? upTo(1e4)(random) : 90n * HOUR_NS + upTo(1e13)(random))),
    ],
    [
      'starts before 1970',
      someRows(9, 500, upTo(1e9)).map(({ start, end }) => ({ start: -start, end: -start + (end! - start) })),
    ],
  ])('is what their milliseconds say, and what a recount gives: %s', async (_, rows) => {
    const { ofMilliseconds, ofTimes } = await statsOf(rows);
    const sorted = rows
      .flatMap(({ start, end }) => (end === undefined ? [] : [end - start]))
      .sort((a, b) => Number(a - b));
    expect(ofTimes).toEqual({ ...ofMilliseconds, meanMs: expect.closeTo(ofMilliseconds.meanMs!, 6) });
    expect(ofTimes.meanMs).toBe(toMs(sorted.reduce((a, b) => a + b, 0n)) / sorted.length);
    expect(ofTimes.p50Ms).toBeCloseTo(quantile(sorted, 0.5), 6);
    expect(ofTimes.p95Ms).toBeCloseTo(quantile(sorted, 0.95), 6);
    expect(ofTimes.p99Ms).toBeCloseTo(quantile(sorted, 0.99), 6);
    expect(ofTimes.maxMs).toBe(toMs(sorted.at(-1)!));
  });

  it.each<readonly [string, Row[]]>([
    ['no rows', []],
    ['running ones only', someRows(10, 20, () => undefined)],
  ])('says nothing of %s', async (_, rows) => {
    const { ofMilliseconds, ofTimes } = await statsOf(rows);
    expect(ofTimes).toEqual(ofMilliseconds);
    expect(ofTimes.p50Ms).toBeUndefined();
  });

  it('leaves out what lasted longer than 64 bits of nanoseconds hold', async () => {
    const rows = [...someRows(11, 9, () => 2_000_000n), { start: -(2n ** 62n), end: 2n ** 63n - 1n }];
    expect((await statsOf(rows)).ofTimes).toEqual({ meanMs: 2, p50Ms: 2, p95Ms: 2, p99Ms: 2, maxMs: 2 });
  });

  it('holds the longest that 64 bits of nanoseconds hold', async () => {
    const { ofTimes } = await statsOf([{ start: 0n, end: 2n ** 63n - 1n }]);
    expect(ofTimes.maxMs).toBe(toMs(2n ** 63n - 1n));
  });

  it('takes stated milliseconds past 64 bits of nanoseconds for no quantile', async () => {
    const reader = await connection.runAndReadAll(
      `SELECT ${durationColumns('ms')} FROM (VALUES (1), (3), (NULL), (1e13), ('inf'::DOUBLE)) stated(ms)`,
    );
    expect(durationStats(reader.getRows()[0]!, 0)).toMatchObject({
      p50Ms: 2,
      p99Ms: 2.98,
      maxMs: Number.POSITIVE_INFINITY,
    });
  });
});
