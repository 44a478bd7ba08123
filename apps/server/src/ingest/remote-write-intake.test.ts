import { MetricRegistry } from '@vedetta/metrics';
import type { NumberedRows, SampleWriteOutcome } from '@vedetta/store';
import { describe, expect, it } from 'vitest';
import { ExemplarStore } from '../prometheus/exemplars/exemplar-store.js';
import { createIngestCounters } from './ingest-counters.js';
import { PushedMetadataRegistry } from './pushed-metadata.js';
import { RemoteWriteIntake } from './remote-write-intake.js';

const NOW_MS = 1_700_000_000_000;
const MAX_BYTES = 1 << 24;
const stored = (count: number): SampleWriteOutcome => ({
  kind: 'stored',
  stored: count,
  duplicate: 0,
  histograms: 0,
  rejected: {},
  message: '',
});

/** An intake over a store that answers each part of a body as told. */
function createIntake(answer: (part: number, samples: number) => SampleWriteOutcome) {
  const parts: [from: number, to: number][] = [];
  const counters = createIngestCounters();
  const samples = {
    writeNumbered: async ({ series, ends }: NumberedRows, from = 0, to = series.length) => {
      parts.push([from, to]);
      return answer(parts.length - 1, (ends[to - 1] ?? 0) - (ends[from - 1] ?? 0));
    },
  };
  const intake = new RemoteWriteIntake({
    store: { samples },
    metrics: new MetricRegistry(),
    counters,
    pushedMetadata: new PushedMetadataRegistry(),
    exemplars: new ExemplarStore({ maxExemplars: 10, maxBytes: 10_000, now: () => NOW_MS }),
    log: { error: () => {} },
    now: () => NOW_MS,
  });
  return { intake, parts, counters };
}

const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) | 128, ...varint(value >> 7)]);
const field = (number: number, bytes: Uint8Array) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);

/** So many series of a sample each, in a snappy block of one literal. */
function bodyOf(series: number): Uint8Array {
  const label = (name: string) =>
    field(1, Buffer.concat([field(1, Buffer.from('__name__')), field(2, Buffer.from(name))]));
  const sample = field(2, Buffer.from([16, 1]));
  const all = Buffer.concat(
    Array.from({ length: series }, (_, i) => field(1, Buffer.concat([label(`m${i}`), sample]))),
  );
  const head = Buffer.alloc(4);
  head.writeUInt32LE(all.length - 1);
  return Buffer.concat([Buffer.from([...varint(all.length), 63 << 2]), head, all]);
}

async function take(intake: RemoteWriteIntake, series: number) {
  return intake.store(await intake.decode(bodyOf(series), '1.0', MAX_BYTES), '1.0');
}

describe('remote write', () => {
  it('of a usual request is stored at once, of a large one in parts that make up the whole', async () => {
    const { intake, parts } = createIntake((_, samples) => stored(samples));
    expect(await take(intake, 2000)).toMatchObject({ kind: 'stored', written: 2000, rejected: 0 });
    expect(parts.splice(0)).toEqual([[0, 2000]]);
    expect(await take(intake, 10_000)).toMatchObject({ kind: 'stored', written: 10_000, rejected: 0 });
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(([from]) => from)).toEqual([0, ...parts.slice(0, -1).map(([, to]) => to)]);
    expect(parts.at(-1)?.[1]).toBe(10_000);
  });

  it('is to be sent again when a part of it has no room', async () => {
    const { intake, counters } = createIntake((part, samples) =>
      part === 1 ? { kind: 'busy', retryAfterMs: 7 } : stored(samples),
    );
    expect(await take(intake, 10_000)).toEqual({ kind: 'busy', retryAfterMs: 7 });
    expect(counters.refusedBusy).toBe(1);
  });

  it('is to be sent again when the disk fails', async () => {
    const { intake, counters } = createIntake(() => ({ kind: 'failed', message: 'no' }));
    expect(await take(intake, 1)).toEqual({ kind: 'failed', message: 'no' });
    expect(counters.failedWrites).toBe(1);
  });

  it('adds up what was refused, with the first reason', async () => {
    const { intake } = createIntake((part, samples) => ({
      ...stored(samples - 3),
      rejected: { out_of_order: 1, series_limit: 2 },
      message: `part ${part}`,
    }));
    const outcome = await take(intake, 5000);
    expect(outcome).toMatchObject({ kind: 'stored', written: 5000 - 9, rejected: 9, reason: 'part 0' });
  });
});
